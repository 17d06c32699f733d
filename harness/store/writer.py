"""Writing a run directory: made whole at the start, appended to while the run goes on, readable at any moment."""

import contextlib
import errno
import itertools
import json
import os
import re
import secrets
import string
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from harness.engine.frames import as_text
from harness.engine.values import json_bytes
from harness.errors import CannotWork
from harness.store import payloads, trace
from harness.store.bursts import Bursts
from harness.store.schema import Event, Manifest, Outcome, Stack

FOLDERS = ("events", "tracebacks", "stacks", "payloads")
SPACE = "free space there or set HARNESS_WORKSPACE to another folder"


def replace_file(path: Path, content: bytes) -> None:
    """Write `content` so that a reader sees the old file or the new one, never a part."""
    with _replacing(path) as file:
        file.write(content)


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def as_json(value: Any) -> bytes:
    """A schema value as indented JSON."""
    return msgspec.json.format(_encode(value), indent=2) + b"\n"


def _encode(value: Any) -> bytes:
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return json_bytes(json.dumps(msgspec.to_builtins(value), ensure_ascii=False))


class RunWriter:
    """The one writer of a run directory's manifest, client events and outcome; engines write files of their own.

    What can't be written while the run goes on does not disturb it: the first such failure is raised by `finish`.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest
        self._numbers = itertools.count(1)  # several threads note events
        self._unwritten: OSError | None = None
        self._bursts = Bursts(self._append)
        self._payloads = payloads.Keeper(folder, payloads.signing_key())
        self._events: int | None = os.open(self._events_file, _APPENDING, 0o644)

    @property
    def _events_file(self) -> Path:
        return self.folder / "events" / "client.jsonl"

    def event(self, kind: str, task: int | None = None, **data: Any) -> str:
        """Append one client event; returns its id, such as `c-3`. What comes after the end of the run is not kept."""
        event = Event(id=f"c-{next(self._numbers)}", kind=kind, time=time.time(), task=task, data=data)
        self._bursts.add(_EVENTS, event)
        return event.id

    def _append(self, to: str, entries: list[Any]) -> None:
        with self._noting_failure():
            if to == _PAYLOADS:
                self._payloads.write(b"".join([self._kept(*entry) for entry in entries]))
            elif self._events is not None:
                os.write(self._events, b"".join([_encode(event) + b"\n" for event in entries]))

    def flush(self) -> None:
        """Have all of the record that is not written yet in its files."""
        self._bursts.flush()

    @contextlib.contextmanager
    def _noting_failure(self) -> Iterator[None]:
        try:
            yield
        except OSError as problem:
            if problem.errno not in _SPOILT:
                self._unwritten = self._unwritten or problem

    def make_good(self) -> None:
        """Put in place again what tasks removed from the run's folder, or put in the place of what was there.

        Notes it as the event `made-good`. What engines wrote is theirs to write again.
        """
        with self._bursts.writing, self._noting_failure():
            self.flush()
            self._make_good()

    def _make_good(self) -> None:
        missing = [part for part in FOLDERS if (self.folder / part).is_symlink() or not (self.folder / part).is_dir()]
        for part in missing:
            (self.folder / part).unlink(missing_ok=True)
            (self.folder / part).mkdir(parents=True)
        if "payloads" in missing:
            self._payloads.close()
        if self._events is not None and not _leads_to(self._events, self._events_file):
            missing.append(self._events_file.name)
            written, old = os.pread(self._events, os.fstat(self._events).st_size, 0), self._events
            self._events_file.unlink(missing_ok=True)
            self._events = os.open(self._events_file, _APPENDING, 0o644)
            os.write(self._events, written)
            os.close(old)
        manifest = self.folder / "manifest.json"
        if not manifest.is_file() or manifest.read_bytes() != as_json(self.manifest):
            missing.append(manifest.name)
            replace_file(manifest, as_json(self.manifest))
        if missing:
            self.event("made-good", what=missing)

    def payload(self, task: int, parts: list[Any]) -> None:
        """Keep what a task was sent, for replay."""
        self._bursts.add(_PAYLOADS, (task, parts))
        if not all(type(part) is bytes for part in parts):
            self.flush()  # before whoever sent it can change it: it may be the memory of a table

    def _kept(self, task: int, parts: list[Any]) -> bytes:
        with self._noting_failure():
            return self._payloads.keep(task, parts)
        return b""

    def repeated(self, engines: int) -> int:
        """Bytes of what tasks were sent more often than there are engines, beyond that."""
        self.flush()
        return self._payloads.repeated(engines)

    def stacks(self, engine: int | None, stacks: list[Stack]) -> None:
        """Keep what each thread of an engine was doing, or of the client (None)."""
        name = "client" if engine is None else f"engine-{engine}"
        with self._noting_failure():
            replace_file(self.folder / "stacks" / f"{name}.json", as_json(stacks))

    def traceback(self, name: str, described: dict[str, Any]) -> None:
        """Keep an exception of the client, as engines keep theirs: for programs and for people."""
        folder = self.folder / "tracebacks"
        with self._noting_failure():
            replace_file(folder / f"{name}.json", as_json(described))
            replace_file(folder / f"{name}.txt", (as_text(described) + "\n").encode("utf-8", "backslashreplace"))

    def timeline(self, events: Iterable[dict[str, Any]]) -> None:
        """Keep the Chrome trace of the run, which has these events."""
        with self._noting_failure(), _replacing(self.folder / "timeline.json") as file:
            file.writelines(trace.file_of(events))

    def finish(self, outcome: Outcome) -> None:
        """Write the outcome, then the manifest with its end: a run without the latter was cut off. May be repeated.

        Raises CannotWork, and leaves the run cut off, if anything of it could not be written.
        """
        self.flush()
        with self._noting_failure():
            replace_file(self.folder / "outcome.json", as_json(outcome))
        if self._unwritten is not None:
            raise _cannot_write(self.folder, self._unwritten)
        self.manifest = msgspec.structs.replace(self.manifest, ended=time.time())
        try:
            replace_file(self.folder / "manifest.json", as_json(self.manifest))
        except OSError as problem:
            raise _cannot_write(self.folder, problem) from problem
        self._payloads.close()
        events, self._events = self._events, None
        if events is not None:
            os.close(events)


_EVENTS, _PAYLOADS = "events", "payloads"
_SPOILT = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP)
"""What writing fails with where a task removed or replaced a part of the run's folder: `make_good` says so."""
_APPENDING = os.O_RDWR | os.O_APPEND | os.O_CREAT


