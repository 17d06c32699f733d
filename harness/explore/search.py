"""Looks for a schedule under which a program fails: few preemptions first, then at random; and shrinks it."""

import random
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from harness.explore.execution import Choose
from harness.explore.schedule import Schedule
from harness.explore.session import Session

BOUND = 2
"""Preemptions up to which schedules are searched exhaustively: most races need one or two (Musuvathi and Qadeer,
"Iterative context bounding for systematic testing of multithreaded programs", PLDI 2007)."""
DEPTHS = (2, 3)
"""Bug depths that priorities are drawn for (Burckhardt and others, "A randomized scheduler with probabilistic
guarantees of finding bugs", ASPLOS 2010)."""
SECONDS = 10.0


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
        """What was covered, in words that promise no more than was done."""
        within = f"every schedule with at most {self.bound} preemptions" if self.bound >= 0 else "no bound completed"
        return f"{within}, {self.schedules:,} schedules in all"


def follow(choices: Sequence[str]) -> Choose:
    """Chooses as listed, then goes on with whoever went last, as far as that is possible."""

    def choose(enabled: Sequence[str], last: str | None, step: int) -> str:
        if step < len(choices) and choices[step] in enabled:
            return choices[step]
        return last if last is not None and last in enabled else enabled[0]

    return choose


def walk(source: random.Random) -> Choose:
    """Chooses any enabled actor, each as likely as another."""
    return lambda enabled, last, step: source.choice(enabled)


def priorities(source: random.Random, steps: int, depth: int) -> Choose:
    """Goes on with the actor of the highest priority; at `depth - 1` random steps that one's falls below all others."""
    drops = {source.randrange(max(1, steps)) for _ in range(depth - 1)}
    rank: dict[str, float] = {}

    def choose(enabled: Sequence[str], last: str | None, step: int) -> str:
        for actor in enabled:
            rank.setdefault(actor, 1 + source.random())
        chosen = max(enabled, key=lambda actor: rank[actor])
        if step in drops:
            rank[chosen] = -float(step)
            chosen = max(enabled, key=lambda actor: rank[actor])
        return chosen

    return choose


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

    for schedule in _every_strategy(session, bound, random.Random(seed), progress, over):
        if schedule.outcome != "ok":
            first = sum(progress.tried.values())
            least = shrink(session, schedule, lambda: time.monotonic() - begin > 2 * seconds)
            return Report(least, progress.tried, progress.bound, time.monotonic() - begin, first)
    return Report(None, progress.tried, progress.bound, time.monotonic() - begin)


def until_failure(session: Session, strategy: str, source: random.Random, most: int) -> int | None:
    """Executions that a strategy (`bounded`, `random walk`, `priorities`) takes to the first failure, up to `most`."""
    progress = _Progress()
    found: Iterator[Schedule]
    if strategy == "bounded":
        found = _bounded(session, BOUND, progress, lambda: sum(progress.tried.values()) >= most)
    else:
        chosen = {"random walk": lambda: walk(source), "priorities": lambda: priorities(source, progress.longest, 2)}
        found = (progress.note(strategy, session.execute(chosen[strategy]())) for _ in range(most))
    return next((number for number, schedule in enumerate(found, 1) if schedule.outcome != "ok"), None)


def _every_strategy(
    session: Session, bound: int, source: random.Random, progress: _Progress, over: Callable[[], bool]
) -> Iterator[Schedule]:
    yield from _bounded(session, bound, progress, over)
    while not over():
        yield progress.note("random walk", session.execute(walk(source)))
        for depth in DEPTHS:
            chosen = priorities(source, progress.longest, depth)
            yield progress.note(f"priorities, depth {depth}", session.execute(chosen))


def _bounded(session: Session, bound: int, progress: _Progress, over: Callable[[], bool]) -> Iterator[Schedule]:
    """Every schedule with at most `bound` preemptions, fewest first."""
    levels: list[deque[list[str]]] = [deque() for _ in range(bound + 1)]
    levels[0].append([])
    for level, prefixes in enumerate(levels):
        while prefixes:
            if over():
                return
            prefix = prefixes.popleft()
            schedule = progress.note(f"preemptions {level}", session.execute(follow(prefix)))
            yield schedule
            _branch(schedule, len(prefix), level, levels)
        progress.bound = level


def _branch(schedule: Schedule, begin: int, level: int, levels: list[deque[list[str]]]) -> None:
    """Add the prefixes that part from a schedule at or after step `begin`, each to the level of its preemptions."""
    steps = schedule.steps
    for at in range(begin, len(steps)):
        before = steps[at - 1].actor if at else None
        for other in steps[at].enabled:
            if other == steps[at].actor:
                continue
            cost = level + int(before in steps[at].enabled and other != before)
            if cost < len(levels):
                levels[cost].append([*(step.actor for step in steps[:at]), other])


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
