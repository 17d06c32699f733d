"""The types of what `harness speedup` finds out: how a program scales, and what costs."""

import msgspec


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """The runs with one number of engines at one size. `seconds` are each run's, from main's begin to its return.

    Speed-up, efficiency and serial fraction (Karp–Flatt) are of the median, against one engine at the same size; None
    where there is none to compare with. `runs` names the run directories.
    """

    engines: int
    scale: int
    seconds: list[float]
    median: float
    speed_up: float | None = None
    efficiency: float | None = None
    serial_fraction: float | None = None
    runs: list[str] = []


class Amdahl(msgspec.Struct, frozen=True, kw_only=True):
    """The serial fraction that fits best at the largest size, with its standard error, and the speed-up it allows."""

    fraction: float
    error: float | None
    limit: float | None


class TaskGrowth(msgspec.Struct, frozen=True, kw_only=True):
    """The exponent by which one task's time grows with its input, with its standard error.

    `fixed_share` is the share of a task, at the largest size, that does not grow.
    """

    exponent: float
    error: float | None
    fixed_share: float


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What costs: a class of cause, its evidence, and the share of the time that a mend would save at the most.

    The share is None where what was measured does not tell it.
    """

    cause: str
    share: float | None
    evidence: str


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """How a program scales, and why.

    `engines`, `scale` and `run` are of the run that is looked at closely: the largest size, as many engines as there
    are cores at the most. `spent` is where its engines' time went, in shares of it. `findings` are what costs, the
    most first; None where they are withheld. `notes` are what surprises.
    """

    target: str
    variant: str
    cores: int
    cells: list[Cell]
    cold: dict[int, float]
    engines: int
    scale: int
    run: str
    spent: dict[str, float]
    amdahl: Amdahl | None = None
    growth: TaskGrowth | None = None
    findings: list[Finding] | None = []
    notes: list[str] = []
