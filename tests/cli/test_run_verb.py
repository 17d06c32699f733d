"""`harness run`: files and exercises run on engines and judged; what is wrong with a call is said in one line."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from harness import cluster as clusters
from harness import places
from harness.store import Run, all_runs

PROGRAM = '''
"""A program of the user's."""


def half(n, of=2):
    return n / of


def main(view):
    return view.map_sync(half, [2, 4])


def sequential():
    return [half(n) for n in [2, 4]]
'''


@pytest.fixture(scope="module")
def warm(tmp_path_factory) -> Path:
    """A workspace whose warm cluster is up with 2 engines."""
    workspace = tmp_path_factory.mktemp("workspace")
    running = clusters.start_warm(2, workspace=workspace)
    running.close()
    yield workspace
    clusters.stop_warm(workspace)


@pytest.fixture
def here(warm, monkeypatch) -> Path:
    """The warm workspace, with a program in it, as the current folder."""
    monkeypatch.setenv("HARNESS_WORKSPACE", str(warm))
    monkeypatch.chdir(warm)
    (warm / "program.py").write_text(PROGRAM)
    return warm


def newest(workspace: Path):
    return max(all_runs(workspace / "runs"), key=lambda run: run.manifest.started)


def test_a_file_is_run_on_the_warm_cluster_and_its_verdict_shown_with_the_folder(here, harness):
    with clusters.warm(here) as running:
        before = {engine.pid for engine in running.engines.values()}
    status, out, err = harness("run", "program.py")
    assert (status, err) == (0, "")
    run = newest(here)
    assert out.startswith("OK")
    assert "[1.0, 2.0]" in out
    assert f"runs/{run.name}" in out
    assert {event.data["pid"] for event in run.of_kind("engine-ready")} == before


def test_a_failing_run_exits_1_and_names_the_place(here, harness):
    (here / "program.py").write_text(PROGRAM.replace("[2, 4]", "[2, None]"))
    status, out, _ = harness("run", "program.py")
    assert status == 1
    assert out.startswith("EXCEPTION")
    assert "program.py:6 in half" in out
    assert "n = None" in out


def test_a_failure_in_main_itself_is_shown_with_its_line_and_values(here, harness):
    (here / "program.py").write_text("def main(view):\n    parts = []\n    return parts[0]\n")
    status, out, _ = harness("run", "program.py")
    assert status == 1
    assert "> 3 | return parts[0]" in out
    assert "parts = []" in out


def test_what_the_program_prints_is_not_in_the_json(here, harness):
    (here / "chatty.py").write_text("def main(view):\n    print('hello')\n    return view.apply_sync(len, 'abc')\n")
    status, out, err = harness("run", "chatty.py", "--json")
    assert (status, json.loads(out)["outcome"]) == (0, "ok")
    assert "hello" in err


def test_json_is_the_outcome_and_the_folder_and_nothing_else(here, harness):
    status, out, err = harness("run", "program.py", "--json")
    shown = json.loads(out)
    assert (status, err) == (0, "")
    assert shown.pop("run") == str(newest(here).folder)
    assert shown == json.loads((newest(here).folder / "outcome.json").read_text())


def test_a_reference_decides_whether_the_result_is_right(here, harness):
    assert harness("run", "program.py", "--reference", "program.py:sequential")[0] == 0
    (here / "other.py").write_text("def reference():\n    return [1.0, 3.0]\n")
    status, out, _ = harness("run", "program.py", "--reference", "other.py:reference")
    assert status == 1
    assert "result[1] is 2.0, the reference says 3.0" in " ".join(out.split())


def test_a_reference_that_fails_leaves_the_outcome_unknown(here, harness):
    (here / "other.py").write_text("def reference():\n    return 1 / 0\n")
    status, out, _ = harness("run", "program.py", "--reference", "other.py:reference")
    assert status == 1
    assert out.startswith("UNKNOWN")
    assert "ZeroDivisionError" in out


def test_a_function_runs_once_for_each_item_in_order(here, harness):
    (here / "items.jsonl").write_text('8\n\n[9, 3]\n{"n": 10, "of": 5}\n')
    status, out, _ = harness("run", "program.py:half", "--over", "items.jsonl", "--json")
    assert status == 0
    assert json.loads(out)["result"] == "[4.0, 3.0, 2.0]"
    assert json.loads(out)["counters"]["tasks"] == 3
    status, _, _ = harness("run", "program.py:half", "--over", "items.jsonl", "--reference", "program.py:half")
    assert status == 0


def test_what_costs_more_than_it_may_is_slow_and_says_by_how_much(here, harness):
    limits = ("--most", "tasks=1", "--least", "busy_share=0")
    status, out, _ = harness("run", "program.py", *limits)
    assert status == 1
    assert out.startswith("SLOW")
    assert "tasks is 2, asked for is at most 1" in " ".join(out.split())
    assert newest(here).outcome.over[0].counter == "tasks"
    assert harness("run", "program.py", "--most", "tasks=2")[0] == 0


@pytest.mark.parametrize(
    ("limit", "said"),
    [("task=2", "'task' is no counter; there are: tasks"), ("tasks", "it says no number"), ("tasks=few", "few")],
)
def test_a_limit_that_can_not_be_meant_is_refused_in_one_line(here, harness, limit, said):
    status, _, err = harness("run", "program.py", "--most", limit)
    assert status == 2
    assert said in err
    assert "such as --most tasks=64" in err


def test_all_failing_items_are_recorded_and_none_counts_as_unfetched(here, harness):
    (here / "items.jsonl").write_text('8\n[1, 0]\n"x"\n[2, 0]\n')
    status, out, _ = harness("run", "program.py:half", "--over", "items.jsonl", "--json")
    shown = json.loads(out)
    assert status == 1
    assert shown["outcome"] == "exception"
    assert {(one["task"], one["type"]) for one in shown["failures"]} == {
        (2, "ZeroDivisionError"),
        (3, "TypeError"),
        (4, "ZeroDivisionError"),
    }
    assert shown["signs"] == []


def test_a_seed_reaches_a_main_that_takes_one(here, harness):
    (here / "seeded.py").write_text("def main(view, seed):\n    return view.apply_sync(pow, seed, 2)\n")
    status, out, _ = harness("run", "seeded.py", "--seed", "7", "--json")
    assert (status, json.loads(out)["result"]) == (0, "49")
    assert newest(here).manifest.seed == 7


def test_the_number_of_engines_asked_for_is_what_runs(here, harness):
    status, _, _ = harness("run", "program.py", "--engines", "1")
    assert status == 0
    assert newest(here).manifest.engines == 1
    assert len(newest(here).engines) == 1


def test_a_deadline_ends_what_hangs(here, harness):
    (here / "hangs.py").write_text("import time\n\n\ndef main(view):\n    view.apply_sync(time.sleep, 60)\n")
    status, out, _ = harness("run", "hangs.py", "--deadline", "0.5")
    assert status == 1
    assert out.startswith("HANG")


@pytest.fixture
def exercise(here) -> Path:
    """The first exercise and its solution, in the warm workspace."""
    for part in ("exercises", "solutions"):
        shutil.copytree(places.CLONE / part / "01_three_of_four", here / part / "01_three_of_four", dirs_exist_ok=True)
    yield here
    for part in ("exercises", "solutions", ".harness/pins"):
        shutil.rmtree(here / part, ignore_errors=True)


@pytest.mark.parametrize("name", ["1", "01", "three_of_four", "exercises/01_three_of_four/"])
def test_an_exercise_is_run_by_number_slug_or_folder(exercise, harness, name):
    status, out, _ = harness("run", name, "--variant", "solution", "--json")
    assert (status, json.loads(out)["outcome"]) == (0, "ok")
    assert newest(exercise).manifest.target == "01_three_of_four"


def test_the_learners_first_failing_run_is_kept_for_the_diagnosis(exercise, harness):
    assert harness("run", "1")[0] == 1
    first = newest(exercise).name
    assert harness("run", "1")[0] == 1
    kept = json.loads((exercise / ".harness" / "pins" / "01_three_of_four" / "manifest.json").read_text())
    assert kept["run"] == first
    assert harness("run", "1", "--variant", "solution")[0] == 0


def test_a_run_with_another_seed_is_not_the_one_to_diagnose(exercise, harness):
    assert harness("run", "1", "--seed", "5")[0] == 1
    assert newest(exercise).manifest.seed == 5
    assert not (exercise / ".harness" / "pins").exists()


def test_too_few_engines_for_an_exercise_are_used_and_said(here, harness):
    for part in ("exercises", "solutions"):
        shutil.copytree(places.CLONE / part / "26_too_many_rows", here / part / "26_too_many_rows")
    said = harness("run", "26", "--engines", "1")[2]
    for part in ("exercises", "solutions", ".harness/pins"):
        shutil.rmtree(here / part, ignore_errors=True)
    assert said == "26 shows its symptom on 2 engines or more, not on 1\n"


def test_an_unknown_variant_or_exercise_is_refused_with_those_there_are(exercise, harness):
    status, out, err = harness("run", "1", "--variant", "decoy:absent")
    assert (status, out) == (2, "")
    assert "mine, original, solution, decoy:" in err
    status, _, err = harness("run", "three_of_for")
    assert status == 2
    assert "did you mean three_of_four?" in err


NOT_IMPORTABLE = {
    "syntax": ("def main(view:\n    pass\n", "broken.py:1", "SyntaxError"),
    "missing": ("import no_such_module\n\n\ndef main(view): ...\n", "broken.py:1", "No module named 'no_such_module'"),
    "raises": ("x = 1\ny = x / 0\n", "broken.py:2", "ZeroDivisionError"),
    "exits": ("import sys\nsys.exit(0)\n", "broken.py:2", "SystemExit"),
    "helper": ("import helper\n", "helper.py:2", "SyntaxError"),
    "binary": (b"\x00\xff\xfe", "broken.py", "SyntaxError"),
}


@pytest.mark.parametrize("name", NOT_IMPORTABLE)
def test_a_file_that_cannot_be_imported_is_its_authors_failure(here, harness, name):
    content, place, said = NOT_IMPORTABLE[name]
    (here / "helper.py").write_text("x = 1\ndef broken(:\n")
    (here / "broken.py").write_bytes(content if isinstance(content, bytes) else content.encode())
    status, out, err = harness("run", "broken.py")
    assert (status, err) == (1, "")
    assert place in out
    assert said in out
    assert "harness/" not in out
    assert "Traceback" not in out
    status, out, _ = harness("run", "broken.py", "--json")
    assert status == 1
    assert json.loads(out)["outcome"] == "exception"
    assert json.loads(out)["run"] is None


WRONG_CALLS = [
    ("run absent.py", "no file absent.py"),
    ("run 99", "no exercises"),
    ("run program.py --variant solution", "--variant goes with an exercise"),
    ("run program.py:half", "a function and its items go together"),
    ("run program.py --over items.jsonl", "a function and its items go together"),
    ("run program.py:absent --over items.jsonl", "has no function 'absent'; it has: half, main, sequential"),
    ("run empty.py", "has no function 'main'"),
    ("run program.py:half --over absent.jsonl", "cannot read absent.jsonl"),
    ("run program.py:half --over none.jsonl", "none.jsonl has no items"),
    ("run program.py:half --over bad.jsonl", "bad.jsonl:2 is not a JSON value"),
    ("run program.py:half --over latin.jsonl", "latin.jsonl:1 is not UTF-8"),
    ("run program.py --reference absent.py:f", "there is no file absent.py"),
    ("run program.py --reference program.py", "give FILE.py:FUNCTION"),
    ("run program.py --reference program.py:absent", "has no function 'absent'"),
    ("run program.py --reference syntax.py:f", "syntax.py:1: SyntaxError"),
    ("run program.py --seed 3", "no main with a parameter `seed`"),
    ("run program.py:half --over items.jsonl --seed 3", "put seeds into the items"),
    ("run program.py --engines 0", "0 is not in the range"),
    ("run program.py --deadline 0", "0.0 is not in the range"),
    ("run program.py --bare --json", "it has no --json"),
    ("run 1 --over items.jsonl", "go with a file"),
]


@pytest.mark.parametrize(("call", "said"), WRONG_CALLS)
def test_a_wrong_call_is_refused_in_one_line(here, harness, call, said):
    (here / "empty.py").write_text("")
    (here / "syntax.py").write_text("def f(:\n")
    (here / "items.jsonl").write_text("1\n")
    (here / "none.jsonl").write_text("\n\n")
    (here / "bad.jsonl").write_text("1\n{'n': 2}\n")
    (here / "latin.jsonl").write_bytes(b'"caf\xe9"\n')
    before = len(all_runs(here / "runs"))
    status, out, err = harness(*call.split())
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert len(all_runs(here / "runs")) == before


def bare(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A bare run, which leaves nothing among the temporary files."""
    call = [sys.executable, "-m", "harness", "run", *arguments, "--bare"]
    with tempfile.TemporaryDirectory() as temporary:
        environment = {**os.environ, "TMPDIR": temporary}
        ended = subprocess.run(call, cwd=folder, capture_output=True, text=True, timeout=120, env=environment)
        assert not list(Path(temporary).glob("harness-bare-*"))
    return ended


def test_bare_shows_what_a_plain_script_would_and_records_nothing(here):
    before = len(all_runs(here / "runs"))
    right = bare(here, "program.py")
    assert (right.returncode, right.stdout, right.stderr) == (0, "[1.0, 2.0]\n", "")
    (here / "program.py").write_text(PROGRAM.replace("[2, 4]", "[2, None]"))
    wrong = bare(here, "program.py")
    assert (wrong.returncode, wrong.stderr) == (1, "")
    lines = wrong.stdout.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert f'File "{here / "program.py"}", line 10, in main' in lines[1]
    assert "TypeError: unsupported operand type(s) for /: 'NoneType' and 'int'" in lines[-1]
    assert len(all_runs(here / "runs")) == before


def test_bare_is_stopped_at_the_deadline_even_if_the_client_does_not_want_to(here):
    (here / "stubborn.py").write_text(
        "import time\n\n\ndef main(view):\n    while True:\n        try:\n            time.sleep(60)\n"
        "        except BaseException:\n            pass\n"
    )
    ended = bare(here, "stubborn.py", "--deadline", "0.5")
    assert ended.returncode == 1
    assert "nothing after 0.5 s" in ended.stderr
    (here / "sleeps.py").write_text("import time\n\n\ndef main(view):\n    view.apply_sync(time.sleep, 60)\n")
    ended = bare(here, "sleeps.py", "--deadline", "0.5")
    assert (ended.returncode, ended.stdout) == (1, "nothing after 0.5 s: stopped at the deadline\n")


def test_ctrl_c_ends_a_run_with_one_line_and_leaves_no_process(workspace, eventually, running):
    (workspace / "hangs.py").write_text("import time\n\n\ndef main(view):\n    view.apply_sync(time.sleep, 60)\n")
    call = [sys.executable, "-m", "harness", "run", "hangs.py", "--deadline", "60"]
    process = subprocess.Popen(call, cwd=workspace, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        eventually(lambda: any(run.of_kind("begin") for run in all_runs(workspace / "runs")), 60)
        [run] = all_runs(workspace / "runs")
        engines = [event.data["pid"] for event in run.of_kind("engine-ready")]
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, out, err.strip()) == (130, "", "harness: interrupted")
    assert Run(run.folder).cut_off
    eventually(lambda: not running(engines))
