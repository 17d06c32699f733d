"""Reading run directories: one run with its events, logs, tracebacks and stacks; the list of all. Executes nothing."""

import heapq
import os
import re
from collections.abc import Iterator
from functools import cached_property
from operator import itemgetter
from pathlib import Path

import msgspec

from harness.errors import BadInput
from harness.store import wary
from harness.store.schema import FORMAT, NUMBERS, WHAT_EVENTS_SAY, Event, Manifest, Outcome, Stack, Traceback

_ENGINE = re.compile(r"engine-(\d+)")
_decode = msgspec.json.Decoder(Event).decode
UNREADABLE = (OSError, msgspec.MsgspecError, RecursionError, UnicodeDecodeError)


def engine_of(path: Path) -> int | None:
    """The id of the engine that a file of a run directory is named after; None if it is the client's."""
    named = _ENGINE.match(path.name)
    return int(named[1]) if named else None


class Run:
    """A run directory. What is missing because the run was cut off reads as None or empty."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = folder.name

    @cached_property
    def manifest(self) -> Manifest:
        try:
            manifest = msgspec.json.decode(wary.content(self.folder / "manifest.json"), type=Manifest)
        except UNREADABLE as problem:
            listed = "`harness runs` lists those that are"
            raise BadInput(f"{self.folder} is not a readable run directory ({problem}); {listed}") from None
        if manifest.format > FORMAT:
            raise BadInput(f"{self.folder} has format {manifest.format}; this harness reads up to {FORMAT}: upgrade it")
        return manifest

    @property
    def readable(self) -> bool:
        """Whether the manifest can be read."""
        try:
            return self.manifest is not None
        except BadInput:
            return False

    @cached_property
    def outcome(self) -> Outcome | None:
        """The outcome; None if the run is still going on or was cut off, or what is there cannot be read."""
        try:
            return msgspec.json.decode(wary.content(self.folder / "outcome.json"), type=Outcome)
        except UNREADABLE:
            return None

    @property
    def cut_off(self) -> bool:
        """Whether the run's end was never written: it still runs, or its harness was killed."""
        return self.manifest.ended is None

    def stream(self, *kinds: str) -> Iterator[Event]:
        """The events of these kinds, or all, by time; each process's own in the order it wrote them, whatever its clock
        did. One after the other: a run can have more than fit into memory.

        A last line that was cut off is left out.
        """
        tags = re.compile(b'"(?:%s)"' % b"|".join(re.escape(kind.encode()) for kind in kinds)) if kinds else None
        files = (_timed(path, kinds, tags) for path in self._event_files())
        return (event for _, event in heapq.merge(*files, key=itemgetter(0)))

    def _event_files(self) -> list[Path]:
        return sorted(path for path in (self.folder / "events").glob("*.jsonl") if wary.is_plain(path))

    @cached_property
    def events(self) -> list[Event]:
        """All events, as `stream` gives them."""
        return list(self.stream())

    def of_kind(self, *kinds: str) -> list[Event]:
        return list(self.stream(*kinds))

    @property
    def engines(self) -> list[int]:
        """Ids of the engines that took part."""
        named = {path: engine for path in self._event_files() if (engine := engine_of(path)) is not None}
        return sorted({engine for path, engine in named.items() if next(_timed(path), None)})

    def log_files(self) -> dict[int, list[Path]]:
        """Each engine's log files in the order they were written: rotated ones carry their time, the last one none."""
        found: dict[int, list[Path]] = {}
        for path in sorted(self.folder.glob("engine-*.log"), key=lambda path: ("." not in path.stem, path.stem)):
            if (named := _ENGINE.match(path.name)) and wary.is_plain(path):
                found.setdefault(int(named[1]), []).append(path)
        return dict(sorted(found.items()))

    def raw_output(self, engine: int) -> Iterator[str]:
        """Lines of the engine's raw stdout and stderr, last words included."""
        path = self.folder / f"engine-{engine}.out"
        if wary.is_plain(path):
            for line in wary.lines(path):
                yield line.decode(errors="backslashreplace").rstrip("\n")

    def traceback(self, name: str) -> Traceback | None:
        path = self.folder / "tracebacks" / f"{Path(name).name}.json"
        try:
            return msgspec.json.decode(wary.content(path), type=Traceback)
        except UNREADABLE:
            return None

    def stacks(self, engine: int | None) -> list[Stack]:
        """What each thread of an engine was doing, or of the client (None); empty if that was not recorded."""
        path = self.folder / "stacks" / f"{_owner(engine)}.json"
        try:
            return msgspec.json.decode(wary.content(path), type=list[Stack])
        except UNREADABLE:
            return []

    def native_stack(self, engine: int | None) -> str:
        """The same, as faulthandler saw it: without values, whatever the process was at."""
        path = self.folder / "stacks" / f"{_owner(engine)}.native.txt"
        try:
            return wary.content(path).decode(errors="backslashreplace")
        except OSError:
            return ""


def _timed(
    path: Path, kinds: tuple[str, ...] = (), tags: re.Pattern[bytes] | None = None
) -> Iterator[tuple[float, Event]]:
    """The events in one process's file, each with the latest time until then. tags: found in a line of such kinds."""
    engine, latest = engine_of(path), float("-inf")
    for line in wary.lines(path):
        if tags and not tags.search(line):
            continue
        try:
            event = _decode(line)
        except UNREADABLE:
            continue
        if (kinds and event.kind not in kinds) or not is_what_it_says(event):
            continue
        latest = max(latest, event.time)
        msgspec.structs.force_setattr(event, "engine", engine)  # nobody else has seen the event yet
        yield latest, event


def _owner(engine: int | None) -> str:
    return "client" if engine is None else f"engine-{engine}"


def is_what_it_says(event: Event) -> bool:
    """Whether the event says what events of its kind do: a task may have written lines of its own."""
    said = WHAT_EVENTS_SAY.get(event.kind)
    if said is None:
        return True
    for name, kind in said.items():
        if not isinstance(event.data.get(name), kind):
            return False
    return "seconds" not in said or all(isinstance(value, NUMBERS) for value in event.data["seconds"].values())


def all_runs(runs: Path) -> list[Run]:
    """The runs in a folder, newest first."""
    if not runs.is_dir():
        return []
    with os.scandir(runs) as entries:  # there may be thousands, and paths take longer to look at
        found = [
            entry.name
            for entry in entries
            if not entry.is_symlink() and os.path.exists(os.path.join(entry.path, "manifest.json"))
        ]
    return [Run(runs / name) for name in sorted(found, reverse=True)]


def find(runs: Path, name: str = "latest") -> Run:
    """The run of this name, folder, last letters or unambiguous part of a name; or the latest.

    Raises BadInput if there is none or there are several.
    """
    if name == "latest":
        listed = [run for run in all_runs(runs) if run.readable]
        if not listed:
            raise BadInput(f"no runs in {runs} yet; `harness run 1` records one")
        return max(listed, key=lambda run: run.manifest.started)
    for folder in (runs / name, Path(name)):
        if name and (folder / "manifest.json").exists():
            return Run(folder.resolve())
    there = all_runs(runs)
    matching = [run for run in there if run.name.endswith(f"-{name}")] or [run for run in there if name in run.name]
    if len(matching) == 1:
        return matching[0]
    if not matching:
        raise BadInput(f"no run is called {name!r}; `harness runs` lists them")
    two = f"{matching[0].name} and {matching[1].name}"
    raise BadInput(f"{name!r} fits {len(matching)} runs, such as {two}; give more of the name")
