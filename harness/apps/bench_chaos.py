"""Runs disturbed at random moments by SIGKILL, SIGSTOP and Ctrl-C: what hangs, is left over, or is lost."""

import contextlib
import json
import os
import random
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from harness import store, views
from harness.apps.chaos import steady, victims
from harness.errors import BadInput, CannotWork
from harness.places import CLONE

TIMES = 200
DEADLINE = 6.0
RUNS = 2.0
"""Seconds, at most, from a run's begin to its being hit while it runs."""
LIMIT = 60.0
"""Seconds that a disturbed command may take, a start of a cluster on a busy machine included."""
GONE = 15.0
"""Seconds after which no process of an ended command may be there."""
TOKEN = "HARNESS_CHAOS"
PARTS = ("harness", "program", "engine", "controller", "scheduler", "zygote")
HARM = {"SIGKILL": signal.SIGKILL, "SIGSTOP": signal.SIGSTOP, "Ctrl-C": signal.SIGINT}
STATUSES = {0, 1, 3, 130, -signal.SIGINT}


@dataclass
class Round:
    """One run: what was to be done to it, whether it was, how long it took, and what was wrong afterwards."""

    number: int
    warm: bool
    part: str
    harm: str
    hit: bool = False
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"round {self.number}: {self.harm} to the {self.part}, {'warm' if self.warm else 'own'} cluster"


def run(times: int = TIMES, seed: int | None = None) -> dict[str, Any]:
    """Disturb `times` runs, one after the other; the seed decides what is hit how and when. Returns the figures.

    Every second run or so is on a warm cluster, which is repaired, or if need be started again, after it.
    Raises CannotWork if an undisturbed run does not succeed first.
    """
    chosen = secrets.randbelow(2**32) if seed is None else seed
    chance = random.Random(chosen)
    began = time.monotonic()
    done: Counter[str] = Counter()
    statuses: Counter[str] = Counter()
    wrong: list[str] = []
    with _Site() as site:
        usual = {warm: site.rehearse(warm) for warm in (False, True)}
        number = late = 0
        while number - late < times:
            number += 1
            part = chance.choice(PARTS)
            harm = chance.choice([name for name in HARM if part == "harness" or name != "Ctrl-C"])
            one = Round(number, chance.random() < 0.5, part, harm)
            # most hits while tasks run, the others anywhere from the start of the command on
            while_it_runs = chance.random() < 0.7
            after = chance.uniform(0.0, RUNS if while_it_runs else usual[one.warm])
            status = site.disturb(one, while_it_runs, after, chance)
            wrong += [f"{one}: {problem}" for problem in one.wrong]
            if not one.hit:
                late += 1
                usual[one.warm] = min(usual[one.warm], one.seconds)
                continue
            done[f"{harm} to the {part}"] += 1
            statuses["hung" if status is None else str(status)] += 1
        wrong += site.end()
    return {
        "holds": not wrong,
        "seed": str(chosen),
        "disturbed": dict(sorted(done.items())),
        "ended before they were hit, not counted": late,
        "exit statuses": dict(sorted(statuses.items())),
        "wrong": wrong,
        **({"files of what went wrong": str(site.kept)} if site.kept else {}),
        "seconds": round(time.monotonic() - began, 1),
    }


