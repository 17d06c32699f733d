"""The cases of the labelled suite, as its manifest tells them; line markers resolved to lines."""

import tomllib
from pathlib import Path

import msgspec

from harness.errors import BadInput
from harness.places import CLONE
from harness.store import OUTCOMES, Limit

SUITE = CLONE / "tests" / "suite"
VIEWS = ("balanced", "direct")
MARK = "# where: "


class Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is true of one program; `family` is its file's stem, `name` its function's.

    main: the function takes a view, else it is a task without arguments. signs: those that must be seen; maybe: those
    that may be. type: of the first failure. where: the marker of the line that the evidence leads to. ended: how the
    engine's process ended, a signal's name or an exit code. near: the case that this healthy program looks like.
    unknown: whether that outcome is accepted as well. reference: the function that gives the expected result. cost: by
    counter, what it may cost. deadline: seconds. quick: whether it is part of the short form. alone: why a replay of
    its task by itself ends in another way, by nature; empty where it ends as it did.
    """

    family: str
    name: str
    outcome: str
    main: bool = False
    views: tuple[str, ...] = ("balanced",)
    signs: frozenset[str] = frozenset()
    maybe: frozenset[str] = frozenset()
    type: str | None = None
    where: str | None = None
    ended: str | int | None = None
    near: str | None = None
    unknown: bool = False
    reference: str | None = None
    cost: dict[str, Limit] = {}
    deadline: float = 10.0
    quick: bool = False
    alone: str = ""

    @property
    def file(self) -> Path:
        return SUITE / f"{self.family}.py"

    @property
    def healthy(self) -> bool:
        """Whether nothing at all is to be found in it."""
        return self.outcome == "ok" and not self.signs

    def line(self) -> int | None:
        """The number of the marked line; BadInput if the marker is not there exactly once."""
        if self.where is None:
            return None
        found = [
            number
            for number, text in enumerate(self.file.read_text(encoding="utf-8").splitlines(), 1)
            if text.endswith(f"{MARK}{self.where}")
        ]
        if len(found) != 1:
            raise BadInput(f"{self.file} has {len(found)} lines marked `{MARK}{self.where}`; mark one")
        return found[0]


def read(manifest: Path = SUITE / "manifest.toml") -> list[Case]:
    """The cases in the manifest's order. Raises BadInput for one that can't be meant."""
    if not manifest.is_file():
        raise BadInput(f"no suite at {manifest.parent}; run this in a clone of the repository")
    found = []
    for family, members in tomllib.loads(manifest.read_text(encoding="utf-8")).items():
        for name, fields in members.items():
            try:
                case = msgspec.convert({**fields, "family": family, "name": name}, type=Case)
            except msgspec.ValidationError as problem:
                raise BadInput(f"{manifest}: {family}.{name}: {problem}; see Case in {__name__}") from None
            if case.outcome not in OUTCOMES:
                raise BadInput(f"{manifest}: {family}.{name}: no outcome {case.outcome!r}; one of {OUTCOMES}")
            found.append(case)
    return found
