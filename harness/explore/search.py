"""Looks for a schedule under which a program fails: few preemptions first, then at random; and shrinks it."""

import math
import random
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from harness.explore.execution import MOST_LENT, Choose
from harness.explore.reduction import Frontier
from harness.explore.schedule import Schedule
from harness.explore.session import Session

BOUND = 2
"""Preemptions up to which schedules are searched exhaustively: most races need one or two (Musuvathi and Qadeer,
"Iterative context bounding for systematic testing of multithreaded programs", PLDI 2007)."""
DEPTHS = (2, 3)
"""Bug depths that priorities are drawn for (Burckhardt and others, "A randomized scheduler with probabilistic
guarantees of finding bugs", ASPLOS 2010)."""
SECONDS = 10.0
SCHEDULES_OF_EACH = 60
"""Orders tried of each input, where inputs are drawn, too."""
SOON = 300
"""Orders within which the bounded search may still find a failure with fewer preemptions than one found by chance."""
CHANCE = 3
"""Orders by bounded search for each one by chance, which is the sooner where many actors do much."""


@dataclass(frozen=True)
class Report:
    """What a search covered and found.

    failing: the shrunk schedule, None if none failed. tried: executions by strategy. bound: the number of preemptions
    up to which every schedule was tried, -1 if not even those without. first: executions until the first failure.
    """

    failing: Schedule | None
    tried: dict[str, int]
    bound: int
    seconds: float
    first: int | None = None

    @property
    def schedules(self) -> int:
        return sum(self.tried.values())

    @property
    def covered(self) -> str:
        """What was covered, in words that promise no more than was done.

        Orders that differ only in steps that share nothing have the same end: one of them stands for all. A task
        that opens a database, a connection, shared memory or a process counts from then on as sharing everything; what
        tasks on different engines share unseen by still other means is not taken into account.
        """
        if self.bound < 0:
            return f"no bound completed, {self.schedules:,} schedules in all"
        within = f"every schedule with at most {self.bound} preemptions that can end differently"
        return f"{within}, {self.schedules:,} schedules in all"


class follow:
    """Chooses as listed, then goes on with whoever went last, as far as that is possible."""

    def __init__(self, choices: Sequence[str]) -> None:
        self._choices = choices

    def __call__(self, enabled: Sequence[str], last: str | None, step: int) -> str:
        if step < len(self._choices) and self._choices[step] in enabled:
            return self._choices[step]
        return last if last is not None and last in enabled else enabled[0]

    def lend(self, actor: str, others: Collection[str], step: int) -> int:
        """How many steps from this one on go to the actor, as long as none has to wait."""
        until = (run for run, choice in enumerate(self._choices[step:]) if choice != actor)
        return next(until, MOST_LENT)


def walk(source: random.Random) -> Choose:
    """Chooses any enabled actor, each as likely as another."""
    return lambda enabled, last, step: source.choice(enabled)


class priorities:
    """Goes on with the actor of the highest priority; at `depth - 1` random steps that one's falls below all others."""

    def __init__(self, source: random.Random, steps: int, depth: int) -> None:
        self._source = source
        self._drops = sorted({source.randrange(max(1, steps)) for _ in range(depth - 1)})
        self._rank: dict[str, float] = {}

    def __call__(self, enabled: Sequence[str], last: str | None, step: int) -> str:
        for actor in enabled:
            self._rank.setdefault(actor, 1 + self._source.random())
        chosen = max(enabled, key=self._rank.__getitem__)
        if step in self._drops:
            self._rank[chosen] = -float(step)
            chosen = max(enabled, key=self._rank.__getitem__)
        return chosen

    def lend(self, actor: str, others: Collection[str], step: int) -> int:
        """How many steps from this one on go to the actor, as long as none has to wait: until it falls."""
        if any(self._rank.get(other, math.inf) > self._rank[actor] for other in others):
            return 0
        return next((drop - step for drop in self._drops if drop >= step), MOST_LENT)


@dataclass
class _Progress:
    tried: dict[str, int] = field(default_factory=dict)
    bound: int = -1
    longest: int = 0

    def note(self, strategy: str, schedule: Schedule) -> Schedule:
        self.tried[strategy] = self.tried.get(strategy, 0) + 1
        self.longest = max(self.longest, len(schedule.steps))
        return schedule


def search(
    session: Session, *, bound: int = BOUND, schedules: int = 5_000, seconds: float = SECONDS, seed: int = 0
) -> Report:
    """Search until a schedule fails, or `schedules` were tried, or `seconds` have passed.

    All schedules with no preemption first, then with one, up to `bound`; what is left of the budget goes to random
    walks and random priorities, drawn from `seed`. A failing schedule is shrunk to as few preemptions as possible.
    """
    begin, progress = time.monotonic(), _Progress()

    def over() -> bool:
        return sum(progress.tried.values()) >= schedules or time.monotonic() - begin > seconds

    def late() -> bool:
        return time.monotonic() - begin > 2 * seconds

    bounded = _bounded(session, bound, progress, over)
    for schedule in _every_strategy(session, bounded, random.Random(seed), progress, over):
        if schedule.outcome != "ok":
            first = sum(progress.tried.values())
            least = _fewest(session, bounded, shrink(session, schedule, late), late)
            return Report(least, progress.tried, progress.bound, time.monotonic() - begin, first)
    return Report(None, progress.tried, progress.bound, time.monotonic() - begin)


