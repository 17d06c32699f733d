"""How fast is the tour here, recorded, beside the tools that people would take instead, cold and warm?"""

import contextlib
import json
import os
import random
import secrets
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from harness.apps.measured import interval_of_mean, memory_of, spread
from harness.apps.peers.job import DEADLINE
from harness.apps.peers.setups import OURS, PEERS
from harness.errors import BadInput, CannotWork
from harness.places import CLONE, TWEETS

WORKERS = 2
COLD, WARM, FINAL = 2, 3, 11
FINALISTS = 3
"""Peers that go on to the final rounds: the machine's own ups and downs are larger than what tells them apart."""
COLD_FINAL, COLD_FINALISTS = 5, 2
"""The same for cold tours, among the peers that import TensorFlow in each process."""
BESIDE = 25
"""Rounds beside the ceiling: one differs from the next by more than what is looked for."""
CEILING = "beside the ceiling"
OF_CEILING = 0.95
MEMORY = 1.7e9
"""Bytes that a tool with two workers takes, generously; all stay up while the warm rounds take turns."""
SAMPLE = 0.05
"""Seconds between two looks at the memory of all processes."""
END = 20.0
TOKEN = "HARNESS_PEER"

Taken = dict[str, list[float]]


def run(
    folder: Path = TWEETS,
    rows: int | None = None,
    cold: int = COLD,
    warm: int = WARM,
    final: int = FINAL,
    cold_final: int = COLD_FINAL,
    beside: int = BESIDE,
    peers: Collection[str] = tuple(PEERS),
) -> dict[str, Any]:
    """Let each tool do the same three tasks on the same parts of the same tables with two workers, in turn.

    cold: seconds from the start of an interpreter to the result: imports, workers, model and the tour. warm: seconds
    of the tour alone, when the workers have done it before; all tools are up and take turns, in a random order each
    round. final, cold_final: as many further rounds of only this harness and the peers that were fastest so far, which
    decide; of cold tours, of those that import TensorFlow in each process.
    memory: the most that all processes of a tool held together in a further tour, in which sent, the bytes
    between processes, is counted as well. ceiling, in `beside` rounds of its own: each engine alone does all of it at
    the same time as the other, one half of it right before a further tour and one right after; engines that share it
    cannot be faster than half of that.

    Raises BadInput if there is not enough memory for all tools at once, CannotWork if this harness fails or a tool
    finds something else than the others.
    """
    there = [name for name in PEERS if name in peers and _is_installed(name)]
    needed = MEMORY * len(there)
    if needed > (free := psutil.virtual_memory().available):
        raise BadInput(
            f"{len(there)} tools at once need {needed / 1e9:.0f} GB, {free / 1e9:.0f} are free: close others"
        )
    bench = _Bench(folder, rows)
    chance = random.Random(rows)
    for number in range(cold):
        for name in chance.sample(there, len(there)):
            if name not in bench.failed:
                bench.cold(name, "cold", measure=number == 0)
    ours = [OURS] if OURS in there else []
    starting = ours + bench.fastest("cold", COLD_FINALISTS, _imports_in_each)
    for _ in range(cold_final):
        for name in chance.sample(starting, len(starting)):
            if name not in bench.failed:
                bench.cold(name, "final cold", measure=False)
    bench.take_turns("warm", there, warm, chance)
    bench.take_turns("final", ours + bench.fastest("warm", FINALISTS), final, chance)
    if ours:
        bench.beside_ceiling(beside)
    return _figures(bench, [name for name in PEERS if name in peers], rows)


def _imports_in_each(name: str) -> bool:
    return not PEERS[name].once


def _is_installed(name: str) -> bool:
    package = PEERS[name].package
    return package is None or find_spec(package) is not None


