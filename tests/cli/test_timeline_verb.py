"""`harness timeline`: the terminal by default, files where asked for, nothing overwritten."""

import errno
import json

import pytest

from harness.cli.new_files import write_new
from harness.errors import CannotWork
from tests.golden import copied

FILES = ("--png", "--html", "--trace")


def test_the_terminal_shows_what_show_timeline_shows(workspace, harness):
    copied("crash", workspace)
    status, out, err = harness("timeline")
    assert (status, err) == (0, "")
    assert "X engine died" in out
    assert harness("show", "--timeline")[1] == out


def test_each_file_that_is_asked_for_is_written_and_said(workspace, harness):
    run = copied("exception", workspace)
    names = {option: str(workspace / f"run.{option.strip('-')}") for option in FILES}
    status, out, err = harness("timeline", run.name, *(word for pair in names.items() for word in pair))
    assert (status, err) == (0, "")
    assert [line.partition(": ")[0] for line in out.splitlines()] == list(names.values())
    assert (workspace / "run.png").read_bytes().startswith(b"\x89PNG")
    assert (workspace / "run.html").read_text().startswith("<!DOCTYPE html>")
    assert json.loads((workspace / "run.trace").read_text())["traceEvents"]


def test_json_is_one_object_that_names_the_files_written_with_it(workspace, harness):
    run = copied("hang", workspace)
    trace = str(workspace / "trace.json")
    status, out, err = harness("timeline", run.name, "--json", "--trace", trace)
    assert (status, err) == (0, "")
    told = json.loads(out)
    assert (told["outcome"], told["files"]) == ("hang", {"trace": trace})
    assert [(task["task"], task["status"]) for task in told["tasks"]] == [(1, "failed"), (2, "failed")]
    assert "deadline" in {mark["kind"] for mark in told["marks"]}


@pytest.mark.parametrize("option", FILES)
def test_a_file_that_exists_is_not_overwritten_and_no_other_is_written_either(workspace, harness, option):
    copied("wrong", workspace)
    there, other = workspace / "there", workspace / "other"
    there.write_text("mine")
    rest = [word for one in FILES if one != option for word in (one, str(other) + one)]
    status, out, err = harness("timeline", option, str(there), *rest)
    assert (status, out) == (2, "")
    assert err == f"harness: {there} exists already; name another file with {option}\n"
    assert there.read_text() == "mine"
    assert not list(workspace.glob("other*"))


def test_a_link_to_nowhere_is_a_file_that_exists(workspace, harness):
    copied("wrong", workspace)
    (workspace / "link").symlink_to(workspace / "nowhere")
    assert harness("timeline", "--trace", str(workspace / "link"))[0] == 2
    assert not (workspace / "nowhere").exists()


def test_one_file_for_two_kinds_and_a_place_that_is_not_there_are_refused(workspace, harness):
    copied("wrong", workspace)
    same = str(workspace / "same")
    status, _, err = harness("timeline", "--png", same, "--html", same)
    assert (status, err) == (2, f"harness: {same} is named twice; name a file for each\n")
    status, _, err = harness("timeline", "--trace", str(workspace / "none" / "run.json"))
    assert status == 3
    assert "name another place with --trace" in err
    assert len(err.splitlines()) == 1


def test_a_file_that_could_not_be_written_whole_is_not_left(tmp_path):
    def half():
        yield b"half"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(CannotWork, match="No space left"):
        write_new(tmp_path / "run.json", "--trace", half())
    assert not (tmp_path / "run.json").exists()
