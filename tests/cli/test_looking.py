"""`harness runs`, `show` and `logs`: what they print, how they refuse; and that the commands a verdict names work."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from harness import views
from harness.cluster import folders
from tests.golden import NAMES, copied


@pytest.mark.parametrize("name", NAMES)
def test_every_command_that_a_verdict_recommends_works(workspace, harness, name):
    run = copied(name, workspace)
    verdict = views.plain(views.verdict(run, workspace))
    commands = re.findall(r"harness (?:show|logs|timeline) \S+(?: --[a-z]+(?: \d+)?)*", verdict)
    assert len(commands) >= 2
    for command in commands:
        status, out, err = harness(*shlex.split(command)[1:])
        assert (status, err) == (0, ""), command
        assert out.strip(), command


def test_show_without_a_name_shows_the_latest(workspace, harness):
    for name in ("crash", "wrong"):
        copied(name, workspace)
    status, out, _ = harness("show")
    assert status == 0
    assert out.startswith("WRONG")


def test_show_json_is_one_object_with_the_outcome_and_the_folder(workspace, harness):
    run = copied("hang", workspace)
    status, out, err = harness("show", "--json")
    shown = json.loads(out)
    assert (status, err) == (0, "")
    assert shown["run"] == str(run.folder)
    kept = json.loads((run.folder / "outcome.json").read_text())
    assert {key: shown[key] for key in kept if key != "hangs"} == {key: kept[key] for key in kept if key != "hangs"}
    # what a later version of the harness tells of a hang is empty
    assert [{name: told[name] for name in hang} for told, hang in zip(shown["hangs"], kept["hangs"], strict=True)] == (
        kept["hangs"]
    )


def test_show_json_of_a_run_without_an_outcome_says_null(workspace, harness):
    copied("cut_off", workspace)
    assert json.loads(harness("show", "--json")[1])["outcome"] is None


def test_runs_lists_newest_first_and_marks_what_was_cut_off_or_cannot_be_read(workspace, harness):
    for name in NAMES:
        copied(name, workspace)
    broken = copied("wrong", workspace / "elsewhere").folder.rename(workspace / "runs" / "broken")
    (broken / "manifest.json").write_text("{")
    status, out, err = harness("runs")
    assert (status, err) == (0, "")
    outcomes = [re.split(r"\s{2,}", line)[3:4] or [line] for line in out.splitlines()[1:]]
    assert [one[0] for one in outcomes[:5]] == ["cut off", "wrong", "crash", "hang", "exception"]
    assert "unreadable" in out.splitlines()[-1]
    listed = json.loads(harness("runs", "--json")[1])["runs"]
    assert [one["outcome"] for one in listed] == ["cut off", "wrong", "crash", "hang", "exception", "unreadable"]
    assert all(one["call"] in out for one in listed)
    assert [one["took"] is None for one in listed] == [True, False, False, False, False, True]


def test_an_empty_workspace_is_said_with_what_to_do(harness):
    assert harness("runs")[:2] == (0, "No runs yet; `harness run 1` records one.\n")
    status, out, err = harness("show")
    assert (status, out) == (2, "")
    assert "harness run 1" in err


WRONG_CALLS = [
    ("show nope", "no run is called 'nope'"),
    ("show mine", "fits 2 runs"),
    ("show --traceback --task 99", "has no task 99; its tasks are 1 to 2"),
    ("show --events --engine 9", "has no engine 9; its engines are 0, 1"),
    ("show --task 1", "--task goes with --traceback, --events or --tasks"),
    ("show --json --events", "--json goes alone"),
    ("logs --engine 9", "has no engine 9"),
    ("logs --task 99", "has no task 99"),
    ("logs --level LOUD", "LOUD"),
    ("logs --last 0", "0 is not in the range"),
    ("logs --raw --level INFO", "--raw goes with --engine and --task only"),
    ("logs --raw --engine 9", "has no engine 9"),
    ("show broken", "not a readable run directory"),
    ("logs broken", "not a readable run directory"),
]


@pytest.mark.parametrize(("call", "said"), WRONG_CALLS)
def test_a_wrong_call_is_refused_in_one_line(workspace, harness, call, said):
    copied("crash", workspace)
    copied("wrong", workspace)
    (workspace / "runs" / "broken").mkdir()
    (workspace / "runs" / "broken" / "manifest.json").write_text("[]")
    status, out, err = harness(*call.split())
    assert (status, out) == (2, "")
    assert said.lower() in err.lower()
    assert err.count("\n") == 1


def test_logs_are_printed_engine_after_engine_or_merged_filtered_and_last(workspace, harness):
    copied("exception", workspace)
    heads = re.compile(r"^(\S+ \S+)Z \| engine (\d) \| task (\d)", re.M)
    one_by_one = heads.findall(harness("logs")[1])
    merged = heads.findall(harness("logs", "--merge")[1])
    assert [engine for _, engine, _ in one_by_one] == sorted(engine for _, engine, _ in one_by_one)
    assert [time for time, *_ in merged] == sorted(time for time, *_ in merged)
    assert sorted(merged) == sorted(one_by_one)
    assert {task for *_, task in heads.findall(harness("logs", "--task", "4")[1])} == {"4"}
    assert len(heads.findall(harness("logs", "--last", "3")[1])) == 3
    assert "    nothing to measure" in harness("logs", "--level", "warning")[1]
    assert " INFO " not in harness("logs", "--level", "warning")[1]
    status, out, err = harness("logs", "--task", "1", "--level", "critical")
    assert (status, out, err) == (0, "", "no record fits\n")


def test_raw_output_is_printed_with_last_words(workspace, harness):
    run = copied("crash", workspace)
    died = run.outcome.deaths[0].engine
    assert "Fatal Python error" in harness("logs", "--raw", "--engine", str(died))[1]
    assert harness("logs", "--raw")[1].count("== engine") == 2


def test_tasks_are_a_table_with_what_each_cost_and_how_it_was_answered(workspace, harness):
    run = copied("exception", workspace)
    lines = harness("show", "--tasks")[1].splitlines()
    rows = [line.split() for line in lines if line[:4].strip().isdigit()]
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5"]
    assert [row[-1] for row in rows].count("error") == len(run.outcome.failures) > 0
    assert all(len(line) <= 80 for line in lines)
    assert len(harness("show", "--tasks", "--task", "4")[1].splitlines()) == len(lines) - 4


def test_the_output_of_a_task_of_an_older_run_is_not_known(workspace, harness):
    copied("exception", workspace)
    assert harness("logs", "--raw", "--task", "1")[:2] == (0, "")


def test_following_a_run_that_is_over_ends_by_itself(workspace, harness):
    copied("wrong", workspace)
    status, out, _ = harness("logs", "--follow")
    assert status == 0
    assert out.count("task ends") == 2


def recorded_by(pid: int, workspace: Path) -> None:
    """Make the cut-off run one that this process records."""
    manifest = copied("cut_off", workspace).folder / "manifest.json"
    host, process = socket.gethostname(), folders.identify(pid)
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "host": host, "process": process}))


def test_following_a_run_that_was_cut_off_ends_and_says_so(workspace, harness):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as recorder:
        recorded_by(recorder.pid, workspace)
        recorder.kill()
    status, out, err = harness("logs", "--follow")
    assert (status, "task begins" in out) == (0, True)
    assert err == "the run was cut off: nobody is recording it any more\n"


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "harness", *arguments]


def test_following_ends_on_ctrl_c_without_a_traceback(workspace):
    recorded_by(os.getpid(), workspace)
    following = subprocess.Popen(
        command("logs", "--follow"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ}
    )
    try:
        assert following.stdout is not None
        assert "task begins" in following.stdout.readline()
        following.send_signal(signal.SIGINT)
        _, err = following.communicate(timeout=20)
    finally:
        following.kill()
    assert following.returncode == 0
    assert err == "stopped following; the run goes on\n"


def test_what_the_terminals_encoding_lacks_is_shown_as_its_escape(workspace):
    copied("exception", workspace)
    environment = {**os.environ, "PYTHONIOENCODING": "iso8859-5"}
    done = subprocess.run(command("show"), capture_output=True, text=True, timeout=60, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 \\xd7 AttributeError" in done.stdout


def test_a_reader_that_has_enough_gets_no_traceback(workspace):
    run = copied("exception", workspace)
    log = run.folder / "engine-0.log"
    log.write_text(log.read_text() * 2000)
    shell = f"{shlex.join(command('logs'))} | head -1"
    done = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, timeout=60)
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("limits", "left"), [(["--keep", "1"], 1), (["--older", "0m"], 0), (["--size", "1GB"], 2), (["--keep", "0"], 0)]
)
def test_prune_deletes_what_it_is_told_and_says_it(workspace, harness, limits, left):
    for name in ("crash", "wrong"):
        copied(name, workspace)
    status, would, _ = harness("runs", "prune", *limits, "--dry-run")
    assert (status, len(list((workspace / "runs").iterdir()))) == (0, 2)
    status, did, err = harness("runs", "prune", *limits)
    assert (status, err) == (0, "")
    assert did == would.replace("would be deleted", "deleted")
    assert did.splitlines()[-1].startswith(f"{2 - left} run")
    assert len(list((workspace / "runs").iterdir())) == left


@pytest.mark.parametrize("wrong", [[], ["--older", "soon"], ["--size", "big"], ["--size", "5"], ["--keep", "-1"]])
def test_prune_refuses_what_it_does_not_understand(workspace, harness, wrong):
    copied("crash", workspace)
    status, _, err = harness("runs", "prune", *wrong)
    assert status == 2
    assert len(err.strip().splitlines()) == 1
    assert len(list((workspace / "runs").iterdir())) == 1
