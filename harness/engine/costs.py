"""What a task does besides computing: modules it imports, files it opens for reading, threads it has.

Imports are always counted. Files and threads are if a run asks for it: files are seen by an audit hook, which can't be
taken out of a process again and costs each audited event there a fraction of a microsecond.

How long a task loads is not measured, as nothing that costs microseconds tells it. An audit hook hears of no read and
of no close. With a Python file object that times its reads, of 230 ms of `pandas.read_csv` 0.1 ms were reads, of 86 ms
of `pickle.load` 0.6 ms, and `numpy.load` read past it: what takes long is making objects of the bytes, which is
computing like any other. A file is open for as long if a task works on each line as if it only loads it. The system
tells of waits for a disk only if it was started to do so (`kernel.task_delayacct`), and of a cached file none. A
profiler would know when `read_csv` begins and ends, and made Python code 4.4 times slower.
"""

import _thread
import contextlib
import importlib
import os
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

_IMPORTLIB: Any = importlib._bootstrap
_NOT_DATA = (".py", ".pyc", ".so")
_ELSEWHERE = ("/proc/", "/dev/", "/sys/")
_STARTING = ("_start_joinable_thread", "_start_new_thread")
"""What `threading` starts a thread by, of Python 3.13 and of those before."""
_BUSY = 0.001
"""Seconds of CPU time in one task from which a thread beside the task's own counts."""
_SPIN = 0.2
"""Seconds from its start in which a thread may be busy with nothing: OpenBLAS's spin for 2**28 ticks of the processor's
clock before they sleep, see `THREAD_TIMEOUT` in its `blas_server.c`; that is 0.07 to 0.18 s at 1.5 to 4 GHz."""
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_hears: Callable[[Any, Any, int], None] | None = None
_hooked = False


class Costs:
    """What is noted of one task after another: from `begin` to `stop`, and on from `go_on` if more of it comes."""

    def __init__(self, *, closely: bool) -> None:
        self._imports = Imports()
        self._closely = Closely(self._imports) if closely else None
        self._on = False
        self._cpu = 0.0

    @contextlib.contextmanager
    def in_place(self) -> Iterator[None]:
        """What is needed to notice it, while open."""
        with self._imports.in_place(), self._closely.in_place() if self._closely else contextlib.nullcontext():
            yield

    def begin(self) -> None:
        """The task's own code comes next."""
        self._imports.begin()
        if self._closely:
            self._closely.begin()
        self._cpu = time.process_time()
        self.go_on()

    def go_on(self) -> None:
        """More of the task's code comes next."""
        self._on = True
        self._imports.listen()
        if self._closely:
            self._closely.listen()

    def stop(self) -> dict[str, Any] | None:
        """What there was since `begin`, as the event `end` has it; None if that has been told.

        `work` is CPU seconds, `imports` [number, seconds], and see `Closely.stop`.
        """
        if not self._on:
            return None
        self._on = False
        told: dict[str, Any] = {"work": round(time.process_time() - self._cpu, 6)}
        self._imports.stop()
        if self._closely:
            told |= self._closely.stop()
        if self._imports.number:
            told["imports"] = [self._imports.number, round(self._imports.seconds, 6)]
        return told


class Imports:
    """Counts the imports of one thread, while it listens, that look for a module that is not loaded yet."""

    def __init__(self) -> None:
        self.number = 0
        self.seconds = 0.0
        self.depth = 0
        self._thread: int | None = None

    @contextlib.contextmanager
    def in_place(self) -> Iterator[None]:
        """Have Python's import tell of what it has to look for, while open."""
        find, clock, who = _IMPORTLIB._find_and_load, time.perf_counter, threading.get_ident

        def _find_and_load(name: Any, import_: Any) -> Any:
            if who() != self._thread:
                return find(name, import_)
            if self.depth:
                return find(name, import_)
            self.depth = 1
            begun = clock()
            try:
                return find(name, import_)
            finally:
                self.depth = 0
                self.number += 1
                self.seconds += clock() - begun

        # by its file's name Python knows what to leave out of a failed import's traceback
        _find_and_load.__code__ = _find_and_load.__code__.replace(co_filename="<frozen importlib._bootstrap>")
        _IMPORTLIB._find_and_load = _find_and_load
        try:
            yield
        finally:
            _IMPORTLIB._find_and_load = find

    def begin(self) -> None:
        self.number, self.seconds, self.depth = 0, 0.0, 0

    def listen(self) -> None:
        self._thread = threading.get_ident()

    def stop(self) -> None:
        self._thread = None


