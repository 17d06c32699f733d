"""`harness debug`: pdb's commands on live frames of an engine, and what is left of them in the record."""

import io
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.apps.debugger import LiveFrames, Prompt, RecordedFrames, frames_of
from harness.cli import main
from harness.errors import BadInput
from harness.recorder import Target
from harness.triage import execute
from tests.golden import copied, golden
from tests.programs import HERE


@pytest.fixture
def failed(cluster, tmp_path: Path):
    """A run in which task 2 of 3 failed, of a file that may be edited."""
    file = tmp_path / "trouble.py"
    shutil.copy(HERE / "trouble.py", file)
    return execute(Target(file, "trouble"), cluster, tmp_path / "runs", arguments=("nobody_asks",))


@pytest.fixture
def live(failed, cluster):
    with cluster.client() as client:
        yield frames_of(failed, 2, client)


def test_expressions_are_evaluated_in_the_frame_that_failed(live):
    assert isinstance(live, LiveFrames)
    assert live.do("p number + 41") == "41\n"
    assert live.do("whatis number") == "<class 'int'>\n"
    assert "return 1 / number" in live.do("l")
    assert "ZeroDivisionError" in live.do("p 1 / number")
    assert live.names("num") == ["number"]
    assert live.names("number.bit_l") == ["number.bit_length"]
    assert live.names("nothing.at.all") == []


def test_one_can_go_up_and_down_from_ones_own_first_frame_on(cluster, tmp_path):
    file = tmp_path / "deeper.py"
    file.write_text(
        "def invert(number):\n    return 1 / number\n\ndef share(number):\n    return invert(number) * 2\n\n"
        "def main(view):\n    view.map_async(share, [0]).wait()\n"
    )
    run = execute(Target(file, "deeper"), cluster, tmp_path / "runs")
    with cluster.client() as client:
        live = frames_of(run, 1, client)
        assert [line.partition("(")[2] for line in live.do("w").splitlines()[::2]] == ["5)share()", "2)invert()"]
        assert "invert()" in live.do("")
        assert "share()" in live.do("u")
        assert "Oldest frame" in live.do("u")
        assert "invert()" in live.do("d")
        assert "Newest frame" in live.do("d")


@pytest.mark.parametrize("command", ["c", "n", "s", "r", "continue", "jump 1", "b 3", "interact", "q", "debug f()"])
def test_what_would_go_on_is_refused_with_the_reason(live, command):
    assert live.do(command).startswith(f"*** {command.split()[0]}: the task has ended")
    assert live.do("p number") == "0\n"


def test_the_source_is_the_one_that_failed_even_if_it_is_edited_since(live, failed):
    file = Path(failed.manifest.file)
    file.write_text("# all new\n" + file.read_text().replace("return 1 / number", "return 1"))
    assert "return 1 / number" in live.do("l")


def test_a_later_run_keeps_earlier_failures_apart(failed, cluster, tmp_path):
    other = execute(Target(HERE / "trouble.py", "trouble"), cluster, tmp_path / "runs", arguments=("nobody_asks",))
    with cluster.client() as client:
        one, two = frames_of(failed, 2, client), frames_of(other, 2, client)
        assert (one.do("p number"), two.do("p number")) == ("0\n", "0\n")


def test_without_the_engine_there_are_the_recorded_frames_and_it_says_so(failed, cluster):
    failures = failed.outcome.failures
    cluster.replace(failures[0].engine)
    with cluster.client() as client:
        frames = frames_of(failed, 2, client)
    assert isinstance(frames, RecordedFrames)
    assert frames.origin.startswith("recorded frames")
    assert frames.do("p number") == "0\n"
    assert "was not recorded, and nothing can be evaluated" in frames.do("p number + 1")
    assert "return 1 / number" in frames.do("l")


@given(st.text(max_size=40))
def test_no_line_breaks_the_prompt_over_recorded_frames(line: str):
    run = golden("exception")
    frames = frames_of(run, run.outcome.failures[0].task, None)
    assert isinstance(frames.do(line), str)


def test_control_characters_from_a_task_stay_visible_characters():
    class Hostile:
        origin = "hostile"

        def do(self, line: str) -> str:
            return "\x1b[2J\x1b]0;title\x07\n"

        def names(self, beginning: str) -> list[str]:
            return []

    prompt = Prompt(Hostile())
    prompt.stdout = io.StringIO()
    prompt.onecmd("p x")
    assert "\x1b" not in prompt.intro + prompt.stdout.getvalue()


def test_a_task_that_did_not_fail_is_one_line(failed):
    with pytest.raises(BadInput, match=r"task 1 of .* has no recorded exception"):
        frames_of(failed, 1, None)


def test_the_command_takes_commands_for_scripts(workspace, capsys):
    copied("exception", workspace)
    for arguments, expected in ((["--command", "w", "--command", "p nothing"], 0), ([], 2), (["a", "b", "c"], 2)):
        with pytest.raises(SystemExit) as ended:
            main(["debug", *arguments])
        assert ended.value.code == expected
    said = capsys.readouterr()
    assert "-> " in said.out
    assert "was not recorded" in said.out
    assert "needs a terminal" in said.err


def test_a_run_after_an_edit_shows_the_lines_as_they_are_now(failed, cluster, tmp_path):
    file = Path(failed.manifest.file)
    file.write_text("# edited\n" + file.read_text().replace("return 1 / number", "return 2 / number"))
    later = execute(Target(file, "trouble"), cluster, tmp_path / "runs", arguments=("nobody_asks",))
    traceback = later.traceback(later.outcome.failures[0].traceback)
    assert traceback.frames[-1].source == "return 2 / number"
