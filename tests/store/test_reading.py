"""What was recorded can be read: what was written just now, golden runs, and runs that were cut off anywhere."""

import json
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.engine.events import EventFile
from harness.errors import BadInput
from harness.store import Run, all_runs, create, find
from harness.store.schema import FORMAT, WHAT_EVENTS_SAY
from tests.golden import NAMES, RUNS, copied, golden

TEXT = st.text(st.characters(codec=None) | st.characters(categories=["Cs", "Cc"]), max_size=30)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
DATA = st.dictionaries(st.sampled_from(["type", "message", "engine", "seconds"]), VALUES, max_size=3)
KINDS = TEXT.filter(lambda kind: kind not in WHAT_EVENTS_SAY)  # an event of those has to say what they say
EVENTS = st.lists(st.tuples(KINDS, st.none() | st.integers(0, 99), DATA), max_size=8)


def without_surrogates(value):
    """What is kept of a value: lone surrogates as the text of their escape."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list):
        return [without_surrogates(one) for one in value]
    if isinstance(value, dict):
        return {without_surrogates(key): without_surrogates(one) for key, one in value.items()}
    return value


@given(of_client=EVENTS, of_engines=st.lists(EVENTS, max_size=3))
def test_every_event_written_is_read_back_in_its_writers_order(tmp_path_factory, of_client, of_engines):
    writer = create(tmp_path_factory.mktemp("runs"), "target", "mine", engines=2, backend="forked")
    for kind, task, data in of_client:
        writer.event(kind, task, **data)
    for engine, written in enumerate(of_engines):
        file = EventFile(writer.folder / "events" / f"engine-{engine}-100.jsonl", f"e{engine}")
        for kind, task, data in written:
            file.write(kind, task, **data)
        file.close()
    events = Run(writer.folder).events
    for engine, written in [(None, of_client), *enumerate(of_engines)]:
        found = [event for event in events if event.engine == engine]
        prefix = "c" if engine is None else f"e{engine}"
        assert [event.id for event in found] == [f"{prefix}-{number}" for number in range(1, len(written) + 1)]
        assert [(event.kind, event.task, event.data) for event in found] == [
            (without_surrogates(kind), task, without_surrogates(data)) for kind, task, data in written
        ]


@given(times=st.lists(st.lists(st.integers(0, 5), max_size=6), min_size=1, max_size=3))
def test_events_are_merged_by_time_and_a_clock_that_goes_back_reorders_nothing(tmp_path_factory, times):
    folder = tmp_path_factory.mktemp("run")
    (folder / "events").mkdir()
    for engine, own in enumerate(times):
        lines = [json.dumps({"id": f"e{engine}-{i}", "kind": "x", "time": at}) for i, at in enumerate(own)]
        (folder / "events" / f"engine-{engine}-1.jsonl").write_text("\n".join(lines))
    events = Run(folder).events
    for engine, own in enumerate(times):
        assert [event.id for event in events if event.engine == engine] == [f"e{engine}-{i}" for i in range(len(own))]
    if all(own == sorted(own) for own in times):
        assert [event.time for event in events] == sorted(event.time for event in events)


@given(
    written=st.lists(
        st.lists(st.tuples(st.sampled_from(["begin", "x", "begin-x"]), st.integers(0, 9)), max_size=12), max_size=3
    )
)
def test_events_of_some_kinds_are_those_among_all(tmp_path_factory, written):
    folder = tmp_path_factory.mktemp("run")
    (folder / "events").mkdir()
    for engine, own in enumerate(written):
        lines = [
            json.dumps({"id": f"e{engine}-{i}", "kind": kind, "time": at, "data": {"other": "begin"}})
            for i, (kind, at) in enumerate(own)
        ]
        (folder / "events" / f"engine-{engine}-1.jsonl").write_text("\n".join(lines))
    run = Run(folder)
    found, events = run.of_kind("begin", "absent"), list(run.stream())
    assert {event.id for event in found} == {event.id for event in events if event.kind == "begin"}
    for engine in range(len(written)):
        own = [event.id for event in events if event.engine == engine and event.kind == "begin"]
        assert [event.id for event in found if event.engine == engine] == own
    assert run.engines == sorted({event.engine for event in events})


@pytest.mark.parametrize("name", NAMES)
def test_golden_runs_of_format_1_read(name):
    run = golden(name)
    assert run.manifest.format == 1 <= FORMAT
    assert run.manifest.engines == 2
    assert run.engines == [0, 1]
    assert list(run.log_files()) == [0, 1]
    assert run.events
    if name == "cut_off":
        assert run.cut_off
        assert run.outcome is None
    else:
        assert not run.cut_off
        assert run.outcome.outcome == name


def test_what_golden_runs_say_is_read_to_the_detail():
    exception, hang, crash, wrong = (golden(name).outcome for name in NAMES[:4])
    assert [(one.task, one.type, one.function) for one in exception.failures] == [
        (2, "ZeroDivisionError", "average_length"),
        (3, "AttributeError", "clean"),
        (4, "AttributeError", "clean"),
        (5, "AttributeError", "clean"),
    ]
    assert golden("exception").traceback("3").frames[-1].locals == {"text": "None"}
    assert [(one.engine, one.line, one.how_ended) for one in hang.hangs] == [
        (1, 14, "interrupted"),
        (0, 13, "interrupted"),
    ]
    assert golden("hang").stacks(0)[0].frames[-1].locals["company"] == "'googl'"
    assert "Current thread" in golden("hang").native_stack(1)
    assert [(one.signal_name, one.task, one.function) for one in crash.deaths] == [("SIGSEGV", 3, "read")]
    assert (wrong.difference.where, wrong.difference.got, wrong.difference.expected) == ("result['mean']", "6.0", "4.0")


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25)
@given(data=st.data())
def test_a_run_whose_files_end_anywhere_still_reads(tmp_path_factory, name, data):
    folder = tmp_path_factory.mktemp("cut") / name
    shutil.copytree(RUNS / name, folder)
    whole = len(golden(name).events)
    for path in sorted(folder.rglob("*.*")):
        if path.is_file() and path.name != "manifest.json":
            content = path.read_bytes()
            path.write_bytes(content[: data.draw(st.integers(0, len(content)), label=path.name)])
    run = Run(folder)
    assert len(run.events) <= whole
    assert run.outcome is None or run.outcome == golden(name).outcome
    assert run.manifest == golden(name).manifest
    for engine in (0, 1):
        assert isinstance(run.stacks(engine), list)
        list(run.raw_output(engine))
    run.traceback("3")


def test_what_is_deeply_nested_is_refused_not_followed(tmp_path):
    run = copied("exception", tmp_path)
    (run.folder / "tracebacks" / "3.json").write_text('{"type": "E", "message": "", "cause": ' * 100_000)
    (run.folder / "outcome.json").write_text("[" * 100_000)
    assert run.traceback("3") is None
    assert run.outcome is None


def test_a_newer_format_is_refused_with_what_to_do(tmp_path):
    run = copied("wrong", tmp_path)
    path = run.folder / "manifest.json"
    path.write_text(path.read_text().replace('"format": 1', f'"format": {FORMAT + 1}'))
    with pytest.raises(BadInput, match="upgrade"):
        _ = Run(run.folder).manifest


def test_a_run_is_found_by_name_letters_part_folder_and_as_the_latest(tmp_path):
    runs = tmp_path / "runs"
    crash, wrong = copied("crash", tmp_path), copied("wrong", tmp_path)
    assert find(runs).name == wrong.name
    for name in (crash.name, crash.name[-4:], "dies", str(crash.folder)):
        assert find(runs, name).name == crash.name
    with pytest.raises(BadInput, match="fits 2 runs"):
        find(runs, "mine")
    with pytest.raises(BadInput, match="no run is called"):
        find(runs, "other")


def test_letters_name_one_run_even_if_they_are_part_of_anothers_name(tmp_path):
    crash = copied("crash", tmp_path)
    letters = crash.name[-4:]
    shutil.copytree(RUNS / "wrong", tmp_path / "runs" / f"20990101T000000-{letters}-mine-zzzz")
    assert find(tmp_path / "runs", letters).name == crash.name


def test_an_unreadable_run_does_not_hide_the_others(tmp_path):
    runs = tmp_path / "runs"
    wrong = copied("wrong", tmp_path)
    broken = copied("crash", tmp_path)
    (broken.folder / "manifest.json").write_text('{"format": 1, "run"')
    assert find(runs).name == wrong.name
    assert {run.name for run in all_runs(runs)} == {wrong.name, broken.name}
    assert [run.name for run in all_runs(runs) if not run.readable] == [broken.name]


def test_a_runs_folder_is_named_after_target_and_variant_with_safe_characters(tmp_path):
    writer = create(tmp_path, "../é b", "decoy:skip", engines=1, backend="forked")
    stamp, target, variant, letters = writer.folder.name.split("-")
    assert (target, variant, len(letters)) == ("..___b", "decoy_skip", 4)
    assert writer.folder.parent == tmp_path
    assert (tmp_path / "latest").resolve() == writer.folder.resolve()
    assert stamp[8] == "T"
