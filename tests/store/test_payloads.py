"""What tasks were sent is kept once, readable by its owner only, and given back only if signed."""

import hmac
import json
import os
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import BadInput
from harness.store import payloads

KEY = b"k" * 32


def fresh_run(tmp_path_factory):
    run = tmp_path_factory.mktemp("run")
    (run / "payloads").mkdir()
    return run


def keep(run, task, parts):
    keeper = payloads.Keeper(run, KEY)
    keeper.write(keeper.keep(task, parts))


@given(parts=st.lists(st.binary(max_size=200), max_size=6))
def test_what_was_kept_is_given_back(tmp_path_factory, parts):
    run = fresh_run(tmp_path_factory)
    keep(run, 3, parts)
    assert payloads.load(run, 3, KEY) == parts


@settings(max_examples=20)
@given(tasks=st.integers(1, 8), engines=st.integers(1, 4))
def test_repeated_is_what_went_out_more_often_than_there_are_engines(tmp_path_factory, tasks, engines):
    keeper = payloads.Keeper(fresh_run(tmp_path_factory), KEY)
    lexicon = b"x" * payloads.INLINE
    for task in range(tasks):
        keeper.keep(task, [b"small, and the same", lexicon, str(task).encode() * payloads.INLINE])
    assert keeper.repeated(engines) == len(lexicon) * max(0, tasks - engines)


def test_what_is_too_large_to_be_kept_counts_as_repeated_all_the_same(tmp_path_factory):
    keeper = payloads.Keeper(fresh_run(tmp_path_factory), KEY)
    too_large = b"y" * (payloads.CAP + 1)
    for task in range(3):
        keeper.keep(task, [too_large])
    assert keeper.repeated(2) == len(too_large)


def test_equal_parts_are_kept_once_and_for_the_owner_only(tmp_path_factory):
    run = fresh_run(tmp_path_factory)
    keeper = payloads.Keeper(run, KEY)
    large, function, small = b"x" * (payloads.INLINE + 1), b"the same function" * 10, b"a flag"
    for task in range(1, 10):
        keeper.write(keeper.keep(task, [function, large, small, str(task).encode()]))
    keeper.close()
    files = list((run / "payloads").iterdir())
    assert len(files) == 1 + 2
    assert [payloads.load(run, task, KEY) for task in (1, 9)] == [
        [function, large, small, b"1"],
        [function, large, small, b"9"],
    ]
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)


def test_another_key_a_changed_part_and_a_moved_run_are_refused(tmp_path_factory):
    run = fresh_run(tmp_path_factory)
    keep(run, 1, [b"original", b"x" * 5000])
    with pytest.raises(BadInput, match="not written and signed"):
        payloads.load(run, 1, b"x" * 32)
    renamed = run.rename(run.with_name("elsewhere"))
    with pytest.raises(BadInput, match="not written and signed"):
        payloads.load(renamed, 1, KEY)
    run = renamed.rename(run)
    part = next(file for file in (run / "payloads").iterdir() if not file.name.startswith("task"))
    part.write_bytes(b"evil")
    with pytest.raises(BadInput, match="was changed"):
        payloads.load(run, 1, KEY)
    keep(run, 2, [b"original"])
    lines = run / "payloads" / "tasks.jsonl"
    assert payloads.load(run, 2, KEY) == [b"original"]
    lines.write_text(lines.read_text().replace("b3JpZ2luYWw=", "ZXZpbCEhIQ=="))
    with pytest.raises(BadInput, match="was changed"):
        payloads.load(run, 2, KEY)


@pytest.mark.parametrize(
    "forged",
    [{"signature": "\u00e9"}, {"signature": "\ud800"}, {"signature": None}, {"parts": 7}, {"parts": ['a", "b']}],
    ids=str,
)
def test_a_line_that_somebody_made_up_is_refused_whatever_is_in_it(tmp_path_factory, forged):
    run = fresh_run(tmp_path_factory)
    line = {"task": 1, "bytes": 1, "parts": ["0" * 64], "signature": "0" * 64, "inline": {}, **forged}
    (run / "payloads" / "tasks.jsonl").write_text(json.dumps(line) + "\n")
    with pytest.raises(BadInput, match="not written and signed"):
        payloads.load(run, 1, KEY)


@given(parts=st.lists(st.binary(max_size=20), max_size=3), task=st.integers(1, 10**9))
def test_what_is_signed_is_json(tmp_path_factory, parts, task):
    run = fresh_run(tmp_path_factory)
    keep(run, task, parts)
    (line,) = payloads.listed(run)
    signed = json.dumps([run.name, task, line["parts"]]).encode()
    assert line["signature"] == hmac.new(KEY, signed, "sha256").hexdigest()


def test_over_the_cap_only_the_size_is_kept(tmp_path_factory, monkeypatch):
    monkeypatch.setattr(payloads, "CAP", 10)
    run = fresh_run(tmp_path_factory)
    keep(run, 1, [b"x" * 11])
    with pytest.raises(BadInput, match="was not kept"):
        payloads.load(run, 1, KEY)
    assert [file.name for file in (run / "payloads").iterdir()] == ["tasks.jsonl"]


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    file = tmp_path / "deep" / "key"
    first = payloads.signing_key(file)
    assert payloads.signing_key(file) == first
    assert len(first) == 32
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
