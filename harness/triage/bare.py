"""The same call without any recording: what ipyparallel itself shows, for comparison; bounded by the deadline."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ipyparallel as ipp

from harness.cluster import Cluster
from harness.engine import loading, setup
from harness.engine.gate import DeadlinePassed
from harness.errors import CannotWork
from harness.recorder import Setups, Target, function_of, loaded
from harness.triage.stopping import stopped_after

ANSWER = 10.0


@dataclass(frozen=True)
class Bare:
    """How a bare call ended: it returned, it raised, or it was stopped at the deadline."""

    returned: Any = None
    raised: BaseException | None = None
    stopped: bool = False


def bare(
    target: Target,
    cluster: Cluster,
    *,
    call: Callable[..., Any],
    arguments: tuple[Any, ...] = (),
    deadline: float,
    stuck: Callable[[], None],
    setups: Setups | None = None,
) -> Bare:
    """Call `call(function, view, *arguments)` on a plain load-balanced view; engines only learn to import the file,
    unless it is a script, and are made different as `setups` says.

    `stuck` is called, in another thread, if the code of the client can't be stopped; it should end the process.
    Nothing restores the engines afterwards: give it a cluster of its own.
    Raises BadInput for a target that can't be loaded, CannotWork if the engines do not answer within 10 s.
    """
    scratch = tempfile.TemporaryDirectory(prefix="harness-bare-", ignore_cleanup_errors=True)
    with scratch, loaded(target) as module, cluster.client() as client:
        _prepare(client, target, setups or Setups(), Path(scratch.name))

        def end() -> None:
            scratch.cleanup()  # no `with` is left in a process that is ended
            stuck()

        function = function_of(module, target)
        view = client.load_balanced_view()
        try:
            with stopped_after(deadline, end) as passed:
                returned = call(function, view, *arguments)
            return Bare(stopped=True) if passed.is_set() else Bare(returned=returned)
        except DeadlinePassed:
            return Bare(stopped=True)
        except (Exception, SystemExit) as error:
            return Bare(raised=error)


def _prepare(client: ipp.Client, target: Target, setups: Setups, scratch: Path) -> None:
    """Have engines import the target and differ as is wanted, those with a working folder of their own in `scratch`."""
    asked = []
    for engine in client.ids:
        if target.on_engines["module"]:
            asked.append(client[engine].apply_async(loading.install, target.module, str(target.file)))
        if wanted := setups.of(engine, scratch):
            asked.append(client[engine].apply_async(setup.stay_different, wanted))
    try:
        for answer in asked:
            answer.get(timeout=ANSWER)
    except TimeoutError:
        raise CannotWork(f"the engines did not answer within {ANSWER:.0f} s; run it again") from None
    except ipp.error.RemoteError as problem:
        raise CannotWork(f"an engine can't be prepared ({problem.ename}: {problem.evalue})") from None
