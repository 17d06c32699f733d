"""A run as files that one may send with a bug report: what happened, where and in which code, without the values."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from harness.engine.frames import as_text
from harness.store import Run, Traceback, as_json
from harness.store.samples import samples
from harness.views.records import Record, records_of

ABOUT = """\
This is a run of the parallel debugging sandbox, exported without values.

Kept: the code's lines, files and functions, types of exceptions, what happened when on which engine, sizes, versions.
Masked: values of variables, arguments and results, what exceptions and log records say inside quotes and numbers,
labels of tasks. Left out: payloads, raw output, the timeline (it can be made again).

Source lines are shown as they are: read them before you send this.

Unpacked, `harness show FOLDER` shows it.
"""
_SHAPE = re.compile(r"<(\w+) [\d×]+(?=[ :>])")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\d+(?:\.\d+)?")
_PATHS = {"file", "cwd"}
_CODE = {
    "type",
    "module",
    "function",
    "source",
    "line",
    "kind",
    "id",
    "event",
    "traceback",
    "outcome",
    "signs",
    "signal_name",
}
_WORDS = {"message", "notes", "reason", "how_ended", "last_words", "left"}
_VALUES = {"label", "got", "expected", "result", "where", "evalue"}


def value(text: str) -> str:
    """A recorded value masked: its length stays, and the shape of a table or an array."""
    shape = _SHAPE.match(text)
    return f"{shape[0]}, masked>" if shape else f"<masked, {len(text)} characters>"


def words(text: str) -> str:
    """A sentence of an exception or a log record with what is quoted, and every number, masked."""
    return _QUOTED.sub("…", text)


def path(text: str) -> str:
    """A path's last two parts, for where a file lies on a machine is nobody's business."""
    return "/".join(text.replace("\\", "/").split("/")[-2:])


def masked(content: Any, name: str = "") -> Any:
    """A decoded JSON value, called `name`, with everything masked that is not known to be harmless."""
    if isinstance(content, dict):
        if name in ("locals", "values"):
            return {variable: value(str(text)) for variable, text in content.items()}
        if name in ("versions", "environment", "counters", "seconds"):
            return content
        return {key: masked(one, key) for key, one in content.items()}
    if isinstance(content, list):
        return [masked(one, name) for one in content]
    if isinstance(content, str):
        return _mask_of(name)(content)
    return content


def _mask_of(name: str) -> Callable[[str], str]:
    if name in _PATHS:
        return path
    if name in _WORDS:
        return words
    if name in _CODE or name in ("run", "target", "variant", "backend", "source_hash", "python", "status", "thread"):
        return str
    return value


def files(run: Run) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file of the export; raises BadInput if the run's manifest can't be read."""
    yield "EXPORTED.txt", ABOUT.encode()
    yield "manifest.json", as_json(masked(msgspec.to_builtins(run.manifest)))
    if run.outcome:
        yield "outcome.json", as_json(masked(msgspec.to_builtins(run.outcome)))
    yield from _events(run)
    if used := b"".join(msgspec.json.encode(sample) + b"\n" for sample in samples(run.folder)):
        yield "samples.jsonl", used
    for place in sorted((run.folder / "tracebacks").glob("*.json")):
        if described := run.traceback(place.stem):
            hidden = masked(msgspec.to_builtins(described))
            yield f"tracebacks/{place.name}", as_json(msgspec.convert(hidden, Traceback))
            yield f"tracebacks/{place.stem}.txt", (as_text(hidden) + "\n").encode("utf-8", "backslashreplace")
    for engine in run.engines:
        if stacks := run.stacks(engine):
            yield f"stacks/engine-{engine}.json", as_json(masked(msgspec.to_builtins(stacks)))
        lines = "".join(f"{_log_line(record)}\n" for record in records_of(run, engine))
        yield f"engine-{engine}.log", lines.encode("utf-8", "backslashreplace")


def _events(run: Run) -> Iterator[tuple[str, bytes]]:
    written: dict[str, list[bytes]] = {}
    for event in run.stream():
        name = "client" if event.engine is None else f"engine-{event.engine}-{event.id.rpartition('-')[0]}"
        hidden = masked(msgspec.to_builtins(event))
        written.setdefault(name, []).append(msgspec.json.encode(hidden) + b"\n")
    for name, lines in written.items():
        yield f"events/{name}.jsonl", b"".join(lines)


def _log_line(record: Record) -> str:
    head, separator, message = record.lines[0].partition(" | ")
    fields = []
    for _ in range(4):
        fields.append(head)
        head, separator, message = message.partition(" | ")
    if not separator:
        return f"{record.lines[0][:24]} | masked"
    fields[2] = f"task {'-' if record.task is None else record.task}"
    return " | ".join([*fields, head, words(message)])
