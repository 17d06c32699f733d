"""Waits that can never end, proven: threads on each other's locks, engines on locked files, tasks on tasks of theirs.

Each proof is a set of waits of which every one can be ended only by another of the set.
"""

import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

LOCKS = Path("/proc/locks")
_LOCK = re.compile(r"(?P<id>\d+): (?P<waits>-> )?(?P<kind>\w+) +\w+ +\w+ (?P<pid>-?\d+) \w+:\w+:(?P<inode>\d+) ")


class Wait(msgspec.Struct, frozen=True, kw_only=True):
    """A thread as `harness.engine.waits` describes it."""

    thread: str
    ident: int
    main: bool
    own: bool
    file: str | None = None
    line: int | None = None
    function: str | None = None
    source: str = ""
    what: str = ""
    owners: list[int] = []
    only_owners: bool = False
    tasks: list[str] = []


@dataclass(frozen=True)
class Deadlock:
    """An engine whose task waits for ever: why, and who waits for whom, a line each."""

    engine: int
    why: str
    waits: tuple[str, ...]


def among_threads(engine: int, waits: Iterable[Wait]) -> Deadlock | None:
    """The deadlock that the engine's main thread is in or waits for; None if there is none for certain.

    Any thread may release a plain lock. So where one is in the set, no thread of the user's may be outside of it.
    """
    threads = {wait.ident: wait for wait in waits}
    stuck = {ident for ident, wait in threads.items() if wait.owners}
    while free := {ident for ident in stuck if not stuck.issuperset(threads[ident].owners)}:
        stuck -= free
    others = [wait for wait in threads.values() if wait.own and wait.ident not in stuck]
    if others and not all(threads[ident].only_owners for ident in stuck):
        return None
    main = next((wait for wait in threads.values() if wait.main), None)
    if main is None or main.ident not in stuck:
        return None
    lines, seen, at = [], set[int](), main
    while at.ident not in seen:
        seen.add(at.ident)
        owner = threads[at.owners[0]]
        held_by = "itself" if owner is at else f"thread {owner.thread}"
        by = "" if at.what.startswith("thread ") else f", which {held_by} has"
        lines.append(f"thread {at.thread} waits for {at.what}{by}, at {place_of(at)}")
        at = owner
    if len(lines) == 1:
        return Deadlock(engine, f"its thread waits for {main.what}, which it has itself", tuple(lines))
    return Deadlock(engine, f"{len(lines)} of its threads wait for each other", tuple(lines))


def place_of(wait: Wait) -> str:
    """`task.py:12 in count`."""
    return f"{Path(wait.file).name}:{wait.line} in {wait.function}" if wait.file else "a place not known"


def on_files(
    pids: Mapping[int, int], waits: Mapping[int, Collection[Wait]], locks: str, has_children: Collection[int]
) -> list[Deadlock]:
    """Engines that wait for each other's flock locks.

    pids: process id by engine; waits: of the same engines; locks: the text of /proc/locks; has_children: engines with
    child processes, which may share a lock. An engine with more than one thread of the user's is taken to be free.
    """
    at = {pid: engine for engine, pid in pids.items() if engine in waits}
    single = {engine for engine, found in waits.items() if sum(wait.own or wait.main for wait in found) == 1}
    holder, waiting = {}, {}
    for found in _LOCK.finditer(locks):
        if found["waits"] is None:
            holder[found["id"]] = int(found["pid"])
        elif found["kind"] == "FLOCK" and int(found["pid"]) in at:
            waiting[int(found["pid"])] = (holder.get(found["id"], 0), int(found["inode"]))
    stuck = {pid for pid in waiting if at[pid] in single and at[pid] not in has_children}
    while free := {pid for pid in stuck if waiting[pid][0] not in stuck}:
        stuck -= free
    deadlocks = []
    for pid in sorted(stuck):
        engine, (other, inode) = at[pid], waiting[pid]
        has = "it has itself" if other == pid else f"engine {at[other]} has"
        main = next(wait for wait in waits[engine] if wait.main)
        line = f"engine {engine} waits for the lock on {_name(pid, inode)}, which {has}, at {place_of(main)}"
        deadlocks.append((engine, other == pid, line))
    lines = tuple(line for _, _, line in deadlocks)
    return [
        Deadlock(engine, "it waits for a locked file that it has locked itself", (line,))
        if alone
        else Deadlock(engine, f"{len(lines)} engines wait for files that they have locked", lines)
        for engine, alone, line in deadlocks
    ]


def locks() -> str:
    """What locks on files there are, as the kernel tells; empty where it does not."""
    try:
        return LOCKS.read_text()
    except OSError:
        return ""


def _name(pid: int, inode: int) -> str:
    """The name of a file that a process has open."""
    folder = Path(f"/proc/{pid}/fd")
    try:
        for descriptor in folder.iterdir():
            if descriptor.stat().st_ino == inode:
                return os.path.basename(os.readlink(descriptor))
    except OSError:
        pass
    return f"inode {inode}"


@dataclass(frozen=True)
class Nested:
    """An engine whose task waits for answers to what it sent itself: the message ids of those."""

    engine: int
    task: int
    label: str
    awaited: tuple[str, ...]
    place: str


def on_tasks(
    waiting: Collection[Nested], engines: Collection[int], unassigned: Collection[str], queues: Mapping[int, list[str]]
) -> list[Deadlock]:
    """Engines whose tasks wait for tasks that only these same engines could run.

    engines: all there are; unassigned: message ids of tasks that the scheduler has given to nobody; queues: by engine,
    message ids of those sent to it by name.
    """
    by_engine = {each.engine: each for each in waiting}
    queued_at = {msg_id: engine for engine, listed in queues.items() for msg_id in listed}
    stuck = set(by_engine)

    def hopeless(msg_id: str) -> bool:
        return queued_at.get(msg_id) in stuck or (msg_id in unassigned and stuck.issuperset(engines))

    while free := {each for each in stuck if not any(map(hopeless, by_engine[each].awaited))}:
        stuck -= free
    lines = []
    for engine in sorted(stuck):
        each = by_engine[engine]
        count = sum(map(hopeless, each.awaited))
        tasks = "a task that it sent itself" if count == 1 else f"{count} tasks that it sent itself"
        lines.append(f"engine {engine}: {f'task {each.task} {each.label}'.rstrip()} waits at {each.place} for {tasks}")
    if len(stuck) == 1:
        why = "its task waits for a task that it sent itself, and its own engine is the one that would have to run that"
    elif stuck.issuperset(engines):
        why = "its task waits for a task that it sent itself, and no engine is free: all wait in the same way"
    else:
        why = "its task waits for a task that it sent to an engine that waits in the same way"
    return [Deadlock(engine, why, tuple(lines)) for engine in sorted(stuck)]
