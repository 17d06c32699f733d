"""`harness run` in a process of its own, so that somebody is left to say what happened whatever its code does to it.

The child does all of the work. It ends by `os._exit` when that is done: threads that the user's code left behind, and
that would go on for ever, do not keep it.
"""

import contextlib
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable

import click

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT) if hasattr(signal, "SIGHUP") else ()
_to_parent: int | None = None
"""In the child: the descriptor that takes what the parent has to know of its end, each a byte."""
_TOLD, _WARM = b".", b"w"


def is_guarded() -> bool:
    """Whether this process is the child, which may be ended at any time and is then spoken for."""
    return _to_parent is not None


def on_warm_cluster() -> None:
    """In the child, note that the run is on the warm cluster: if the child can't, the parent frees its engines."""
    if _to_parent is not None:
        os.write(_to_parent, _WARM)


def leave(status: int) -> None:
    """End this process at once, with what it has printed; all is told then."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    if _to_parent is not None:
        os.write(_to_parent, _TOLD)
    os._exit(status)


def guarded(work: Callable[[], int]) -> int:
    """The exit status of `work`, done in a child process; where it ended otherwise, that of telling what it was."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return work()
    began, parent = time.time(), os.getpid()
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    watched = {*_SIGNALS, signal.SIGCHLD}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, watched)
    child = os.fork()
    if child == 0:
        os.close(reader)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        _be_the_child(work, parent, writer)
    os.close(writer)
    try:
        ended = _await(child, watched)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    noted = b""
    with contextlib.suppress(BlockingIOError):  # nothing noted, and what the child started is still there
        noted = os.read(reader, 16)
    if _TOLD in noted:
        return os.waitstatus_to_exitcode(ended)
    if _WARM in noted:
        _free_warm_cluster()
    return _tell(child, began, ended)


def _be_the_child(work: Callable[[], int], parent: int, writer: int) -> None:
    global _to_parent
    _to_parent = writer
    from harness.engine.parent import die_with_parent

    die_with_parent(parent)
    status = 1
    try:
        status = work()
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        traceback.print_exc()
    leave(status)


def _await(child: int, watched: set[signal.Signals]) -> int:
    """Pass on to the child what is sent to this process alone; a terminal's signals have reached both. Its status."""
    while True:
        came = signal.sigwaitinfo(watched)
        if came.si_signo == signal.SIGCHLD:
            pid, ended = os.waitpid(child, os.WNOHANG)
            if pid:
                return ended
        elif came.si_code <= 0:  # sent by a process, not by the kernel
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, came.si_signo)


def _tell(child: int, began: float, ended: int) -> int:
    """Judge and show the run of a child that ended before it could."""
    from harness import places, store, views
    from harness.cli.runs import as_json, show_view
    from harness.cluster.process import signal_name
    from harness.course.withheld import as_symptoms
    from harness.triage import without_client

    code = os.waitstatus_to_exitcode(ended)
    how = signal_name(-code) if code < 0 else f"exit code {code}"
    recorded = [run for run in store.all_runs(places.runs()) if run.readable and run.manifest.started >= began]
    own = next((run for run in recorded if run.manifest.process and run.manifest.process[0] == child), None)
    if own is None:
        reason = f"the process ended ({how}) before anything ran: look at the top level of the file"
        if "--json" in sys.argv:
            click.echo(json.dumps({"outcome": "crash", "reason": reason, "failures": [], "run": None}, indent=2))
        else:
            click.echo(f"harness: {reason}", err=True)
        return 1
    run = without_client(own, how) if own.outcome is None else own
    if "--json" in sys.argv:
        click.echo(as_json(run))
    else:
        show_view(views.verdict(as_symptoms(run), places.workspace()))
    return 0 if run.outcome and run.outcome.outcome == "ok" else 1


def _free_warm_cluster() -> None:
    """Replace engines that are still at tasks of the child; a cluster that another run has is left alone."""
    from harness import cluster
    from harness.errors import HarnessError

    with contextlib.suppress(HarnessError):
        if (warm := cluster.warm()) is not None:
            with warm:
                if warm.claim():
                    cluster.repair(answer=1.0)