def first_failure(session: Session, *, bound: int, schedules: int, seed: int) -> Schedule | None:
    """The first schedule that fails, of as many as are tried; it is not shrunk."""
    progress = _Progress()

    def over() -> bool:
        return sum(progress.tried.values()) >= schedules

    each = _every_strategy(session, _bounded(session, bound, progress, over), random.Random(seed), progress, over)
    return next((schedule for schedule in each if schedule.outcome != "ok"), None)


def until_failure(session: Session, strategy: str, source: random.Random, most: int) -> int | None:
    """Executions that a strategy (`bounded`, `random walk`, `priorities`) takes to the first failure, up to `most`."""
    progress = _Progress()
    found: Iterator[Schedule]
    if strategy == "bounded":
        found = _bounded(session, BOUND, progress, lambda: sum(progress.tried.values()) >= most)
    else:
        chosen: dict[str, Callable[[], Choose]] = {
            "random walk": lambda: walk(source),
            "priorities": lambda: priorities(source, progress.longest, 2),
        }
        found = (progress.note(strategy, session.execute(chosen[strategy]())) for _ in range(most))
    return next((number for number, schedule in enumerate(found, 1) if schedule.outcome != "ok"), None)


def _every_strategy(
    session: Session,
    bounded: Iterator[Schedule],
    source: random.Random,
    progress: _Progress,
    over: Callable[[], bool],
) -> Iterator[Schedule]:
    """Bounded search, one order in four by chance; when the bound is completed, all of them."""
    chance = _by_chance(session, source, progress)
    for number, schedule in enumerate(bounded, 1):
        yield schedule
        if number % CHANCE == 0 and not over():
            yield next(chance)
    while not over():
        yield next(chance)


def _by_chance(session: Session, source: random.Random, progress: _Progress) -> Iterator[Schedule]:
    while True:
        yield progress.note("random walk", session.execute(walk(source)))
        for depth in DEPTHS:
            chosen = priorities(source, progress.longest, depth)
            yield progress.note(f"priorities, depth {depth}", session.execute(chosen))


def _bounded(session: Session, bound: int, progress: _Progress, over: Callable[[], bool]) -> Iterator[Schedule]:
    """Every schedule with at most `bound` preemptions, fewest first, of those that differ in nothing but one each."""
    frontier = Frontier(bound)
    while (found := frontier.next()) is not None:
        if over():
            return
        level, choices = found
        schedule = progress.note(f"preemptions {level}", session.execute(follow(choices)))
        yield schedule
        frontier.note(schedule, len(choices))
        progress.bound = max(progress.bound, frontier.complete)


def _fewest(session: Session, bounded: Iterator[Schedule], failing: Schedule, over: Callable[[], bool]) -> Schedule:
    """The same outcome with fewer preemptions, if the bounded search comes to one soon."""
    for schedule in islice(bounded, SOON):
        if schedule.preemptions >= failing.preemptions or over():
            break
        if schedule.outcome == failing.outcome:
            return shrink(session, schedule, over)
    return failing


def shrink(session: Session, failing: Schedule, over: Callable[[], bool]) -> Schedule:
    """The same failure with fewer preemptions and steps, as far as simple attempts find it: shorter prefixes first."""
    best = failing
    improved = True
    while improved and not over():
        improved = False
        for prefix in _simpler(best):
            if over():
                break
            again = session.execute(follow(prefix))
            if again.outcome == best.outcome and _size(again) < _size(best):
                best, improved = again, True
                break
    return best


def _size(schedule: Schedule) -> tuple[int, int]:
    return schedule.preemptions, len(schedule.steps)


def _simpler(schedule: Schedule) -> Iterator[list[str]]:
    """Choices of a schedule with one of its switches left out, or cut off early."""
    choices = schedule.choices
    switches = [i for i in range(1, len(choices)) if choices[i] != choices[i - 1]]
    for at in switches:
        yield choices[:at]
    for at in switches:
        yield [*choices[:at], *(choice for choice in choices[at:] if choice == choices[at - 1])]


def replayed(session: Session, schedule: Schedule) -> Schedule:
    """Execute the choices of a schedule again; outcome `diverged` if another step came, or other actors could go."""
    again = session.execute(follow(schedule.choices))
    for number, (was, now) in enumerate(zip(schedule.steps, again.steps, strict=False), 1):
        if (was.actor, was.kind, was.enabled) != (now.actor, now.kind, now.enabled):
            said = f"step {number} was {was.actor} {was.kind}, and is {now.actor} {now.kind}"
            return _diverged(again, said)
    if len(schedule.steps) != len(again.steps) or schedule.outcome != again.outcome:
        return _diverged(again, f"{schedule.outcome} after {len(schedule.steps)} steps, and now {again.outcome} "
                                f"after {len(again.steps)}")  # fmt: skip
    return again


def _diverged(schedule: Schedule, reason: str) -> Schedule:
    import msgspec

    return msgspec.structs.replace(schedule, outcome="diverged", reason=reason)