class _Site:
    """A workspace of its own, in which commands run whose processes are known by a variable.

    kept: the folder with the run and the output of each round in which something was wrong, which stays.
    """

    def __enter__(self) -> "_Site":
        self.folder = Path(tempfile.mkdtemp(prefix="chaos-"))
        self._token = self.folder.name
        self._runs = self.folder / "runs"
        self._seen = self.folder / "seen"
        temporary = self.folder / "tmp"
        temporary.mkdir()
        self._environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(CLONE), *filter(None, [os.environ.get("PYTHONPATH")])]),
            "TMPDIR": str(temporary),
            "HARNESS_WORKSPACE": str(self.folder),
            "CHAOS_SEEN": str(self._seen),
            TOKEN: self._token,
        }
        self._own: set[int] = set()
        self.kept: Path | None = None
        # what is stopped would stay for ever if this process just ended
        self._before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
        signal.signal(signal.SIGTERM, self._before)

    def rehearse(self, warm: bool) -> float:
        """Run undisturbed, on a warm cluster from now on if asked for; returns the seconds it took."""
        if warm:
            self._start_warm()
        began = time.monotonic()
        status = self._finish(self._start(warm))
        if status != 0:
            raise CannotWork(f"an undisturbed run ended with {status}: {self._said()}; see `harness doctor`")
        return time.monotonic() - began

    def disturb(self, one: Round, while_it_runs: bool, after: float, chance: random.Random) -> int | None:
        """One run, hit `after` seconds from when it began to record, or from its start; returns its exit status.

        None if it hung.
        """
        self._seen.unlink(missing_ok=True)
        before = {run.name for run in store.all_runs(self._runs)}
        began = time.monotonic()
        process = self._start(one.warm)
        while while_it_runs and process.poll() is None and time.monotonic() - began < LIMIT:
            if {run.name for run in store.all_runs(self._runs)} - before:
                break
            time.sleep(0.005)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(after)
        self._hit(one, process, chance)
        status = self._finish(process)
        one.seconds = time.monotonic() - began
        if status is None:
            one.wrong.append("the command hung")
        elif status not in STATUSES | ({-signal.SIGKILL} if one.part == "harness" or one.harm == "SIGKILL" else set()):
            one.wrong.append(f"exit status {status}; {self._said()}")
        self._check_runs(one, before, status)
        if one.wrong:
            self._keep(one, before)
        known = len(one.wrong)
        if one.warm:
            self._mend(one)
        elif left := self._left():
            one.wrong.append(f"left over: {left}")
        if len(one.wrong) > known:
            self._keep(one, before)
        return status

    def end(self) -> list[str]:
        """Stop the warm cluster; says what is left then."""
        self._command("cluster", "stop")
        self._own = set()
        left = self._left()
        return [f"at the end, left over: {left}"] if left else []

    # ------------------------------------------------------------------ commands

    def _start(self, warm: bool) -> "subprocess.Popen[bytes]":
        # a number of engines that the warm cluster does not have asks for a cluster of the run's own
        arguments = ["run", str(steady.__file__), "--deadline", str(DEADLINE), "--json"]
        return self._popen(*arguments, *([] if warm else ["--engines", "1"]))

    def _popen(self, *arguments: str) -> "subprocess.Popen[bytes]":
        with (self.folder / "out").open("wb") as out, (self.folder / "err").open("wb") as err:
            return subprocess.Popen(
                [sys.executable, "-X", "faulthandler", "-m", "harness", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=self.folder,
                env=self._environment,
                start_new_session=True,
            )

    def _finish(self, process: "subprocess.Popen[bytes]") -> int | None:
        try:
            return process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(psutil.NoSuchProcess):
                last = victims.of_command(psutil.Process(process.pid))[-1]
                last.send_signal(signal.SIGABRT)  # has it write where its threads are
                psutil.wait_procs([last], 1.0)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return None

    def _command(self, *arguments: str) -> int | None:
        return self._finish(self._popen(*arguments))

    def _said(self) -> str:
        lines = (self.folder / "err").read_text(errors="backslashreplace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"

    def _hit(self, one: Round, process: "subprocess.Popen[bytes]", chance: random.Random) -> None:
        if process.poll() is not None:
            return
        try:
            # the warm cluster is there all the time, whether the run is on it or on one of its own
            among = [each for each in self._processes() if (each.pid in self._own) is one.warm]
            victim = victims.choose(one.part, psutil.Process(process.pid), among, chance)
            one.hit = True
            if one.harm == "Ctrl-C":
                os.killpg(process.pid, signal.SIGINT)  # as a terminal sends it
            else:
                victim.send_signal(HARM[one.harm])
            if one.harm == "SIGSTOP" and victim in victims.of_command(psutil.Process(process.pid)):
                # a stopped command can do nothing until somebody continues it
                time.sleep(chance.uniform(0.0, 1.0))
                victim.send_signal(signal.SIGCONT)
        except (psutil.NoSuchProcess, ProcessLookupError):
            return

    # ------------------------------------------------------------------ what must hold

    def _check_runs(self, one: Round, before: set[str], status: int | None) -> None:
        there = store.all_runs(self._runs)
        for run in there:
            if run.name in before:
                continue
            try:
                _ = run.manifest, run.events, run.outcome
                views.plain(views.verdict(run, self.folder))
            except Exception as problem:
                one.wrong.append(f"{run.name} does not read: {type(problem).__name__}: {problem}")
                continue
            if lost := self._seen_numbers() - {event.task for event in run.of_kind("end")}:
                one.wrong.append(f"{run.name}: replies seen and their tasks' ends not recorded: tasks {sorted(lost)}")
            if status in (0, 1) and run.cut_off:
                one.wrong.append(f"{run.name}: exit status {status}, but the run reads as cut off")
        if status in (0, 1):
            try:
                json.loads((self.folder / "out").read_text())
            except ValueError:
                one.wrong.append(f"exit status {status}, but what it printed is not JSON; {self._said()}")
        if there:
            with contextlib.suppress(BadInput):
                store.find(self._runs)

    def _keep(self, one: Round, before: set[str]) -> None:
        """Put the round's runs and what its last command wrote where they stay; what is there already stays too."""
        self.kept = self.kept or Path(tempfile.mkdtemp(prefix="chaos-kept-"))
        folder = self.kept / f"round-{one.number}-{len(one.wrong)}"
        folder.mkdir()
        (folder / "wrong").write_text("\n".join([str(one), *one.wrong, ""]))
        for name in ("out", "err"):
            shutil.copy(self.folder / name, folder / name)
        for run in store.all_runs(self._runs):
            if run.name not in before:
                shutil.copytree(run.folder, folder / run.name, symlinks=True)

    def _seen_numbers(self) -> set[int]:
        lines = self._seen.read_text().splitlines(keepends=True) if self._seen.exists() else []
        return {int(line) for line in lines if line.endswith("\n")}

    def _processes(self) -> list[psutil.Process]:
        return victims.of_token(TOKEN, self._token)

    def _left(self) -> list[str]:
        """Processes that are neither the warm cluster's nor end within the limit."""
        limit = time.monotonic() + GONE
        while found := [process for process in self._processes() if process.pid not in self._own]:
            if time.monotonic() > limit:
                return [f"{process.pid} ({process.status()})" for process in found if process.is_running()]
            time.sleep(0.02)
        return []

    def _mend(self, one: Round) -> None:
        """Have the warm cluster as it was, by repairing it or by a new start; nothing else must be left."""
        status = self._command("cluster", "repair")
        if status is None:
            one.wrong.append("`harness cluster repair` hung")
        if status == 0:
            self._own = {process.pid for process in self._processes_of_warm()}
        else:
            if self._command("cluster", "stop") not in (0, 3):
                one.wrong.append(f"`harness cluster stop` did not; {self._said()}")
            self._own = set()
        if left := self._left():
            one.wrong.append(f"left over: {left}")
        if not self._own:
            try:
                self._start_warm()
            except CannotWork as problem:
                one.wrong.append(str(problem))

    def _start_warm(self) -> None:
        if self._command("cluster", "start") != 0:
            raise CannotWork(f"`harness cluster start` did not: {self._said()}; see `harness doctor`")
        self._own = {process.pid for process in self._processes_of_warm()}

    def _processes_of_warm(self) -> list[psutil.Process]:
        """The one zygote that there is when no command runs, and what is below it."""
        found = []
        for process in victims.of_cluster(self._processes())["zygote"]:
            with contextlib.suppress(psutil.NoSuchProcess):
                found += [process, *process.children(recursive=True)]
        return found
