"""What the engines of a running cluster are at, now: task, stacks with values, who waits for what."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import ipyparallel as ipp
import msgspec

from harness.cluster import Cluster
from harness.recorder.asking import ask
from harness.store import Stack
from harness.triage.native import asked_for

ANSWER = 1.0
"""Seconds that an engine has to answer on its control thread, which code that holds the GIL keeps from it."""


@dataclass(frozen=True)
class AtNow:
    """One engine: its process, the task it is at (None: none that is recorded), threads, and what they wait for.

    native: what faulthandler saw, where the control thread did not answer; then there are no values.
    """

    engine: int
    pid: int | None
    task: dict[str, Any] | None = None
    stacks: list[Stack] = field(default_factory=list)
    waits: list[dict[str, Any]] = field(default_factory=list)
    native: str = ""
    seconds: float = 0.0


def look(cluster: Cluster, client: ipp.Client, engines: list[int] | None = None) -> list[AtNow]:
    """What engines are at, all asked at once; `seconds` is how long the answer took.

    An engine answers while a recorded run goes on. Else, and where its GIL is held, there is its native stack.
    """
    wanted = list(client.ids) if engines is None else engines
    with ThreadPoolExecutor(max(1, len(wanted))) as pool:
        return list(pool.map(lambda engine: _one(cluster, client, engine), wanted))


def value(client: ipp.Client, engine: int, expression: str) -> str | None:
    """What an expression gives in the innermost frame of the user's code of the engine; None without an answer."""
    return ask(client, engine, ANSWER, "value", expression=expression)


def _one(cluster: Cluster, client: ipp.Client, engine: int) -> AtNow:
    begin = time.perf_counter()
    process = cluster.engines.get(engine)
    pid = process.pid if process else None
    answer = ask(client, engine, ANSWER, "look")
    if answer is None:
        native = asked_for(process, ANSWER) if process else ""
        return AtNow(engine, pid, native=native, seconds=time.perf_counter() - begin)
    stacks = msgspec.convert(answer["stacks"], type=list[Stack])
    return AtNow(engine, pid, answer["task"], stacks, answer["waits"], "", time.perf_counter() - begin)