def _leads_to(descriptor: int, path: Path) -> bool:
    """Whether the path stands for the file that the descriptor has open."""
    try:
        there, here = path.lstat(), os.fstat(descriptor)
    except OSError:
        return False
    return (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)


def _plain(name: str) -> str:
    """The name as a part of a folder's name: ASCII letters, digits, `_` and `.`, at most 60."""
    return re.sub(r"[^A-Za-z0-9_.]", "_", name)[:60]


def create(runs: Path, target: str, variant: str, **manifest: Any) -> RunWriter:
    """Make `runs/<UTC time>-<target>-<variant>-<4 letters>/`, point `runs/latest` at it, return its writer."""
    now = time.time()
    stamp = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%S")
    letters = "".join(secrets.choice(string.ascii_lowercase) for _ in range(4))
    name = f"{stamp}-{_plain(target)}-{_plain(variant)}-{letters}"
    folder = runs.absolute() / name  # engines write there too, and have working directories of their own
    try:
        for part in FOLDERS:
            (folder / part).mkdir(parents=True)
        (folder / "payloads").chmod(0o700)
        kept = {"environment": payloads.environment(), **manifest}
        described = Manifest(run=name, target=target, variant=variant, started=now, **kept)
        replace_file(folder / "manifest.json", as_json(described))
        point_latest_at(folder)
    except OSError as problem:
        raise _cannot_write(folder, problem) from problem
    return RunWriter(folder, described)


def _cannot_write(folder: Path, problem: OSError) -> CannotWork:
    return CannotWork(f"cannot write the run directory {folder}: {problem.strerror}; {SPACE}")


def move(folder: Path, runs: Path) -> Path:
    """Move a run directory into `runs`, where it becomes the latest; returns its new place. Same file system only."""
    runs.mkdir(parents=True, exist_ok=True)
    moved = folder.rename(runs / folder.name)
    point_latest_at(moved)
    return moved


def point_latest_at(folder: Path) -> None:
    """Let `latest`, beside the run directory, name it."""
    draft = folder.with_name(f".latest.{folder.name[-4:]}")
    draft.symlink_to(folder.name)
    draft.replace(folder.with_name("latest"))
