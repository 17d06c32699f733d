"""How soon is something on the screen: help, the exercises, a thousand runs, a million log lines of eight engines?"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from harness import store
from harness.apps.measured import memory_of, spread
from harness.errors import CannotWork
from harness.places import CLONE
from harness.store import Outcome

REPEATS = 7
LONG_REPEATS = 3
RUNS = 1_000
ENGINES = 8
LINES = 1_000_000
LEVELS = ("DEBUG", "INFO", "INFO", "INFO", "INFO", "INFO", "INFO", "INFO", "WARNING", "ERROR")
TRACEBACK = '    Traceback (most recent call last):\n      File "lemmas.py", line 41, in count\n'
LIMIT = 300.0  # seconds for one command
NEEDED = {"--help": 0.25, "list": 0.25, "runs": 0.3}
LINES_A_SECOND = 200_000
MEMORY = 200e6  # bytes
LOOK = 0.05
"""Seconds between two looks at how much memory a command holds."""


def run(runs: int = RUNS, lines: int = LINES, repeats: int = REPEATS) -> dict[str, Any]:
    """Call the commands in turn, each in a new process whose output goes to a file, `repeats` times; wall seconds.

    Python alone: an interpreter that does nothing, for comparison. memory: the most that the process held,
    looked at twenty times a second.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        many, big = folder / "many", folder / "big"
        _make_runs(many / "runs", runs)
        _make_logs(big / "runs", lines)
        short: dict[str, list[Call]] = {"Python alone": [], "--help": [], "list": [], "runs": []}
        for _ in range(repeats):
            short["Python alone"].append(_call(CLONE, "-c", "pass"))
            short["--help"].append(_call(CLONE, "-m", "harness", "--help"))
            short["list"].append(_call(CLONE, "-m", "harness", "list"))
            short["runs"].append(_call(many, "-m", "harness", "runs"))
        long: dict[str, list[Call]] = {"WARNING and above": [], "all": []}
        for _ in range(min(repeats, LONG_REPEATS)):
            long["WARNING and above"].append(_call(big, "-m", "harness", "logs", "--merge", "--level", "WARNING"))
            long["all"].append(_call(big, "-m", "harness", "logs", "--merge"))
    rates = {name: [lines / call.seconds for call in calls] for name, calls in long.items()}
    needed = {
        **{
            f"harness {name}, below {limit} s": median(call.seconds for call in short[name]) < limit
            for name, limit in NEEDED.items()
        },
        f"lines merged, at least {LINES_A_SECOND} a second": min(map(median, rates.values())) >= LINES_A_SECOND,
        f"memory, below {MEMORY / 1e6:.0f} MB": max(call.memory for calls in long.values() for call in calls) < MEMORY,
    }
    return {
        "runs listed": runs,
        "lines merged": lines,
        "seconds of a command": {name: _seconds(calls) for name, calls in short.items()},
        f"harness logs --merge, {ENGINES} engines": {
            name: {
                "seconds": _seconds(calls),
                "lines a second": spread(rates[name]),
                "memory, MB": max(call.memory for call in calls) / 1e6,
            }
            for name, calls in long.items()
        },
        "needed": needed,
        "holds": all(needed.values()),
    }


@dataclass(frozen=True)
class Call:
    """A command that ended: wall seconds, and the most bytes of memory that it held."""

    seconds: float
    memory: int


def _call(workspace: Path, *arguments: str) -> Call:
    with tempfile.TemporaryFile() as output:
        begin = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=CLONE,
            env={**os.environ, "HARNESS_WORKSPACE": str(workspace)},
            stdout=output,
            stderr=output,
        )
        here = [psutil.Process(process.pid)]
        with memory_of(lambda: here, LOOK) as held:
            try:
                process.wait(LIMIT)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            seconds = time.perf_counter() - begin
        if process.returncode:
            output.seek(0)
            said = output.read().decode(errors="replace").strip()[-300:] or f"no end within {LIMIT:g} s"
            raise CannotWork(f"{' '.join(arguments)} failed: {said}; see `harness doctor`")
    return Call(seconds, max(held, default=0))


def _seconds(calls: list[Call]) -> dict[str, float]:
    return spread([call.seconds for call in calls])


def _make_runs(folder: Path, count: int) -> None:
    """Run directories that differ in their names only, as one run made them."""
    writer = store.create(folder, "01_three_of_four", "mine", engines=2, backend="forked")
    counters = {"tasks": 4, "bytes_out": 91_234, "bytes_back": 1_234, "busy_share": 0.81}
    writer.finish(Outcome(outcome="ok", reason="main returned, and no task failed", counters=counters))
    for number in range(1, count):
        copy = folder / writer.folder.name.replace("mine", f"mine{number}")
        copy.mkdir()
        for name in ("manifest.json", "outcome.json"):
            shutil.copy(writer.folder / name, copy / name)


def _make_logs(folder: Path, lines: int) -> None:
    """A run whose engines logged `lines` lines together, at random times, some of them with a traceback."""
    writer = store.create(folder, "loud", "mine", engines=ENGINES, backend="forked")
    writer.finish(Outcome(outcome="ok", reason="main returned, and no task failed"))
    chance = random.Random(lines)
    for engine in range(ENGINES):
        now, written = datetime(2026, 3, 1, 9, tzinfo=UTC).timestamp(), 0
        with (writer.folder / f"engine-{engine}.log").open("w", encoding="utf-8") as file:
            while written < lines // ENGINES:
                now += chance.expovariate(400)
                level = chance.choice(LEVELS)
                at = datetime.fromtimestamp(now, UTC).isoformat(" ", timespec="milliseconds").removesuffix("+00:00")
                file.write(f"{at}Z | engine {engine} | task {written // 100} amzn | {level} | lemmas:count:41 | ")
                file.write(f"tweet {written} has {written % 7} words that WordNet knows\n")
                written += 1
                if level == "ERROR" and written + 2 <= lines // ENGINES:
                    file.write(TRACEBACK)
                    written += 2
