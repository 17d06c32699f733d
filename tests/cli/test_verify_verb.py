"""`harness verify` says of each exercise what held, names what did not, and ends with 1 then."""

import json
import os
import shutil

import pytest
from click.testing import CliRunner

from harness.cli import harness
from harness.course import proof
from harness.course.proof import Finding
from harness.errors import BadInput
from harness.places import CLONE

GOOD = [
    Finding("files", 0),
    Finding("shipped", 1, "exception", "exception"),
    Finding("solution", 1, "ok", "ok"),
    Finding("decoy:as_string", expected="rejected", seen="rejected", hint="which row?"),
]
BAD = [*GOOD, Finding("shipped", 4, "exception", "ok", problem="seed 4712: ok instead of exception")]


@pytest.fixture(autouse=True)
def course(workspace):
    for part in ("exercises", "solutions"):
        for name in ("01_three_of_four", "18_a_little_off"):
            shutil.copytree(CLONE / part / name, workspace / part / name)


def verify(monkeypatch, found, *arguments):
    asked = []

    def whole(exercise, started, runs, stuck, searched):
        asked.append((exercise.number, runs))
        os.write(1, b"an exercise prints\n")
        os.write(2, b"an engine logs\n")
        yield from found

    monkeypatch.setattr(proof, "whole", whole)
    done = CliRunner().invoke(harness, ["verify", *arguments], standalone_mode=False)
    if done.exception:
        raise done.exception
    return done.return_value, done.stdout, asked


def test_all_exercises_or_those_named_are_proven_with_the_runs_asked_for(monkeypatch):
    assert verify(monkeypatch, GOOD)[2] == [(1, 3), (18, 3)]
    assert verify(monkeypatch, GOOD, "18", "--runs", "5")[2] == [(18, 5)]
    with pytest.raises(BadInput, match="no exercise"):
        verify(monkeypatch, GOOD, "99")


def test_what_held_is_counted_and_the_status_is_0(monkeypatch):
    status, said, _ = verify(monkeypatch, GOOD, "1")
    assert status == 0
    assert "files 1/1  shipped 1/1  solution 1/1  decoy 1/1" in said
    assert "2 runs, macro-F1 1.000" in said


def test_what_did_not_hold_is_named_and_the_status_is_1(monkeypatch):
    status, said, _ = verify(monkeypatch, BAD, "1")
    assert status == 1
    assert "shipped 1/2" in said
    assert "shipped on 4 engine(s): seed 4712: ok instead of exception" in said
    exception, ok = 2 / 3, 2 / 3
    assert f"macro-F1 {(exception + ok) / 2:.3f}" in said


def test_for_programs_there_is_one_object_and_what_exercises_print_is_put_aside(monkeypatch, capfd):
    status, said, _ = verify(monkeypatch, BAD, "1", "--json")
    assert capfd.readouterr() == ("", "")
    told = json.loads(said)
    assert status == 1
    assert told["problems"] == 1
    assert [one["part"] for one in told["exercises"]["01_three_of_four"]] == [one.part for one in BAD]
    assert told["confusion"] == [["exception", "exception", 1], ["exception", "ok", 1], ["ok", "ok", 1]]
