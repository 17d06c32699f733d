"""One recorded stretch of a client's work, from begin to judgement; afterwards engines of ours are as before."""

import dataclasses
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import ipyparallel as ipp

from harness import store
from harness.cluster import Cluster
from harness.cluster.foreign import ForeignCluster
from harness.engine.frames import describe_exception
from harness.engine.gate import DeadlinePassed
from harness.engine.values import message_of
from harness.errors import CannotWork
from harness.recorder import Recording, Setups
from harness.recorder.sampling import Sampler
from harness.store import Difference, Limit, Run
from harness.store.trace import bars
from harness.triage import deaths, memory
from harness.triage.compare import first_difference
from harness.triage.judge import MAIN, Comparison, Evidence, judge
from harness.triage.last_resort import PATIENCE, LastResort
from harness.triage.stopping import stopped_after
from harness.triage.watch import Watch

AT_ONCE = 8
"""Engines that are started anew at the same time."""
AFTER_ERROR = 2.0
"""Seconds for which tasks still out are awaited when an exception leaves a run that has no deadline."""
REFERENCE = 10.0
"""Seconds that a reference has at least; it has as long as the run if that is more."""


class Session:
    """One recorded stretch of a client's work, watched over and judged at its end.

    deadline: seconds from the first submission, or None. A cluster that is not ours is left as the work left it. told:
    called with the run as soon as it is judged, before engines are mended. stuck: called in another thread, after
    that, if the client's code can't be stopped; it should end the process. limits: by counter, what the work may cost.
    measured: whether engines look closely at what tasks do, as some counters need (see `harness.engine.costs`).
    """

    def __init__(
        self,
        client: ipp.Client,
        cluster: Cluster | ForeignCluster,
        writer: store.RunWriter,
        deadline: float | None,
        *,
        module: str | None = None,
        file: str | None = None,
        meet: int = 0,
        setups: Setups | None = None,
        told: Callable[[Run], object] = lambda run: None,
        stuck: Callable[[], object] | None = None,
        limits: Mapping[str, Limit] | None = None,
        measured: bool = False,
    ) -> None:
        ours = isinstance(cluster, Cluster)
        self.cluster = cluster
        self.writer = writer
        self.recording = Recording(
            client, writer, module=module, file=file, meet=meet, restore=ours, setups=setups, measured=measured
        )
        self._limits = limits or {}
        self.recording.open()
        self._told = told
        self._stuck = stuck
        self._judged: Run | None = None
        self._judging = threading.Lock()
        self._memory = memory.begin([pid for engine, pid in self.recording.pids.items() if cluster.is_here(engine)])
        self._last_resort = LastResort(writer.folder) if stuck is not None and deadline is not None else None
        self.watch = Watch(self.recording, cluster, writer, deadline, self._client_goes_on, self._last_resort)
        self.watch.open()
        self._sampler = Sampler(writer.folder, self._pids_here, self._not_sampled)
        self._sampler.open()

    def _pids_here(self) -> dict[int, int]:
        """The processes on this machine that are the run's engines now, those in the place of others included."""
        first = {engine: pid for engine, pid in self.recording.pids.items() if self.cluster.is_here(engine)}
        return first | {engine: one.pid for engine, one in self.cluster.engines.items() if engine in first}

    def _not_sampled(self, problem: OSError) -> None:
        self.writer.event("not-sampled", why=problem.strerror)

    def returned(self) -> None:
        """Note that main returned."""
        self.writer.event("main-returned")

    def raised(self, error: BaseException) -> None:
        """Note what escaped main."""
        self.writer.make_good()
        self.writer.event("main-raised", type=type(error).__name__, message=message_of(error))
        self.writer.traceback(MAIN, describe_exception(error))

    def close(
        self, value: Any = None, error: BaseException | None = None, reference: Callable[[], Any] | None = None
    ) -> Run:
        """Wait for what is still out, close the recording, judge, and mend the engines if they are ours.

        Without a deadline nothing ends what never ends: after an exception that is awaited for 2 s only.
        """
        self.watch.settle(AFTER_ERROR if error is not None and self.watch.deadline is None else None)
        self.watch.close()
        try:
            return self._judge(value, error, self._bounded(value, reference) if reference else None)
        finally:
            if self._last_resort is not None:
                self._last_resort.close()

    def _client_goes_on(self) -> None:
        """In the watch's thread: judge without waiting for the client's code, which can't be stopped."""
        self._judge(None, None, None)
        if self._stuck is not None:
            self._stuck()

    def _judge(self, value: Any, error: BaseException | None, difference: Comparison | None) -> Run:
        with self._judging:
            if self._judged is None:
                self._judged = self._judged_first(value, error, difference)
            return self._judged

    def _judged_first(self, value: Any, error: BaseException | None, difference: Comparison | None) -> Run:
        recording, watch = self.recording, self.watch
        self._sampler.close()
        if watch.cluster_lost:
            raise CannotWork("the cluster's controller ended during the run; start the cluster again, then run again")
        if self._last_resort is not None:
            self._last_resort.not_now()  # threads do run, and mending many engines may take long
        outstanding = tuple(task.number for task in recording.outstanding)
        self.writer.make_good()
        if isinstance(self.cluster, Cluster):
            self.cluster.resume()
        left = recording.close()
        if isinstance(self.cluster, Cluster) and (orphans := self.cluster.end_orphans()):
            self.writer.event("orphans-ended", pids=orphans)
        self.writer.flush()
        run = Run(self.writer.folder)
        self._evidence = Evidence(
            run=run,
            returned=value,
            raised=error,
            passed_deadline=watch.passed,
            endless=watch.endless,
            never_begun=frozenset(watch.never_begun),
            stopped_parts=watch.stopped_parts,
            hangs=watch.hangs,
            deaths=deaths.described(run, watch.deaths, self._memory),
            fetched=frozenset(recording.fetched),
            left_out=frozenset(recording.left_out),
            outstanding=outstanding,
            left=left,
            replaced=frozenset(watch.replaced | _unfit(self.cluster, recording)),
            difference=difference,
            limits=self._limits,
        )
        return self._conclude(self._evidence)

    def _conclude(self, evidence: Evidence) -> Run:
        """Judge, write it down, tell it; only then mend what would keep the next run from a clean cluster."""
        run = _finished(self.writer, evidence)
        self._told(run)
        _repair(self.cluster, self.recording)
        return run

    def _bounded(self, value: Any, reference: Callable[[], Any]) -> Comparison:
        """The comparison with the reference, with a limit of its own: TimeoutError if they do not end within it.

        What compares may be the user's code as well.
        """
        limit = max(REFERENCE, self.watch.deadline or 0.0)
        too_slow = TimeoutError(f"it did not end within {limit:g} s")

        def no_reference() -> Difference | None:
            raise too_slow

        def goes_on() -> None:
            self._conclude(dataclasses.replace(self._evidence, difference=no_reference))
            if self._stuck is not None:
                self._stuck()

        def compared() -> Difference | None:
            if self._last_resort is not None:
                self._last_resort.within(limit + PATIENCE)
            try:
                with stopped_after(limit, goes_on) as passed:
                    found = first_difference(value, reference())
            except DeadlinePassed:
                raise too_slow from None
            finally:
                if self._last_resort is not None:
                    self._last_resort.not_now()
            if passed.is_set():
                raise too_slow
            return found

        return compared

    def abandon(self) -> None:
        """Close the recording without waiting or judging: the run reads as cut off."""
        self.watch.close()
        self._sampler.close()
        if self._last_resort is not None:
            self._last_resort.close()
        self.recording.drop_queue()
        self.recording.close()
        self.writer.flush()
        _repair(self.cluster, self.recording)


def _unfit(cluster: Cluster | ForeignCluster, recording: Recording) -> set[int]:
    """Engines of ours that could not be put back as they were."""
    return set(recording.unclean) if isinstance(cluster, Cluster) else set()


def _repair(cluster: Cluster | ForeignCluster, recording: Recording) -> None:
    """New processes for engines that ended or could not be restored, so that the next run finds none of this one."""
    if isinstance(cluster, Cluster):
        lost = recording.unclean | set(recording.pids) - set(cluster.engines)
        if lost and not recording.client._closed:
            # what was sent, or is to be tried again, since the engines ended would go to the new ones
            cluster.abort_queued(recording.client, [task.msg_id for task in recording.outstanding])
        with ThreadPoolExecutor(AT_ONCE, "harness-repair") as pool:
            list(pool.map(cluster.replace, sorted(lost)))


def _finished(writer: store.RunWriter, evidence: Evidence) -> Run:
    """Judge, and draw the timeline while the events pass by: to read them takes longer than what is made of them."""
    writer.finish(judge(evidence, lambda events: writer.timeline(bars(evidence.run, events))))
    return Run(writer.folder)
