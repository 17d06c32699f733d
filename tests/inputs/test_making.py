"""`harness data make` writes whole tables, says what it did, and keeps what it did not make."""

import csv
import json
import os
import subprocess
import sys

import pytest

from harness.cli import main
from harness.errors import CannotWork
from harness.inputs import made, making, tables
from harness.inputs.schema import COMPANIES

NAMES = {f"{company}.csv" for company in COMPANIES} | {".made"}


def harness(*arguments: object) -> int:
    """Run one command in this process; its exit status."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return ended.value.code


def names(folder) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_same_seed_gives_the_same_bytes_whatever_the_hash_secret(tmp_path):
    for secret in ("1", "2"):
        subprocess.run(
            [
                sys.executable,
                "-m",
                "harness",
                "data",
                "make",
                "--rows",
                "150",
                "--seed",
                "7",
                "--out",
                tmp_path / secret,
            ],
            env=os.environ | {"PYTHONHASHSEED": secret},
            check=True,
            timeout=60,
            stdout=subprocess.DEVNULL,
        )
    assert names(tmp_path / "1") == NAMES
    for name in NAMES:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


def test_the_marker_says_what_was_made(tmp_path, capsys):
    assert harness("data", "make", "--rows", 60, "--seed", 3, "--out", tmp_path) == 0
    marker = json.loads((tmp_path / ".made").read_text())
    assert {key: marker[key] for key in ("rows", "seed", "texts", "version")} == {
        "rows": 60,
        "seed": 3,
        "texts": "made",
        "version": made.VERSION,
    }
    said = capsys.readouterr().out
    for company in COMPANIES:
        assert marker["sha256"][company] == tables.digest((tmp_path / f"{company}.csv").read_bytes())
        assert f"{company}: 60 tweets" in said


def test_a_table_that_was_not_made_is_kept_under_a_name_that_is_told(tmp_path, capsys):
    harness("data", "make", "--rows", 20, "--out", tmp_path)
    (tmp_path / "msft.csv").write_bytes(b"mine, for a year\n")
    capsys.readouterr()
    assert harness("data", "make", "--rows", 20, "--out", tmp_path) == 0
    (copy,) = tmp_path.glob("msft.*.bak.csv")
    assert copy.read_bytes() == b"mine, for a year\n"
    assert str(copy) in capsys.readouterr().out
    assert names(tmp_path) == NAMES | {copy.name}


def test_made_tables_are_replaced_without_copies(tmp_path):
    for seed in (1, 2):
        harness("data", "make", "--rows", 20, "--seed", seed, "--out", tmp_path)
    assert names(tmp_path) == NAMES
    assert (tmp_path / "amzn.csv").read_bytes() == tables.as_csv(made.table("amzn", 20, 2))


def test_an_interrupted_make_is_repeated_without_copies(tmp_path):
    writing = making.make_tables(tmp_path, rows=20, seed=1)
    next(writing)
    writing.close()
    assert names(tmp_path) == {"amzn.csv"}
    list(making.make_tables(tmp_path, rows=20, seed=1))
    assert names(tmp_path) == NAMES


@pytest.mark.parametrize("damaged", ["", "{", "[]", "{}", '{"sha256": 1}', "\udcff"])
def test_a_damaged_marker_counts_as_none(tmp_path, damaged):
    (tmp_path / ".made").write_text(damaged, encoding="utf-8", errors="surrogateescape")
    (tmp_path / "amzn.csv").write_bytes(b"mine\n")
    list(making.make_tables(tmp_path, rows=5, seed=1))
    assert [copy.read_bytes() for copy in tmp_path.glob("*.bak.csv")] == [b"mine\n"]


@pytest.mark.parametrize("arguments", [["--rows", "0"], ["--rows", "many"], ["--seed", "x"], ["--texts", "poems"]])
def test_a_wrong_option_is_one_line(arguments, tmp_path, capsys):
    assert harness("data", "make", *arguments, "--out", tmp_path / "new") == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not (tmp_path / "new").exists()


def test_a_file_in_the_place_of_the_folder_is_one_line(tmp_path, capsys):
    (tmp_path / "file").write_text("here before")
    assert harness("data", "make", "--rows", 5, "--out", tmp_path / "file") == 2
    assert harness("data", "make", "--rows", 5, "--out", tmp_path / "file" / "below") == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert (tmp_path / "file").read_text() == "here before"


def test_a_full_disk_leaves_the_old_table_whole(tmp_path):
    """A limit on the size of files stands in for the disk: writing fails in the same place, with another errno."""
    resource = pytest.importorskip("resource", reason="limits on files need POSIX")
    old = tables.as_csv(made.table("amzn", 5, 1))
    (tmp_path / "amzn.csv").write_bytes(old)
    program = (
        "import resource, signal, sys; from pathlib import Path; from harness.inputs import tables\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))\n"
        "tables.put(Path(sys.argv[1]), b'x' * 100_000)"
    )
    assert resource.RLIMIT_FSIZE is not None
    ended = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "amzn.csv"], capture_output=True, text=True, timeout=60, check=False
    )
    assert "CannotWork" in ended.stderr
    assert "unchanged" in ended.stderr
    assert (tmp_path / "amzn.csv").read_bytes() == old
    assert names(tmp_path) == {"amzn.csv"}


def test_people_s_texts_fill_the_same_tables_each_before_any_comes_again(tmp_path):
    texts = [f"text {number}" for number in range(40)]
    done = list(making.make_tables(tmp_path, rows=100, seed=1, human_texts=texts))
    assert [table.rows for table in done] == [100] * 4
    with (tmp_path / "nflx.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    own = [line["Tweet content"] for line in reversed(lines) if line["Is a RT"] == "False"]
    assert sorted(own[:40]) == sorted(texts)
    assert set(own) == set(texts)
    assert {line["Tweet language (ISO 639-1)"] for line in lines} == {"en"}
    assert json.loads((tmp_path / ".made").read_text())["texts"] == "real"


def test_real_texts_come_from_the_rated_tweets(tmp_path, capsys):
    from harness.inputs import rated

    try:
        known = set(rated.tweets()["text"])
    except CannotWork as unreachable:
        pytest.skip(str(unreachable))
    assert harness("data", "make", "--texts", "real", "--rows", 400, "--out", tmp_path) == 0
    assert "400 tweets" in capsys.readouterr().out
    with (tmp_path / "googl.csv").open(encoding="utf-8", newline="") as file:
        own = [line["Tweet content"] for line in csv.DictReader(file) if line["Is a RT"] == "False"]
    assert set(own) <= known
    assert len(set(own)) > 0.9 * len(own)
