"""A process with a warm cluster of its own that runs cases of the suite one after the other and tells what came out.

It is a process so that a case which brings the harness itself down is counted, and the others still run.
"""

import contextlib
import os
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec

from harness import cluster as clusters
from harness.apps.triage_suite.cases import Case
from harness.cluster import Cluster
from harness.recorder import Target
from harness.store import Outcome, Run
from harness.triage import execute

ENGINES = 2
PROBE = 5.0


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What the harness made of a case on one view.

    failed: a traceback or a sentence if the harness itself failed. after: what was wrong with a healthy run on the
    same engines afterwards, empty if nothing. stayed: processes beyond the cluster's own. last: the worker ended with
    it, as the client's code could not be stopped. seconds: of the run alone.
    """

    family: str
    name: str
    view: str
    outcome: str = ""
    reason: str = ""
    signs: tuple[str, ...] = ()
    type: str | None = None
    line: int | None = None
    file: str | None = None
    ended: str | int | None = None
    failed: str = ""
    after: str = ""
    stayed: tuple[int, ...] = ()
    last: bool = False
    seconds: float = 0.0


def serve(channel: Connection, folder: Path) -> None:
    """Answer each (case, view) that comes through the channel with a Seen, until it is closed."""
    engines = folder / "engines"
    engines.mkdir(parents=True)
    # what cases make ipyparallel and Python say is not a figure
    with (folder / "worker.out").open("wb") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    with contextlib.suppress(EOFError), clusters.start(ENGINES, cwd=engines) as cluster:
        machinery = set(cluster.alive_pids()) - _engines(cluster)
        channel.send("ready")
        while True:
            case, view = channel.recv()
            channel.send(_run(case, view, cluster, machinery, folder / "runs", channel))


def _engines(cluster: Cluster) -> set[int]:
    return {engine.pid for engine in cluster.engines.values()}


def _run(case: Case, view: str, cluster: Cluster, machinery: set[int], runs: Path, channel: Connection) -> Seen:
    seen = Seen(family=case.family, name=case.name, view=view)
    began = time.monotonic()

    judged: list[Run] = []

    def stuck() -> None:
        channel.send(msgspec.structs.replace(told(seen, judged[-1]), last=True, seconds=time.monotonic() - began))
        os._exit(0)

    try:
        with _kept_as_it_was():
            run = execute(
                Target(case.file, f"{case.family}.{case.name}", view, case.name),
                cluster,
                runs,
                call=_as_main(view) if case.main else _as_task(view),
                reference=_reference(case),
                deadline=case.deadline,
                limits=case.cost,
                told=judged.append,
                stuck=stuck,
            )
        seen = told(seen, run)
    except BaseException:
        seen = msgspec.structs.replace(seen, failed=traceback.format_exc(limit=-6))
    seen = msgspec.structs.replace(seen, seconds=time.monotonic() - began)
    return msgspec.structs.replace(
        seen, after=_probe(cluster, runs), stayed=tuple(set(cluster.alive_pids()) - machinery - _engines(cluster))
    )


def _as_task(view: str) -> Callable[..., Any]:
    def call(function: Callable[..., Any], balanced: Any) -> Any:
        chosen = balanced if view == "balanced" else balanced.client[0]
        return chosen.apply_async(function).get()

    return call


def _as_main(view: str) -> Callable[..., Any]:
    return lambda function, balanced: function(balanced if view == "balanced" else balanced.client[:])


def _reference(case: Case) -> Callable[[], Any] | None:
    if case.reference is None:
        return None
    import importlib.util

    spec = importlib.util.spec_from_file_location(f"reference_{case.family}", case.file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, case.reference)


@contextlib.contextmanager
def _kept_as_it_was() -> Iterator[None]:
    """Put the worker's folder back, which a case's client code may have left."""
    before = os.getcwd()
    try:
        yield
    finally:
        os.chdir(before)


def told(seen: Seen, run: Run) -> Seen:
    """What a judged run says, put to the case."""
    outcome = run.outcome
    if outcome is None or run.cut_off:
        return msgspec.structs.replace(seen, failed=f"{run.folder} does not read as a finished run")
    at = _evidence(outcome)
    death = outcome.deaths[0] if outcome.deaths else None
    return msgspec.structs.replace(
        seen,
        outcome=outcome.outcome,
        reason=outcome.reason[:200],
        signs=tuple(sorted(outcome.signs)),
        type=outcome.failures[0].type if outcome.failures else None,
        file=at.file if at else None,
        line=at.line if at else None,
        ended=(death.signal_name or death.exit_code) if death else None,
    )


def _evidence(outcome: Outcome) -> Any:
    """What the outcome rests on: the first death that names a place, hang or failure."""
    # where the client itself has ended, that is the first failure
    rests_on: dict[str, Sequence[Any]] = {"crash": outcome.deaths or outcome.failures, "hang": outcome.hangs}
    return next((one for one in rests_on.get(outcome.outcome, outcome.failures) if one.file), None)


def _probe(cluster: Cluster, runs: Path) -> str:
    """What is wrong with a healthy run right after the case."""
    try:
        run = execute(Target(Path(__file__).with_name("probe.py"), "probe"), cluster, runs, deadline=PROBE)
    except BaseException:
        return traceback.format_exc(limit=-6)
    outcome = run.outcome
    if outcome is None or outcome.outcome != "ok" or outcome.signs or len(cluster.engines) != ENGINES:
        return f"{outcome and (outcome.outcome, outcome.reason, outcome.signs)}, engines {sorted(cluster.engines)}"
    return ""