class Closely:
    """Notes, while it listens, the files that a task opens for reading, its threads and context switches, and the
    time in which no core was free for it.
    """

    def __init__(self, imports: Imports) -> None:
        self._imports = imports
        self._opened: set[tuple[int, int]] = set()
        self._cpu_of: dict[str, float] = {}
        self._own = _threads_of_python()
        self._reset()

    def _reset(self) -> None:
        self.loads = self.loaded = self.repeated = 0
        self._alive = _alive()
        self._most = 0

    @contextlib.contextmanager
    def in_place(self) -> Iterator[None]:
        """Have files and threads noticed while open. The process's audit hook stays, and tells nobody afterwards."""
        global _hears, _hooked
        if not _hooked:
            sys.addaudithook(_heard)
            _hooked = True
        starting = next(name for name in _STARTING if hasattr(threading, name))
        start = getattr(threading, starting)

        def counted(*args: Any, **kwargs: Any) -> Any:
            if _hears is not None:
                self._most = max(self._most, _alive() + 1 - self._alive)
            return start(*args, **kwargs)

        setattr(threading, starting, counted)
        try:
            yield
        finally:
            setattr(threading, starting, start)
            _hears = None

    def begin(self) -> None:
        self._reset()
        used = resource.getrusage(resource.RUSAGE_SELF)
        self._switches = (used.ru_nvcsw, used.ru_nivcsw)
        self._cpu_of = {number: cpu for number, cpu, _ in _threads(self._own)}
        self._begun = time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else 0.0
        self._cpu = time.process_time() - time.thread_time()
        self._no_core = _no_core()

    def listen(self) -> None:
        global _hears
        _hears = self._opens

    def stop(self) -> dict[str, Any]:
        """`switches` [voluntary, forced], and `threads` if they were two or more, `loads` [number, bytes, repeated]."""
        global _hears
        _hears = None
        used = resource.getrusage(resource.RUSAGE_SELF)
        told: dict[str, Any] = {"switches": [used.ru_nvcsw - self._switches[0], used.ru_nivcsw - self._switches[1]]}
        if (no_core := _no_core() - self._no_core) > 0:
            told["no_core"] = round(no_core, 6)
        others = 0
        if time.process_time() - time.thread_time() - self._cpu > _BUSY:
            others = self._busy()
        if (threads := max(self._most, 1 + others)) > 1:
            told["threads"] = threads
        if self.loads:
            told["loads"] = [self.loads, self.loaded, self.repeated]
        return told

    def _opens(self, path: Any, mode: Any, flags: int) -> None:
        if self._imports.depth or isinstance(path, int):
            return
        if flags & (os.O_WRONLY | os.O_RDWR) or flags & getattr(os, "O_DIRECTORY", 0):
            return
        name = os.fsdecode(path)
        if name.endswith(_NOT_DATA) or name.startswith(_ELSEWHERE):
            return
        found = os.stat(name)
        file = (found.st_dev, found.st_ino)
        self.loads += 1
        self.loaded += found.st_size
        self.repeated += file in self._opened
        self._opened.add(file)

    def _busy(self) -> int:
        """How many threads, those of the engine itself left out, have worked since `begin`."""
        busy = 0
        for number, cpu, started in _threads(self._own):
            spun = max(0.0, started + _SPIN - max(started, self._begun))
            busy += cpu - self._cpu_of.get(number, 0.0) > spun + _BUSY
        return busy


def _heard(event: str, arguments: Any) -> None:
    if event == "open" and _hears is not None:
        with contextlib.suppress(Exception):  # what is raised here would keep the task from opening the file
            _hears(*arguments)


def _alive() -> int:
    """How many threads Python has started in this process and that go on."""
    return _thread._count()


def _no_core() -> float:
    """Seconds that this thread was ready to run, ever, and had to wait for a core; 0 where the system does not tell."""
    try:
        with open("/proc/thread-self/schedstat") as file:
            return int(file.read().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def _threads_of_python() -> set[str]:
    # after a fork the main thread's object does not know its number
    return {str(thread.native_id) for thread in threading.enumerate()} | {str(os.getpid())}


def _threads(own: set[str]) -> Iterator[tuple[str, float, float]]:
    """Of each thread but `own` and those that move messages: number, CPU seconds, second since boot of its start.

    Linux only; what the files hold is in `man 5 proc`.
    """
    try:
        numbers = os.listdir("/proc/self/task")
    except OSError:
        return
    for number in set(numbers) - own:
        with contextlib.suppress(OSError, ValueError, IndexError):
            with open(f"/proc/self/task/{number}/stat") as file:
                name, _, fields = file.read().partition("(")[2].rpartition(")")
            if name.startswith("ZMQ"):
                continue
            with open(f"/proc/self/task/{number}/schedstat") as file:
                yield number, int(file.read().split()[0]) / 1e9, int(fields.split()[19]) / _TICKS