class _Bench:
    """What was measured so far, by tool; a tool that fails is out from then on."""

    def __init__(self, folder: Path, rows: int | None) -> None:
        self._arguments = [str(folder), "" if rows is None else str(rows), str(WORKERS)]
        self.seconds: dict[str, Taken] = {}
        self.memory: dict[str, int] = {}
        self.sent: dict[str, int | None] = {}
        self.ceiling: list[float] = []
        self.failed: dict[str, str] = {}
        self._digest: str | None = None

    def cold(self, name: str, what: str, *, measure: bool) -> None:
        """From nothing to the result, in a round that is called so; then, if asked for, what it sends and holds."""
        with self._kept_going(name), _Script(name, self._arguments) as script:
            self._check(name, script.answer())
            self._take(name, what, script.age())
            if measure:
                with memory_of(script.processes, SAMPLE) as held:
                    self.sent[name] = script.ask("sent")["bytes"]
                self.memory[name] = max(held)

    def fastest(self, what: str, n: int, among: Callable[[str], bool] = lambda name: True) -> list[str]:
        """The peers whose tours took the least in the rounds called so, `n` at most."""
        there = [name for name in self.seconds if name not in (OURS, *self.failed) and what in self.seconds[name]]
        return sorted(filter(among, there), key=lambda name: median(self.seconds[name][what]))[:n]

    def take_turns(self, what: str, names: Sequence[str], rounds: int, chance: random.Random) -> None:
        """Warm tours, all of these tools in each round, which is called so."""
        with contextlib.ExitStack() as ends:
            starting = {
                name: ends.enter_context(_Script(name, self._arguments)) for name in names if name not in self.failed
            }
            scripts = {}
            for name, script in starting.items():
                with self._kept_going(name):
                    self._check(name, script.answer())
                    scripts[name] = script
            for _ in range(rounds):
                for name in chance.sample(list(scripts), len(scripts)):
                    with self._kept_going(name):
                        self._warm(name, scripts[name], what)
                    if name in self.failed:
                        del scripts[name]

    def beside_ceiling(self, rounds: int) -> None:
        """Warm tours of this harness, each between the two halves of what its engines then do alone."""
        with _Script(OURS, self._arguments) as script:
            self._check(OURS, script.answer())
            halves = ("alone 0", "alone 1")
            for half in halves:
                script.ask(half)  # each engine has met all words after this
            for _ in range(rounds):
                before = script.ask(halves[0])["seconds"]
                self._warm(OURS, script, CEILING)
                together = before + script.ask(halves[1])["seconds"]
                self.ceiling.append(sum(together) / WORKERS / WORKERS)

    def _warm(self, name: str, script: "_Script", what: str) -> None:
        answer = script.ask("warm")
        self._check(name, answer)
        self._take(name, what, answer["seconds"])

    @contextlib.contextmanager
    def _kept_going(self, name: str) -> Iterator[None]:
        try:
            yield
        except CannotWork as problem:
            if name == OURS:
                raise
            self.failed[name] = str(problem)

    def _check(self, name: str, answer: dict[str, Any]) -> None:
        self._digest = self._digest or answer["digest"]
        if answer["digest"] != self._digest:
            raise CannotWork(f"{name} finds something else than the others: please report it")

    def _take(self, name: str, what: str, seconds: float) -> None:
        self.seconds.setdefault(name, {}).setdefault(what, []).append(seconds)


