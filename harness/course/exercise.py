"""An exercise as it lies on disk: its metadata, its files, and how it is found by number or slug."""

import difflib
import importlib.util
import inspect
import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, TypeVar

import msgspec

from harness import places
from harness.errors import BadInput
from harness.recorder import ALL, LOADS, Setups, Target
from harness.store import Event, Limit
from harness.store.limits import check_names

T = TypeVar("T")
STOCK = "stock"
LAUNCHERS = ("warm", STOCK)
FOLDER = re.compile(r"(\d\d)_(\w+)")
CHAPTERS = {
    "A": "It failed, but where?",
    "B": "What the logs say, and don't",
    "C": "It worked in the notebook",
    "D": "Wrong, and nobody complains",
    "E": "Only sometimes",
    "F": "It never ends",
    "G": "It is gone",
    "H": "Parallel, and slower",
    "I": "Another machine",
    "J": "Unlabelled",
}


class Symptom(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What must be observed when the exercise runs as shipped. `rate` is the least share of runs that show it.

    `bare` is what a plain script shows (exception, wrong, hang or ok), where that is not the outcome itself. `search`:
    it shows under some orders of steps only, so that a search of these proves it and not a run, which may be ok.
    """

    outcome: str
    type: str | None = None
    signs: list[str] = []
    signal: str | None = None
    rate: float = 1.0
    bare: Literal["exception", "wrong", "hang", "ok"] | None = None
    search: bool = False


class Decisive(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which events settle the diagnosis: their kind, and values that their data must have.

    Of the events that fit, only those count that `of` and then `take` and `least` leave. `of = "difference"`: of tasks
    whose label is named where the result differs from its reference; `of = "instance"`: those that `decisive(events,
    tables)` of instance.py picks. `take`: the first, the last, or the first of each engine. `least` names a number in
    their data, such as `bytes`: those that have the least.
    """

    kind: str
    data: dict[str, Any] = {}
    of: Literal["all", "difference", "instance"] = "all"
    take: Literal["all", "first", "last", "first of each engine"] = "all"
    least: str = ""


class EngineSetup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """[setup.engines.N]: how one engine differs. See `harness.engine.setup` for the units."""

    environ: dict[str, str] = {}
    clock: float = 0.0
    cwd: str = ""
    memory: int = 0
    killed_at: int = 0


class Setup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[setup]: how the task is loaded, what starts the engines, and by id, or `all`, how engines differ."""

    load: str = "module"
    launcher: str = "warm"
    engines: dict[str, EngineSetup] = {}

    def __post_init__(self) -> None:
        for name, value, allowed in (("load", self.load, LOADS), ("launcher", self.launcher, LAUNCHERS)):
            if value not in allowed:
                raise ValueError(f"{name} is {value!r}; it can be {' or '.join(allowed)}")
        for key, engine in self.engines.items():
            if not (key.isdecimal() or key == ALL):
                raise ValueError(f"engines.{key}: an engine is named by its number, or `{ALL}`")
            if Path(engine.cwd).is_absolute() or ".." in Path(engine.cwd).parts:
                raise ValueError(f"engines.{key}.cwd is {engine.cwd!r}; it must lie below the run's scratch folder")


class Metadata(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """exercise.toml. `deadline` in seconds; with fewer than `least_engines` engines the symptom does not show.

    `cost`: by counter, see `harness.store.COUNTERS`, what a run on the exercise's tables may cost.
    """

    title: str
    chapter: str
    minutes: int
    about: str
    teaches: str
    deadline: float = 10.0
    least_engines: int = 1
    setup: Setup = Setup()
    symptom: Symptom
    cost: dict[str, Limit] = {}
    decisive: Decisive

    def __post_init__(self) -> None:
        check_names(self.cost)


class Exercise:
    """One exercise of a workspace: `exercises/NN_slug` and, beside it, `solutions/NN_slug`."""

    def __init__(self, folder: Path) -> None:
        named = FOLDER.fullmatch(folder.name)
        if named is None:
            raise BadInput(f"{folder} is not an exercise: its name is not two digits, an underscore and a slug")
        self.folder = folder
        self.name = folder.name
        self.number = int(named[1])
        self.slug = named[2]
        self.solution = folder.parent.parent / "solutions" / folder.name

    @cached_property
    def metadata(self) -> Metadata:
        return read_toml(self.folder / "exercise.toml", Metadata)

    def target(self, variant: str = "mine") -> Target:
        """The file of a variant: mine, original, solution or decoy:NAME; BadInput names those that exist."""
        files = {
            "mine": self.folder / "task.py",
            "original": self.solution / "original.py",
            "solution": self.solution / "task.py",
            **{f"decoy:{path.stem}": path for path in sorted((self.solution / "decoys").glob("*.py"))},
        }
        if variant not in files:
            raise BadInput(f"{self.name} has no variant {variant!r}; it has: {', '.join(files)}")
        return Target(files[variant], self.name, variant, load=self.metadata.setup.load)

    @property
    def setups(self) -> Setups:
        """How engines are to differ while the exercise runs."""
        return Setups({key: msgspec.to_builtins(engine) for key, engine in self.metadata.setup.engines.items()})

    @property
    def backend(self) -> str | None:
        """The cluster backend that the exercise insists on; None if the warm cluster will do."""
        return "local" if self.metadata.setup.launcher == STOCK else None

    def tables(self, seed: int, scale: int = 1) -> dict[str, Any]:
        """The tweets that the exercise runs on, by company; what breaks depends on the seed.

        scale: how many times as many rows, made by `tables(seed, scale)` if instance.py has that, else the same again.
        """
        made = load_file(self.solution / "instance.py").tables
        if scale == 1:
            return made(seed)
        if "scale" in inspect.signature(made).parameters:
            return made(seed, scale=scale)
        from harness.course.tables import repeated  # pandas, which listing exercises does not need

        return repeated(made(seed), scale)

    def few_tables(self, seed: int) -> dict[str, Any]:
        """What a search runs on, hundreds of times: `few(seed)` of instance.py, where its `tables` are too long."""
        instance = load_file(self.solution / "instance.py")
        return instance.few(seed) if hasattr(instance, "few") else self.tables(seed)

    def telling(self, events: list[Event], seed: int) -> list[Event]:
        """Those of the events, by time, that settle the diagnosis on the tweets of this seed."""
        return load_file(self.solution / "instance.py").decisive(events, self.tables(seed))

    @property
    def reference(self) -> Callable[[dict[str, Any]], Any]:
        """The sequential reference that the exercise's test file defines."""
        return load_file(self.folder / f"test_{self.name}.py").reference


def read_toml(path: Path, kind: type[T]) -> T:
    """Decode a TOML file into a schema; BadInput says what is wrong where."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        raise BadInput(f"{path} is missing; `git checkout -- {path}` brings the shipped one back") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        raise BadInput(f"{path}: {problem}; mend that line and save") from None


def load_file(path: Path) -> ModuleType:
    """Execute one of the course's own Python files and return it as a module."""
    spec = importlib.util.spec_from_file_location(f"course_{path.parent.name}_{path.stem}", path)
    if spec is None or spec.loader is None or not path.exists():
        raise BadInput(f"{path} is missing; `git checkout -- {path}` brings the shipped one back")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def all_exercises(workspace: Path | None = None) -> list[Exercise]:
    """The exercises of a workspace, by number. The tour, which has no task to mend, is not one of them."""
    folder = (workspace or places.workspace()) / "exercises"
    found = [path for path in folder.glob("[0-9][0-9]_*") if (path / "exercise.toml").exists()]
    return [Exercise(path) for path in sorted(found)]


def load(name: str, workspace: Path | None = None) -> Exercise:
    """The exercise of this number (`7`, `07`), slug or folder name; BadInput suggests the nearest if there is none."""
    exercises = all_exercises(workspace)
    for exercise in exercises:
        if name in (exercise.name, exercise.slug) or (name.isdigit() and int(name) == exercise.number):
            return exercise
    if not exercises:
        raise BadInput(f"no exercises in {workspace or places.workspace()}; go to the folder that holds exercises/")
    near = difflib.get_close_matches(name, [one for e in exercises for one in (e.slug, e.name)], 1)
    hint = f"did you mean {near[0]}?" if near else "`harness list` shows them"
    raise BadInput(f"no exercise {name!r}; {hint}")
