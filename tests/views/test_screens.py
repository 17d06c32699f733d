"""Every view renders every golden run on 80 columns, and the verdict says what one wants to know."""

import io
import re
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from harness import views
from harness.store import Failure, Run
from harness.views.failures import by_relevance, grouped
from harness.views.signs import SIGNS
from harness.views.text import duration, numbers, short, shown_path, size
from tests.golden import NAMES, ROOT, RUNS, golden

VIEWS = {
    "verdict": lambda run: views.verdict(run, ROOT),
    "traceback": lambda run: views.traceback(run, ROOT),
    "stacks": lambda run: views.stacks(run, ROOT),
    "events": lambda run: views.events(run, ROOT),
    "timeline": lambda run: views.timeline(run),
    "listing": lambda run: views.listing(views.entries([run], ROOT)),
}


def verdict(name: str) -> str:
    """The verdict as one line of words, so that a line break does not matter."""
    return " ".join(views.plain(views.verdict(golden(name), ROOT)).split())


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", NAMES)
def test_every_view_fits_80_columns_and_has_no_escapes_when_plain(name, view):
    text = views.plain(VIEWS[view](golden(name)))
    assert text.strip()
    assert all(line.isprintable() for line in text.splitlines())
    assert max(cell_len(line) for line in text.splitlines()) <= 80


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", NAMES)
def test_colours_on_a_terminal_change_no_word(name, view):
    console = Console(file=io.StringIO(), force_terminal=True, color_system="truecolor", width=80, legacy_windows=False)
    console.print(VIEWS[view](golden(name)), highlight=False, markup=False, emoji=False)
    coloured = console.file.getvalue()
    assert "\x1b[" in coloured or "No " in coloured
    without = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    plain = views.plain(VIEWS[view](golden(name)))
    assert [line.rstrip() for line in without.splitlines()] == plain.splitlines()


def test_an_exceptions_verdict_names_place_line_values_and_event():
    said = verdict("exception")
    assert said.startswith("EXCEPTION 4 tasks failed; the first: ZeroDivisionError: division by zero")
    assert "task 2 googl on engine 0 (event e0-4)" in said
    assert "lengths.py:16 in average_length > 16 | return total / len(texts)" in said
    assert "values total = 0 texts = [] company = 'googl'" in said
    assert "t0k3n" not in said


def test_several_failures_are_grouped_by_root_with_counts_and_their_messages():
    said = verdict("exception")
    assert "4 failures with 2 roots" in said
    assert "1 × ZeroDivisionError lengths.py:16 in average_length" in said
    assert "3 × AttributeError lengths.py:7 in clean" in said
    assert "'NoneType' object has no attribute 'lower'" in said
    assert "'float' object has no attribute 'lower'" in said


def test_a_hangs_verdict_says_who_was_where_since_when_and_how_it_was_ended():
    said = verdict("hang")
    assert "engine 1, task 1 amzn, at it for" in said
    assert "at the deadline, then interrupted" in said
    assert "waits.py:14 in <genexpr> > 14 | return sum(bool(re.match(" in said
    assert "text = 'good day" in said
    assert "also engine 0, task 2 googl" in said
    assert "waits.py:13 in count_words" in said
    assert "never begun: task 3" in said


def test_a_crashs_verdict_gives_signal_task_place_and_last_words():
    said = verdict("crash")
    assert "by signal 11, SIGSEGV, while it had task 3 msft" in said
    assert "where dies.py:8 in read" in said
    assert "Fatal Python error: Segmentation fault" in said
    assert "ctypes/__init__.py:519 in string_at dies.py:8 in read ... called from" in said
    assert "engine-lost: an engine's process ended during the run" in said


def test_a_wrong_results_verdict_shows_got_and_expected():
    assert "differs at result['mean'] got 6.0 expected 4.0" in verdict("wrong")


def test_a_run_that_was_cut_off_says_so_and_how_far_it_came():
    said = verdict("cut_off")
    assert said.startswith("CUT OFF the end of this run was never written")
    assert "2 tasks sent, 1 ended" in said
    assert re.search(r"last seen of engine \d: begin task 2", said)
    assert re.search(r"harness logs evpb|harness logs \S+ --engine \d --task 2", said)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_a_run_whose_files_end_anywhere_is_still_shown_and_says_that_it_was_cut_off(tmp_path_factory, name, data):
    folder = tmp_path_factory.mktemp("cut") / name
    shutil.copytree(RUNS / name, folder)
    manifest = folder / "manifest.json"
    manifest.write_text(re.sub(r'"ended": [\d.]+', '"ended": null', manifest.read_text()))
    (folder / "outcome.json").unlink(missing_ok=True)
    for path in sorted(folder.rglob("*.*")):
        if path.is_file() and path != manifest:
            content = path.read_bytes()
            path.write_bytes(content[: data.draw(st.integers(0, len(content)), label=path.name)])
    run = Run(folder)
    assert views.plain(views.verdict(run, ROOT)).startswith("CUT OFF")
    assert "cut off" in views.plain(views.listing(views.entries([run], ROOT)))
    for view in VIEWS.values():
        assert views.plain(view(run)).strip()
    assert views.sections(run, ROOT)[0][1].startswith("CUT OFF")


def test_an_outcome_that_cannot_be_read_is_said(tmp_path):
    shutil.copytree(RUNS / "wrong", tmp_path / "run")
    (tmp_path / "run" / "outcome.json").write_text("{")
    assert "cannot be read" in views.plain(views.verdict(Run(tmp_path / "run"), ROOT))


