"""The file of an engine's log: rotating at a limit with and without loguru, the same lines either way."""

import re

import pytest

from harness.engine import logfile
from harness.engine.logfile import KEPT, LogFile

LINE = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z \| engine 3 \| task 7 amzn \| ([\w ]+) \| here:there:1 \| (.*)"
)


@pytest.fixture(params=["loguru", "plain"])
def kind(request, monkeypatch):
    if request.param == "plain":
        monkeypatch.setattr(logfile, "FileSink", None)
    return LogFile


def test_lines_are_the_same_whichever_library_writes_them(kind, tmp_path):
    log = kind(tmp_path / "engine-3.log", 3, logfile.ROTATION)
    for level in ("INFO", 30, "WARNING"):
        log.write(level, "7 amzn", "here:there:1", "text with {braces}")
    log.close()
    lines = (tmp_path / "engine-3.log").read_text().splitlines()
    assert [LINE.fullmatch(line)[2] for line in lines] == ["text with {braces}"] * 3
    assert LINE.fullmatch(lines[0])[1] == "INFO"
    assert LINE.fullmatch(lines[2])[1] == "WARNING"


def test_the_file_rotates_at_its_limit_and_the_oldest_go_first(kind, tmp_path):
    log = kind(tmp_path / "engine-3.log", 3, 2000)
    for number in range(200):
        log.write("INFO", "7 amzn", "here:there:1", f"record {number}")
    log.close()
    files = sorted(tmp_path.glob("engine-3*.log"))
    assert len(files) == KEPT + 1
    assert all(file.stat().st_size < 2300 for file in files)
    aside = [file for file in files if file.name != "engine-3.log"]
    text = "".join(file.read_text() for file in [*aside, tmp_path / "engine-3.log"])
    numbers = [int(number) for number in re.findall(r"record (\d+)", text)]
    assert numbers == list(range(numbers[0], 200)), "what is kept is the last, in order"


def test_a_file_that_a_task_closed_is_opened_again(kind, tmp_path):
    log = kind(tmp_path / "engine-3.log", 3)
    log.write("INFO", "7 amzn", "here:there:1", "before")
    log._sink._file.close()
    log.write("INFO", "7 amzn", "here:there:1", "after")
    log.close()
    assert [line.rpartition("| ")[2] for line in (tmp_path / "engine-3.log").read_text().splitlines()] == [
        "before",
        "after",
    ]
