"""The two ways to a judged run: a target on a cluster of ours, and what a block sends through any client."""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import ipyparallel as ipp

from harness import places, store
from harness.cluster import Cluster
from harness.cluster.foreign import ForeignCluster
from harness.engine.gate import DeadlinePassed
from harness.recorder import Setups, Target, function_of, loaded
from harness.store import Limit, Run
from harness.triage.session import Session
from harness.triage.whence import whence

DEADLINE = 10.0


def called(function: Callable[..., Any], view: Any, *arguments: Any) -> Any:
    """Call a target's main as it is meant to be."""
    return function(view, *arguments)


def execute(
    target: Target,
    cluster: Cluster,
    runs: Path,
    *,
    arguments: tuple[Any, ...] = (),
    call: Callable[..., Any] = called,
    reference: Callable[[], Any] | None = None,
    deadline: float | None = DEADLINE,
    seed: int | None = None,
    engines: int | None = None,
    meet: int = 0,
    setups: Setups | None = None,
    told: Callable[[Run], object] = lambda run: None,
    stuck: Callable[[], object] | None = None,
    limits: Mapping[str, Limit] | None = None,
    measured: bool = False,
) -> Run:
    """Run the target's function with a recorded load-balanced view and `arguments`; returns the judged run.

    call: what calls it, as `call(function, view, *arguments)`, such as `recorder.over(items)`. reference: called, if
    the function returned, for what it should have returned. deadline: seconds from the first submission. engines: how
    many of the cluster's the view uses, all by default. meet: number of engines that tasks wait for, to prove that
    they work at the same time (0: none wait). setups: how engines are to differ during the run. told: called with the
    run as soon as it is judged, before engines that died are replaced. stuck: called in another thread, after `told`,
    if the client's code can't be stopped at the deadline; it should end the process. With it, this process also ends,
    with exit status 1, if that code keeps all other threads from running. limits: by counter, what a run may cost that
    is not to be `slow`. measured: whether engines look closely at what tasks do, as with any limit; the counters of
    loads and threads need it.

    Raises BadInput for a target that can't be loaded and CannotWork if the cluster does not serve, or does not get free
    of another run within 30 s. KeyboardInterrupt passes through, after what was recorded so far is closed.
    """
    with cluster.used_by_one_run(), loaded(target) as module, cluster.client() as client:
        function = function_of(module, target)
        # without targets, as an analyst's view would be: with them the scheduler treats lost engines otherwise
        view = client.load_balanced_view() if engines is None else client.load_balanced_view(client.ids[:engines])
        writer = store.create(
            runs,
            target.name,
            target.variant,
            file=str(target.file),
            source_hash=target.source_hash,
            seed=seed,
            engines=engines or len(client.ids),
            backend=cluster.backend,
            deadline=deadline,
            **whence(),
        )
        options: dict[str, Any] = {**target.on_engines, "meet": meet, "setups": setups, "told": told, "stuck": stuck}
        options |= {"limits": limits, "measured": measured or bool(limits)}
        session = Session(client, cluster, writer, deadline, **options)
        value, error = None, None
        try:
            with _ctrl_c_is_final():
                value = session.watch.call(call, function, view, *arguments)
            session.returned()
        except (Exception, DeadlinePassed, SystemExit) as raised:
            error = raised
            session.raised(raised)
        except BaseException:
            session.abandon()
            raise
        try:
            return session.close(value, error, reference)
        except BaseException:
            session.abandon()
            raise


@contextlib.contextmanager
def _ctrl_c_is_final() -> Iterator[None]:
    """Raise KeyboardInterrupt at the end if one came: ipyparallel's blocking calls swallow it and return."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before, came = signal.getsignal(signal.SIGINT), threading.Event()

    def note(number: int, frame: FrameType | None) -> None:
        came.set()
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGINT) is note:
            signal.signal(signal.SIGINT, before)
    if came.is_set():
        raise KeyboardInterrupt


class Recorded:
    """What `record` yields: `view`, whose tasks are recorded, and after the block `run`, judged."""

    def __init__(self, view: ipp.client.view.View, folder: Path) -> None:
        self.view = view
        self.folder = folder
        self.run: Run | None = None


@contextlib.contextmanager
def record(
    client_or_view: ipp.Client | ipp.client.view.View,
    *,
    deadline: float | None = None,
    name: str = "recorded",
    runs: Path | None = None,
    cluster: Cluster | None = None,
) -> Iterator[Recorded]:
    """Record what goes through a client, by whatever view, while the block runs; any ipyparallel cluster will do.

    Results and exceptions are ipyparallel's own; exceptions pass through the block. After `deadline` seconds from the
    first submission, if one is given, stacks are taken, the tasks are interrupted and DeadlinePassed is raised in the
    block. Engines are never killed, replaced or restored, unless `cluster` says that they are the harness's own. At
    the end of the block, tasks that are still out are awaited, until the deadline. Without one, and if an exception
    leaves the block, for 2 s: then it passes through, and the run tells what engines were at.
    """
    client = client_or_view if isinstance(client_or_view, ipp.Client) else client_or_view.client
    view = client.load_balanced_view() if client is client_or_view else client_or_view
    of = cluster or ForeignCluster(client)
    writer = store.create(
        runs or places.runs(),
        name,
        "mine",
        engines=len(client.ids),
        backend=of.backend,
        deadline=deadline,
        **whence(),
    )
    session = Session(client, of, writer, deadline)
    recorded = Recorded(view, writer.folder)
    try:
        try:
            with session.watch.over_block():
                yield recorded
            session.returned()
        except (Exception, DeadlinePassed, SystemExit) as raised:
            session.raised(raised)
            recorded.run = session.close(error=raised)
            raise
        recorded.run = session.close()
    finally:
        if recorded.run is None:
            session.abandon()
