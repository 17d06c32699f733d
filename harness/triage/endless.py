"""Tasks in ipyparallel's queue that no engine will ever get, proven from what was sent and what engines recorded.

The rules are those of ipyparallel's task scheduler (task_scheduler.py, `maybe_run` and `handle_unmet_dependency`): an
engine on which a task failed, with retries left, or whose dependency was not met there, never gets that task again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ipyparallel import Dependency

from harness.triage.progress import UNMET, Attempt, Progress


@dataclass(frozen=True)
class Queued:
    """A task sent through the scheduler and not answered. `targets` are engine ids, empty for any engine."""

    number: int
    msg_id: str
    retries: int = 0
    targets: frozenset[int] = frozenset()
    after: Dependency | None = None
    follow: Dependency | None = None
    timeout: bool = False


@dataclass(frozen=True)
class Endless:
    """A task that waits for ever, and why. `attempt` is its last one, if it had any."""

    task: int
    why: str
    attempt: Attempt | None = None


def never_begin(
    queued: Sequence[Queued], progress: Progress, alive: Collection[int], numbers: Mapping[str, int]
) -> list[Endless]:
    """Which of the queued tasks will never begin again, as long as no new engine comes; causes before consequences.

    alive: ids of all engines that the hub knows. numbers: task numbers by message id, of all tasks of the run.
    """
    if not alive:
        return [Endless(one.number, "no engine is left that could take it") for one in queued]
    engines = set(alive)
    at_work = {work.task for work in progress.at_work.values()}
    found: dict[int, Endless] = {}
    open_ones = [one for one in queued if one.number not in at_work and not one.timeout]
    for one in open_ones:
        if why := _refused(one, progress, engines) or _bound(one, progress, engines, numbers):
            attempts = progress.failed.get(one.number)
            found[one.number] = Endless(one.number, why, attempts[-1] if attempts else None)
    while more := [(one, on) for one in open_ones if one.number not in found and (on := _behind(one, found, numbers))]:
        for one, on in more:
            found[one.number] = Endless(one.number, f"it comes after task {on}, which never ends")
    return list(found.values())


def _refused(one: Queued, progress: Progress, alive: set[int]) -> str:
    """Why no engine will take a task that each of them has had; empty if one may, or an answer is on its way."""
    attempts = progress.failed.get(one.number, [])
    spent = [each for each in attempts if each.type != UNMET]
    if not attempts or one.targets or len(spent) > one.retries or alive - {each.engine for each in attempts}:
        return ""
    tried = "its only engine" if len(alive) == 1 else f"each of the {len(alive)} engines"
    again = "ipyparallel gives a task to no engine twice"
    if not spent:
        return f"{tried} has rejected it as its dependency was not met there, and {again}"
    failed = f"{len(spent)} of {one.retries + 1} attempts failed"
    return f"{failed}, {tried} has had it, and {again}: with retries={one.retries} it waits for an engine more"


def _bound(one: Queued, progress: Progress, alive: set[int], numbers: Mapping[str, int]) -> str:
    """Why a task that must follow others can't: the engine where they ran is gone or has had it."""
    follow = one.follow
    if not follow or not follow.success or follow.failure or len(progress.failed.get(one.number, [])) > one.retries:
        return ""
    tasks = {numbers.get(each) for each in follow}
    ran = {progress.served_by.get(task) for task in tasks if task is not None}
    if None in tasks or None in ran or (follow.all and len(ran) > 1):
        return ""  # not known, not yet so, or for ipyparallel to answer with ImpossibleDependency
    refused = {each.engine for each in progress.failed.get(one.number, [])}
    if (ran & alive) - refused:
        return ""
    where = ", ".join(str(engine) for engine in sorted(engine for engine in ran if engine is not None))
    gone = "is gone" if not ran & alive else "has had it already"
    listed = ", ".join(str(task) for task in sorted(task for task in tasks if task is not None))
    return f"it may only run where task {listed} ran, and that engine, {where}, {gone}"


def _behind(one: Queued, stuck: Mapping[int, Endless], numbers: Mapping[str, int]) -> int | None:
    """A task that never ends and that this one must wait for."""
    for dependency in (one.after, one.follow):
        if not dependency:
            continue
        waited_for = [numbers.get(each) for each in dependency]
        hopeless = [task for task in waited_for if task in stuck]
        if hopeless and (dependency.all or len(hopeless) == len(waited_for)):
            return hopeless[0]
    return None
