"""Reading run directories: one run with its events, logs, tracebacks and stacks, and the list of all. Executes nothing."""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import msgspec

from harness.errors import BadInput
from harness.store.schema import FORMAT, Event, Manifest, Outcome, Stack, Traceback

_ENGINE = re.compile(r"engine-(\d+)")


class Run:
    """A run directory. What is missing because the run was cut off reads as None or empty."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = folder.name

    @cached_property
    def manifest(self) -> Manifest:
        try:
            manifest = msgspec.json.decode((self.folder / "manifest.json").read_bytes(), type=Manifest)
        except (OSError, msgspec.MsgspecError) as problem:
            raise BadInput(f"{self.folder} is not a readable run directory ({problem}); `harness runs` lists those that are") from None
        if manifest.format > FORMAT:
            raise BadInput(f"{self.folder} was written by a newer harness (format {manifest.format}); this one reads up to {FORMAT}")
        return manifest

    @cached_property
    def outcome(self) -> Outcome | None:
        """The outcome; None if the run is still going on or was cut off."""
        path = self.folder / "outcome.json"
        return msgspec.json.decode(path.read_bytes(), type=Outcome) if path.exists() else None

    @property
    def cut_off(self) -> bool:
        """Whether the run's end was never written: it still runs, or its harness was killed."""
        return self.manifest.ended is None

    @cached_property
    def events(self) -> list[Event]:
        """All events, by time; a last line that was cut off is left out."""
        found: list[Event] = []
        for path in sorted((self.folder / "events").glob("*.jsonl")):
            engine = int(named[1]) if (named := _ENGINE.match(path.name)) else None
            for line in path.read_bytes().splitlines():
                try:
                    event = msgspec.json.decode(line, type=Event)
                except msgspec.MsgspecError:
                    continue
                found.append(msgspec.structs.replace(event, engine=engine))
        return sorted(found, key=lambda event: event.time)

    def of_kind(self, *kinds: str) -> list[Event]:
        return [event for event in self.events if event.kind in kinds]

    @property
    def engines(self) -> list[int]:
        """Ids of the engines that took part."""
        return sorted({event.engine for event in self.events if event.engine is not None})

    def log_files(self) -> dict[int, list[Path]]:
        """Each engine's log files, the rotated ones first."""
        found: dict[int, list[Path]] = {}
        for path in sorted(self.folder.glob("engine-*.log"), key=lambda path: (path.name.count("."), path.name)):
            if named := _ENGINE.match(path.name):
                found.setdefault(int(named[1]), []).append(path)
        return {engine: files[1:] + files[:1] for engine, files in found.items()}

    def raw_output(self, engine: int) -> Iterator[str]:
        """Lines of the engine's raw stdout and stderr, last words included."""
        path = self.folder / f"engine-{engine}.out"
        if path.exists():
            with path.open(encoding="utf-8", errors="backslashreplace") as file:
                yield from (line.rstrip("\n") for line in file)

    def traceback(self, name: str) -> Traceback | None:
        path = self.folder / "tracebacks" / f"{name}.json"
        try:
            return msgspec.json.decode(path.read_bytes(), type=Traceback)
        except (OSError, msgspec.MsgspecError):
            return None

    def stacks(self, engine: int) -> list[Stack]:
        path = self.folder / "stacks" / f"engine-{engine}.json"
        return msgspec.json.decode(path.read_bytes(), type=list[Stack]) if path.exists() else []

    def native_stack(self, engine: int) -> str:
        path = self.folder / "stacks" / f"engine-{engine}.native.txt"
        return path.read_text(encoding="utf-8", errors="backslashreplace") if path.exists() else ""


def all_runs(runs: Path) -> list[Run]:
    """The runs in a folder, newest first."""
    if not runs.is_dir():
        return []
    found = [path for path in runs.iterdir() if not path.is_symlink() and (path / "manifest.json").exists()]
    return [Run(path) for path in sorted(found, key=lambda path: path.name, reverse=True)]


def find(runs: Path, name: str = "latest") -> Run:
    """The run of this name, of an unambiguous part of it, or the latest; BadInput if there is none or several."""
    if name == "latest":
        listed = all_runs(runs)
        if not listed:
            raise BadInput(f"no runs in {runs} yet; `harness run 1` records one")
        return max(listed, key=lambda run: run.manifest.started)
    if (runs / name / "manifest.json").exists():
        return Run((runs / name).resolve())
    if (Path(name) / "manifest.json").exists():
        return Run(Path(name).resolve())
    matching = [run for run in all_runs(runs) if name in run.name]
    if len(matching) == 1:
        return matching[0]
    if not matching:
        raise BadInput(f"no run is called {name!r}; `harness runs` lists them")
    raise BadInput(f"{name!r} fits {len(matching)} runs, such as {matching[0].name} and {matching[1].name}; give more of the name")
