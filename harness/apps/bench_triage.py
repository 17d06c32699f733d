"""How well the harness judges the labelled suite of broken and healthy programs, and what it leaves behind."""

import contextlib
import multiprocessing
import multiprocessing.resource_tracker
import os
import queue
import random
import secrets
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import psutil

from harness import store
from harness.apps.triage_suite.cases import Case, read
from harness.apps.triage_suite.score import Judged, summary
from harness.apps.triage_suite.worker import Seen, serve, told
from harness.errors import BadInput, CannotWork
from harness.triage import without_client

WORKERS = 2
START = 60.0
BEYOND = 25.0
"""Seconds that a case may take beyond its deadline before the harness is taken to have failed."""
END = 15.0
TOGETHER = ("learning",)
"""Families whose cases share one worker, as what they import takes longer than they do."""
TOKEN = "HARNESS_SUITE"

Jobs = Sequence[tuple[Case, str]]


def run(
    family: str | None = None, case: str | None = None, seed: int | None = None, *, quick: bool = False
) -> dict[str, Any]:
    """Run the cases, of one family or one case if named, in an order given by the seed; returns the figures.

    Raises BadInput if no case is called so.
    """
    chosen = [
        one
        for one in read()
        if family in (None, one.family)
        and case in (None, one.name, f"{one.family}.{one.name}")
        and (one.quick or not quick)
    ]
    if not chosen:
        raise BadInput(f"the suite has no case {family or ''}.{case or ''}; see tests/suite/manifest.toml")
    jobs = [(one, view) for one in chosen for view in one.views]
    order = secrets.randbelow(2**32) if seed is None else seed
    random.Random(order).shuffle(jobs)
    began = time.monotonic()
    multiprocessing.resource_tracker.ensure_running()  # it stays as long as this process: not one of the suite's
    with surroundings() as (folder, token):
        judged = judged_of(jobs, folder)
        left = _left(token)
        files = sorted(str(path.relative_to(folder)) for path in (folder / "tmp").rglob("*") if not _is_kept(path))
    figures = {**summary(judged), "processes left": left, "temporary files left": files[:20]}
    figures["holds"] = figures["holds"] and not left and not files
    return {**figures, "seed of the order": str(order), "seconds": round(time.monotonic() - began, 1)}


def _is_kept(path: Path) -> bool:
    # the folder that all clusters of a user share stays; what is in it must not
    return path.is_dir() and path.name.startswith("harness-") and path.parent.name == "tmp"


@contextlib.contextmanager
def surroundings() -> Iterator[tuple[Path, str]]:
    """A workspace and a temporary folder of the suite's own, and a variable by which its processes are known."""
    folder = Path(tempfile.mkdtemp(prefix="suite-"))
    (folder / "tmp").mkdir()
    token = folder.name
    names = {"TMPDIR": str(folder / "tmp"), "HARNESS_WORKSPACE": str(folder), TOKEN: token}
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(names)
    try:
        yield folder, token
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        shutil.rmtree(folder, ignore_errors=True)


def judged_of(jobs: Jobs, folder: Path) -> Judged:
    """Run the jobs, two at a time, below the folder, where their runs stay; returns what was seen of each."""
    together = [job for job in jobs if job[0].family in TOGETHER]
    waiting: queue.SimpleQueue[Jobs] = queue.SimpleQueue()
    for one in [together] if together else []:
        waiting.put(one)
    for job in jobs:
        if job not in together:
            waiting.put([job])
    judged: list[tuple[Case, Seen]] = []
    problems: list[BaseException] = []

    def work(number: int) -> None:
        try:
            with _Worker(folder / f"worker-{number}") as worker:
                while not problems:
                    for case, view in waiting.get_nowait():
                        judged.append((case, worker.seen(case, view)))
        except queue.Empty:
            return
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(min(WORKERS, len(jobs)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return judged


class _Worker:
    """A worker's process; a new one takes its place when it dies or does not answer."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._times = 0
        self._process: Any = None

    def __enter__(self) -> "_Worker":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._channel.close()
            self._process.join(END)
            self._end()

    def seen(self, case: Case, view: str) -> Seen:
        """Run one case; a worker that dies of it or is late is the harness's failure."""
        if self._process is None:
            self._start()
        self._channel.send((case, view))
        failed = f"no answer within {case.deadline + BEYOND:g} s"
        try:
            if self._channel.poll(case.deadline + BEYOND):
                seen = self._channel.recv()
                if seen.last:
                    self._process.join(END)
                    self._end()
                return seen
        except (EOFError, OSError):
            return self._without_client(case, view)
        self._end()
        return Seen(family=case.family, name=case.name, view=view, failed=failed)

    def _without_client(self, case: Case, view: str) -> Seen:
        """What the record tells of a case whose client code ended the worker, as `harness run` does for a user."""
        self._process.join(END)
        code = self._process.exitcode
        how = signal.Signals(-code).name if code and code < 0 else f"exit code {code}"
        self._end()
        seen = Seen(family=case.family, name=case.name, view=view, last=True)
        runs = store.all_runs(self._folder / str(self._times) / "runs")
        own = [run for run in runs if run.manifest.target == f"{case.family}.{case.name}" and run.outcome is None]
        if not own:
            return msgspec.structs.replace(seen, failed=f"the harness's process ended ({how}) and left no run to judge")
        return told(seen, without_client(own[0], how))

    def _start(self) -> None:
        self._times += 1
        context = multiprocessing.get_context("spawn")
        self._channel, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, self._folder / str(self._times)))
        self._process.start()
        theirs.close()
        if not self._channel.poll(START):
            self._end()
            raise CannotWork(f"no cluster for the suite within {START:.0f} s; is the machine overloaded?")
        self._channel.recv()

    def _end(self) -> None:
        self._process.kill()
        self._process.join()
        self._process = None


def _left(token: str) -> list[str]:
    """Processes of the suite that outlived it, which are then killed; none of them was ours to keep."""
    limit = time.monotonic() + END
    while (found := _of_suite(token)) and time.monotonic() < limit:
        time.sleep(0.05)
    told = [f"{process.pid} {_name(process)}" for process in found]
    for process in found:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)
    return told


def _of_suite(token: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.environ().get(TOKEN) == token:
                found.append(process)
    return found


def _name(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline())[:100]
    return "?"