class _Script:
    """The script of one tool, running; leaving its `with` ends all of its processes."""

    def __init__(self, name: str, arguments: Sequence[str]) -> None:
        self._name = name
        self._arguments = arguments
        self._token = secrets.token_hex(8)

    def __enter__(self) -> "_Script":
        self._said = tempfile.TemporaryFile()
        answers, theirs = os.pipe()
        path = [str(CLONE), *filter(None, [os.environ.get("PYTHONPATH")])]
        self._began = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "harness.apps.peers.script", self._name, *self._arguments, str(theirs)],
            stdin=subprocess.PIPE,
            stdout=self._said,
            stderr=self._said,
            pass_fds=[theirs],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path), TOKEN: self._token},
            start_new_session=True,
        )
        os.close(theirs)
        self._answers = os.fdopen(answers, "rb")
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(CannotWork):
            self._order("end")
        self._answers.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(END)
        for process in self.processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        self._process.wait(END)
        if self._process.stdin:
            self._process.stdin.close()
        self._said.close()

    def age(self) -> float:
        """Seconds since its start."""
        return time.perf_counter() - self._began

    def ask(self, order: str) -> dict[str, Any]:
        """Give an order and wait for the answer."""
        self._order(order)
        return self.answer()

    def answer(self) -> dict[str, Any]:
        """The next answer. Raises CannotWork if none comes."""
        ready = select.select([self._answers], [], [], DEADLINE)[0]
        line = self._answers.readline() if ready else b""
        if not line:
            raise CannotWork(
                f"{self._name} did not do its job ({self._last_words()}); see harness/apps/peers/setups.py"
            )
        return json.loads(line)

    def _order(self, order: str) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{order}\n".encode())
            self._process.stdin.flush()
        except OSError:
            raise self._no_answer() from None

    def _no_answer(self) -> CannotWork:
        where = "harness/apps/peers/setups.py has its set-up"
        return CannotWork(f"{self._name} did not do its job ({self._last_words()}); {where}")

    def _last_words(self) -> str:
        self._said.seek(0)
        lines = self._said.read().decode(errors="backslashreplace").strip().splitlines()
        return lines[-1] if lines else f"no answer within {DEADLINE:g} s"

    def processes(self) -> list[psutil.Process]:
        """All that carry this script's variable, whoever their parents are now."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                if process.environ().get(TOKEN) == self._token:
                    found.append(process)
        return found


def _figures(bench: _Bench, names: Sequence[str], rows: int | None) -> dict[str, Any]:
    tools = {name: _of_tool(bench, name) for name in names}
    # who failed in the last rounds has not taken part in all of them
    measured = {name: taken for name, taken in bench.seconds.items() if "final" in taken and name not in bench.failed}
    ours = measured.pop(OURS, None)
    figures: dict[str, Any] = {"workers": WORKERS, "rows of each table": rows or "all", "tools": tools}
    if ours is None:
        return figures
    ceiling = [least / own for least, own in zip(bench.ceiling, ours[CEILING], strict=True)]
    figures["final rounds, warm, seconds"] = {name: spread(bench.seconds[name]["final"]) for name in [OURS, *measured]}
    figures["ceiling, seconds"] = spread(bench.ceiling)
    low, high = interval_of_mean(ceiling)
    figures["of the ceiling, warm"] = spread(ceiling)
    figures["of the ceiling, warm, mean"] = {"95 % from": low, "to": high}
    holds = {f"warm, at least {OF_CEILING} of the ceiling": median(ceiling) >= OF_CEILING}
    if measured:
        fastest = min(measured, key=lambda name: median(measured[name]["final"]))
        behind = [own - other for own, other in zip(ours["final"], measured[fastest]["final"], strict=True)]
        low, high = interval_of_mean(behind)
        figures["fastest peer, warm"] = fastest
        figures["seconds behind it, warm, pairs"] = {"median": median(behind), "95 % from": low, "to": high}
        holds["warm, within noise of the fastest peer or ahead"] = low <= 0
    starting = {
        name: taken["final cold"]
        for name, taken in bench.seconds.items()
        if "final cold" in taken and name not in bench.failed
    }
    figures["final rounds, cold, seconds"] = {name: spread(seconds) for name, seconds in starting.items()}
    if OURS in starting and len(starting) > 1:
        own = median(starting.pop(OURS))
        least = min(starting, key=lambda name: median(starting[name]))
        figures["fastest peer that imports TensorFlow in each process, cold"] = least
        holds["cold, ahead of every peer that imports TensorFlow in each process"] = own < median(starting[least])
    return {**figures, "needed": holds, "holds": all(holds.values())}


def _of_tool(bench: _Bench, name: str) -> dict[str, Any] | str:
    if not _is_installed(name):
        return "not installed: `make bench-setup`"
    if name in bench.failed:
        return f"failed: {bench.failed[name]}"
    taken = bench.seconds[name]
    sent = bench.sent.get(name)
    return {
        "cold, seconds": spread(taken["cold"]),
        "warm, seconds": spread(taken["warm"]),
        "memory, MB": bench.memory[name] / 1e6,
        "sent, MB": "not measured" if sent is None else sent / 1e6,
        "sent, counted by": PEERS[name].sends or "-",
    }
