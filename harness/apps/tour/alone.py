"""A process of its own, as fresh as a newly started Python, that runs what the tour compares the engines with."""

import contextlib
import multiprocessing
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType

from harness.apps.tour import steps
from harness.errors import CannotWork


class Alone:
    """One spawned process that calls functions one after the other; it ends with the `with` block.

    Functions, arguments and results are pickled; a function is found by its module, as on an engine.
    """

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def __enter__(self) -> "Alone":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ours.close()
        self._process.terminate()
        self._process.join(5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(5)

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def begin(self, function: Callable, *arguments) -> None:
        """Let the process begin with a call; `result` waits for it."""
        self._ours.send((function, arguments))

    def result(self, timeout: float, told: Callable[[steps.Span], None] = lambda span: None):
        """What the call returned; `told` hears of each step of the analysis as it ends.

        Raises what the call raised, and CannotWork after `timeout` seconds or when the process died.
        """
        deadline = time.monotonic() + timeout
        while self._ours.poll(max(0.0, deadline - time.monotonic())):
            try:
                kind, value = self._ours.recv()
            except EOFError:
                self._process.join(5)
                raise CannotWork(
                    f"the process that runs the analysis alone died (exit code {self._process.exitcode}): "
                    "look for a lack of memory, then try with --rows 5000"
                ) from None
            if kind == "step":
                told(value)
            elif kind == "failed":
                raise value
            else:
                return value
        raise CannotWork(f"the analysis was not done after {timeout:.0f} s: try with --rows 5000")

    def call(self, function: Callable, *arguments, timeout: float):
        """`begin` and `result` in one."""
        self.begin(function, *arguments)
        return self.result(timeout)


def _serve(connection: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's, which then ends this process
    steps.tell(lambda span: connection.send(("step", span)))
    with contextlib.suppress(EOFError):  # the parent closed its end
        while True:
            function, arguments = connection.recv()
            try:
                answer = ("done", function(*arguments))
            except Exception as error:
                answer = ("failed", error)
            connection.send(answer)
