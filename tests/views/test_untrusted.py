"""Nothing that a task wrote reaches the terminal as anything but printable text."""

import json
import re
import string

from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness import views
from harness.engine.sink import EngineLog
from harness.store import Death, Difference, Failure, Hang, Outcome, Run, Stack, create
from harness.store.schema import Frame
from harness.views import logs, visible
from harness.views.signs import explained
from tests.golden import ROOT

NASTY = st.text(
    st.sampled_from("\x1b\x07\r\n\t\x9b\u202e\u2066\u200f\u2028\x00 ")
    | st.characters(categories=["Cc", "Cf", "Cs", "L"]),
    min_size=1,
    max_size=40,
)


def hostile_run(folder, text: str) -> Run:
    """A run directory with the text in every place where a task could have put it."""
    writer = create(folder, text, text, engines=1, backend=text, file=text)
    frame = Frame(file=text, line=3, function=text, source=text, locals={text: text, "name": text})
    traceback = {"type": text, "message": text, "notes": [text], "frames": [frame], "members": []}
    (writer.folder / "tracebacks" / "1.json").write_bytes(
        as_bytes({**traceback, "cause": traceback, "members": [traceback]})
    )
    raised = {"type": text, "message": text, "file": text, "line": 3, "function": text, "traceback": "1"}
    events = [
        {"id": text, "kind": kind, "time": 1.0, "task": 1, "data": {**raised, "label": text, text: text}}
        for kind in ("received", "begin", "raised", text)
    ]
    (writer.folder / "events" / "engine-0-1.jsonl").write_bytes(b"".join(as_bytes(one) + b"\n" for one in events))
    writer.stacks(0, [Stack(thread=text, main=True, frames=[frame])])
    for name in ("engine-0.out", "engine-0.log", "stacks/engine-0.native.txt"):
        (writer.folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    place = {"label": text, "engine": 0, "task": 1, "file": text, "line": 3, "function": text, "event": text}
    writer.finish(
        Outcome(
            outcome=text,
            reason=text,
            signs=[text],
            failures=[Failure(type=text, message=text, traceback="1", **place)] * 2,
            deaths=[Death(pid=1, signal=11, signal_name=text, last_words=[text], out_of_memory=text, **place)],
            hangs=[
                Hang(source=text, values={text: text, "name": text}, how_ended=text, why=text, waits=[text], **place),
                Hang(task=2, why=text),
            ],
            difference=Difference(where=text, got=text, expected=text),
            counters={text: 1.0},
            result=text,
        )
    )
    return Run(writer.folder)


def as_bytes(value) -> bytes:
    from harness.store.writer import _encode

    return _encode(value)


def assert_harmless(text: str) -> None:
    assert {char for char in text if not char.isprintable() and char != "\n"} == set()


@settings(max_examples=50)
@given(text=NASTY)
@example(text="\x1b]0;owned\x07\x1b[2J\r" + "x" * 30)
@example(text="[bold]:smile:[/bold][link=x]")
def test_no_view_lets_a_control_character_through(tmp_path_factory, text):
    run = hostile_run(tmp_path_factory.mktemp("runs"), text)
    assert run.outcome is not None
    for view in (
        views.verdict(run, ROOT),
        views.traceback(run, ROOT),
        views.stacks(run, ROOT),
        views.events(run, ROOT),
        views.timeline(run),
        views.listing(views.entries([run], ROOT)),
    ):
        assert_harmless(views.plain(view))
    for record in logs.by_time(run, logs.Wanted()):
        assert_harmless(logs.shown(record))
    for line in logs.raw(run, 0):
        assert_harmless(line)
    for title, section in views.sections(run, ROOT):
        assert_harmless(title + section)


def test_markup_in_a_message_is_shown_as_it_is(tmp_path):
    run = hostile_run(tmp_path, "[red]:smile:[/red]")
    assert "[red]:smile:[/red]" in views.plain(views.verdict(run, ROOT))


@given(text=st.text(st.characters(codec=None), max_size=60))
def test_visible_text_is_printable_and_printable_text_is_untouched(text):
    shown = visible(text)
    assert shown.isprintable()
    if text.isprintable():
        assert shown == text


def test_a_screen_stays_short_however_much_a_task_wrote(tmp_path):
    lines = views.plain(views.verdict(hostile_run(tmp_path, "x" * 100_000), ROOT)).splitlines()
    assert len(lines) < 200


@given(text=NASTY)
def test_a_log_record_cannot_pass_for_another(tmp_path_factory, text):
    """A message may hold what looks like a record, after a newline: it stays a part of its own record."""
    folder = tmp_path_factory.mktemp("run")
    head = "2026-01-01 00:00:00.000Z | engine 9 | task 9 | ERROR | a:b:1 | forged"
    log = EngineLog(folder / "engine-0.log", 0, lambda: "1 amzn", lambda *_: None)
    log.write("INFO", "here:now:1", f"{text}\n{head}")
    log.write("WARNING", "here:now:2", "second")
    log.close()
    first, second = logs.by_time(Run(folder), logs.Wanted())
    assert (first.engine, first.task, first.level, second.level) == (0, 1, "INFO", "WARNING")
    assert first.lines[-1] == f"    {head}"
    assert_harmless((folder / "engine-0.log").read_text().replace("\t", " "))


def test_an_unknown_sign_is_shown_without_explanation():
    assert explained("new-sign") == ""
    assert not any(re.search(f"[{string.whitespace}]$", explained(sign)) for sign in ("retried", "cut-off"))


def test_hostile_numbers_do_not_break_a_view(tmp_path):
    run = hostile_run(tmp_path, "x")
    path = run.folder / "events" / "engine-0-1.jsonl"
    event = {"id": "e0-9", "kind": "end", "time": 1e300, "task": -5, "data": {"seconds": {"run": "no"}, "status": 3}}
    path.write_text(path.read_text() + json.dumps(event) + "\n")
    for view in (
        views.events(Run(run.folder), ROOT),
        views.timeline(Run(run.folder)),
        views.verdict(Run(run.folder), ROOT),
    ):
        assert views.plain(view)