def test_a_traceback_shows_every_frame_with_values_and_which_tasks_failed_alike():
    said = views.plain(views.traceback(golden("exception"), ROOT))
    assert "task 3 msft on engine" in said
    assert "alike: tasks 4, 5" in said
    assert said.index("in average_length") < said.index("in clean")
    assert "company = 'msft'" in said
    of_one = views.plain(views.traceback(golden("exception"), ROOT, task=4))
    assert "task 4 nflx" in of_one
    assert "task 3" not in of_one


def test_stacks_show_the_threads_in_the_users_code_and_count_the_others():
    said = views.plain(views.stacks(golden("hang"), ROOT))
    assert "engine 0, thread MainThread" in said
    assert "LOCK.acquire()" in said
    assert "company = 'googl'" in said
    assert "threads inside libraries" in said
    assert "waits.py:14 in <genexpr>" in said
    assert "in all_stacks" not in said


def test_events_of_one_task_come_in_order_with_their_ids():
    lines = views.plain(views.events(golden("crash"), ROOT, task=3)).splitlines()[1:]
    assert re.search(r" c-\d+ +submitted", lines[0])
    assert "…" in views.plain(views.events(golden("crash"), ROOT))
    assert "…" not in "".join(lines)  # they are shown whole
    assert [word for line in lines for word in ("submitted", "received", "begin") if f" {word}" in line] == [
        "submitted",
        "received",
        "begin",
    ]


def test_the_timeline_marks_bars_deaths_and_the_deadline():
    crash = views.plain(views.timeline(golden("crash"))).splitlines()
    [died] = [line for line in crash if line.startswith("engine 0")]
    assert re.search(r"3~+X", died)
    hang = views.plain(views.timeline(golden("hang")))
    assert "^ deadline" in hang
    assert re.search(r"engine 1 +\|1!+", hang)
    assert re.search(r"engine \d +\|.*2~", views.plain(views.timeline(golden("cut_off"))))


def test_sections_for_a_report_hold_verdict_log_and_traceback():
    found = dict(views.sections(golden("exception"), ROOT))
    assert [title.partition(",")[0] for title in found] == [
        "harness: verdict",
        "harness: log of task 2",
        "harness: traceback with values",
    ]
    assert "googl has 0 texts" in next(text for title, text in found.items() if "log" in title)


def test_every_sign_of_the_contract_is_explained():
    named = [
        "unfetched-failure",
        "handled-failure",
        "reply-lost",
        "engine-lost",
        "engine-replaced",
        "silent-engine",
        "duplicate-log-lines",
        "retried",
        "queued-forever",
        "leaked-state",
        "leaked-thread",
        "leaked-process",
        "clock-skew",
        "idle-engine",
        "oversubscribed",
        "output-truncated",
        "cut-off",
    ]
    assert set(named) == set(SIGNS)


NAMES_OF_VALUES = st.dictionaries(st.from_regex(r"[a-z]\w{0,3}|\.0", fullmatch=True), st.just("1"), max_size=8)


@given(values=NAMES_OF_VALUES, source=st.lists(st.from_regex(r"[a-z]\w{0,3}", fullmatch=True), max_size=6))
def test_values_that_the_failing_line_names_come_first(values, source):
    line = " + ".join(source)
    shown = [name for name, _ in by_relevance(values, line)]
    assert sorted(shown) == sorted(values)
    named = [name for name in shown if name in source]
    assert shown[: len(named)] == named == sorted(named, key=source.index)


PLACES = st.tuples(st.sampled_from(["A", "B"]), st.sampled_from([None, "a.py"]), st.sampled_from([None, 1, 2]))


@given(places=st.lists(PLACES, max_size=12))
def test_grouping_loses_no_failure_and_keeps_their_order(places):
    failures = [
        Failure(task=task, type=kind, message="", file=file, line=line)
        for task, (kind, file, line) in enumerate(places)
    ]
    groups = grouped(failures)
    assert sorted(one.task for group in groups for one in group.members) == list(range(len(places)))
    assert [group.first.task for group in groups] == sorted(group.first.task for group in groups)
    assert all(len({(one.type, one.file, one.line) for one in group.members}) == 1 for group in groups)
    assert len(groups) == len(set(places))


def test_paths_are_shown_from_the_workspace_and_libraries_without_their_folder():
    assert shown_path(f"{ROOT}/exercises/01_x/task.py", ROOT) == "exercises/01_x/task.py"
    assert shown_path("/usr/lib/python3.11/json/decoder.py", ROOT) == "json/decoder.py"
    assert shown_path("/opt/v/lib/python3.11/site-packages/pandas/core.py", ROOT) == "pandas/core.py"
    assert shown_path("/elsewhere/task.py", ROOT) == "/elsewhere/task.py"


def test_figures_are_written_as_people_read_them():
    assert [duration(s) for s in (0.0041, 0.52, 12.34, 200)] == ["4.1 ms", "0.52 s", "12.3 s", "3 min 20 s"]
    assert [size(n) for n in (72, 9100, 12_000_000)] == ["72 B", "9.1 kB", "12 MB"]
    assert numbers(list(range(10)), 3) == "0, 1, 2 and 7 more"
    assert short("abcdef", 4) == "abc…"
