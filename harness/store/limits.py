"""What a run can be counted up to, the limits that are declared for it, and which of them it is beyond.

Counts and ratios only: none is a time, for a loaded machine is to give the same verdict as one at rest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec


@dataclass(frozen=True)
class Counter:
    """A counter as people read it: `shown` formats its value, `means` says what it is in half a sentence."""

    shown: str
    means: str


COUNTERS = {
    "tasks": Counter("{:,.0f}", "tasks sent"),
    "bytes_out": Counter("{:,.0f}", "bytes that engines received"),
    "bytes_back": Counter("{:,.0f}", "bytes of their answers"),
    "bytes_repeated": Counter("{:,.0f}", "bytes sent again although every engine could have had them"),
    "loads": Counter("{:,.0f}", "files opened for reading inside of tasks"),
    "loads_repeated": Counter("{:,.0f}", "of these, files that the engine had opened before"),
    "imports": Counter("{:,.0f}", "imports inside of tasks of what was not loaded yet"),
    "threads": Counter("{:,.0f}", "threads that one engine had for its tasks at the most"),
    "threads_per_core": Counter("{:.2f}", "threads of all engines for each core"),
    "overlap": Counter("{:.0%}", "share of the time in which tasks ran at the same time, before the last one began"),
    "longest_share": Counter("{:.0%}", "the longest task's share of the CPU time of all"),
    "imbalance": Counter("{:.2f}", "CPU time of the busiest engine, divided by the mean of all"),
    "busy_share": Counter("{:.0%}", "share of their time that engines spent inside of tasks"),
    "cpu_share": Counter("{:.0%}", "CPU time inside of tasks as a share of the engines' time"),
    "growth": Counter("{:.2f}", "exponent of a task's CPU time with the bytes it received; 1 is linear"),
}


class Limit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a counter may be: `most`, `least`, or both."""

    most: float | None = None
    least: float | None = None

    def __post_init__(self) -> None:
        if self.most is None and self.least is None:
            raise ValueError("a limit needs `most` or `least`, such as { most = 32 }")


class Over(msgspec.Struct, frozen=True, kw_only=True):
    """A counter that is beyond what was declared: above `most`, or below `least`."""

    counter: str
    value: float
    most: float | None = None
    least: float | None = None


def check_names(names: Iterable[str]) -> None:
    """Raise ValueError for a limit on what is no counter."""
    if unknown := sorted(set(names) - set(COUNTERS)):
        raise ValueError(f"{unknown[0]!r} is no counter; there are: {', '.join(COUNTERS)}")


def over(counters: Mapping[str, float], limits: Mapping[str, Limit]) -> list[Over]:
    """The counters that are beyond their limits, in the order of the limits. One that the run has not, is not."""
    found = []
    for name, limit in limits.items():
        value = counters.get(name)
        if value is None:
            continue
        if (limit.most is not None and value > limit.most) or (limit.least is not None and value < limit.least):
            found.append(Over(counter=name, value=value, most=limit.most, least=limit.least))
    return found


def said(one: Over) -> str:
    """`tasks is 1,200, asked for is at most 64 (tasks sent)`."""
    known = COUNTERS[one.counter]
    above = one.most is not None and one.value > one.most
    limit = known.shown.format(one.most if above else one.least)
    asked = f"at most {limit}" if above else f"at least {limit}"
    return f"{one.counter} is {known.shown.format(one.value)}, asked for is {asked} ({known.means})"
