"""How soon the debug ladder answers: a post-mortem command, and the stack of an engine that hangs or computes."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ipyparallel as ipp
import pandas

from harness import cluster
from harness.apps.debugger import frames_of
from harness.apps.measured import spread
from harness.cluster import Cluster
from harness.errors import CannotWork
from harness.recorder.asking import ask
from harness.store import Run
from harness.triage import live, record
from harness.triage.native import asked_for

ENGINES = 2
TIMES = 50
ROWS = 30_000
LIMIT = 30.0  # seconds for each step
COMMANDS = ("w", "u", "d", "l", "ll", "a", "p len(words)", "pp tweets", "whatis tweets", "source shorten")
POSTMORTEM, WITH_VALUES, WITHOUT = 10.0, 100.0, 10.0
"""Milliseconds that the median of a post-mortem command may take, of a stack with values, and of one without."""


def run(times: int = TIMES) -> dict[str, Any]:
    """On 2 forked engines: each of pdb's commands on a failed task, then looks at an engine that hangs and one that
    computes, each `times` times. Milliseconds as seen by the client: the median, the least and the most.

    The frames hold a table of 30,000 rows, its texts as a list and as words. Raises CannotWork if an engine does not
    answer.
    """
    with (
        cluster.start(ENGINES) as running,
        running.client() as client,
        tempfile.TemporaryDirectory(prefix="bench-ladder-") as place,
    ):
        folder = Path(place)
        commands = _postmortem(running, client, folder, times)
        every = statistics.median([one for taken in commands.values() for one in taken])
        hung = {kind: _looks(running, client, folder, kind, times) for kind in ("waiting", "computing")}
        values = max(statistics.median(taken["stacks with values"]) for taken in hung.values())
        without = max(statistics.median(taken["stacks without"]) for taken in hung.values())
    return {
        "engines": ENGINES,
        "times": times,
        "ms of a post-mortem command": {name: spread(taken) for name, taken in commands.items()},
        **{
            f"ms of a look at an engine that is {kind}": {name: spread(one) for name, one in taken.items()}
            for kind, taken in hung.items()
        },
        f"a command at most {POSTMORTEM:g} ms": every <= POSTMORTEM,
        f"a stack with values at most {WITH_VALUES:g} ms": values <= WITH_VALUES,
        f"a stack without at most {WITHOUT:g} ms": without <= WITHOUT,
        "holds": every <= POSTMORTEM and values <= WITH_VALUES and without <= WITHOUT,
    }


def _postmortem(running: Cluster, client: ipp.Client, folder: Path, times: int) -> dict[str, list[float]]:
    run = _failed(running, client, folder)
    frames = frames_of(run, 1, client)
    if not frames.origin.startswith("live"):
        raise CannotWork(f"the engine has not kept the frames of its failed task: {frames.origin}")
    return {command: _taken(lambda command=command: frames.do(command), times) for command in COMMANDS}  # type: ignore[misc]


def _failed(running: Cluster, client: ipp.Client, folder: Path) -> Run:
    with record(client, runs=folder, cluster=running) as recorded:
        client[0].apply_async(_count, ROWS, "failing").exception(timeout=LIMIT)
    assert recorded.run is not None
    return recorded.run


def _looks(running: Cluster, client: ipp.Client, folder: Path, kind: str, times: int) -> dict[str, list[float]]:
    with _at_work(running, client, folder, kind):
        return {
            "stacks with values": _taken(lambda: ask(client, 0, LIMIT, "stacks"), times),
            "stacks without": _taken(lambda: asked_for(running.engines[0], LIMIT), times),
            "harness stacks": _taken(lambda: live.look(running, client, [0]), times),
            "an expression": _taken(lambda: live.value(client, 0, "len(words)"), times),
        }


@contextmanager
def _at_work(running: Cluster, client: ipp.Client, folder: Path, kind: str) -> Iterator[None]:
    """While open, engine 0 is in a task that waits or computes until it is told to end."""
    with record(client, runs=folder, cluster=running):
        answer = client[0].apply_async(_count, ROWS, kind)
        try:
            limit = time.monotonic() + LIMIT
            while live.value(client, 0, "len(words)") != str(ROWS):
                if time.monotonic() > limit:
                    raise CannotWork(f"the engine did not come to its task within {LIMIT:g} s")
            yield
        finally:
            live.value(client, 0, "told.append('end')")
            answer.get(timeout=LIMIT)


def _count(rows: int, kind: str) -> int:
    tweets = pandas.DataFrame({"text": ["to the moon"] * rows, "likes": range(rows)})
    return shorten(tweets, kind, [])


def shorten(tweets: pandas.DataFrame, kind: str, told: list[str]) -> int:
    """The innermost frame: fails, or waits or computes until it is told to end."""
    texts = list(tweets["text"])
    words = [text.split() for text in texts]
    if kind == "failing":
        return len(words[len(texts)])
    while not told:
        if kind == "waiting":
            time.sleep(0.05)
    return len(words)


def _taken(look: Callable[[], Any], times: int) -> list[float]:
    """Milliseconds of each look but the first, which imports; raises CannotWork if one is not answered."""
    taken = []
    for _ in range(times + 1):
        begin = time.perf_counter()
        if not look():
            raise CannotWork(f"no answer within {LIMIT:g} s")
        taken.append((time.perf_counter() - begin) * 1e3)
    return taken[1:]
