"""The watch over a run: its clock, the deaths of its engines, waits that can never end, and what ends the run then."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from harness.cluster import Cluster, Death
from harness.cluster.foreign import ForeignCluster
from harness.engine.capture import blame
from harness.engine.frames import all_stacks, describe_exception
from harness.engine.gate import DeadlinePassed
from harness.errors import CannotWork
from harness.recorder import Recording
from harness.store import Hang, RunWriter, Stack
from harness.store.growing import GrowingEvents
from harness.triage import stopping
from harness.triage.ladder import Ladder, has_ended, place
from harness.triage.last_resort import LADDER, PATIENCE, LastResort
from harness.triage.lookout import Lookout
from harness.triage.progress import AtWork, Progress

GRACE = 0.3
"""Seconds that the client's code has to end by itself, once nothing can come any more."""
HEARD = 2.0
"""Seconds that the word of an engine's death may take, once its process is seen to have ended."""
END = 30.0
"""Seconds that the watch has to be through with its work when the run is over."""
T = TypeVar("T")


@dataclass
class Watch:
    """Follows one recording until its tasks have ended, the deadline has passed, or what is left can never end.

    deadline: seconds from the first submission (from the begin, while nothing was sent), or None for no limit. Then,
    for each engine that is still at a task: its stacks, an interrupt, and if that did not serve within 1 s, its end.
    stuck: called in the watch's thread if the client's code can't be stopped; last_resort: what
    ends this process if that code does not even let the watch run.
    """

    recording: Recording
    cluster: Cluster | ForeignCluster
    run: RunWriter
    deadline: float | None
    stuck: Callable[[], None] = lambda: None
    last_resort: LastResort | None = None
    deaths: list[Death] = field(default_factory=list)
    hangs: list[Hang] = field(default_factory=list)
    passed: bool = False
    endless: bool = False
    """Whether the run was ended because what was left could never end, before any deadline."""
    never_begun: set[int] = field(default_factory=set)
    """Numbers of tasks that were waiting and that no engine could have taken."""
    cluster_lost: bool = False
    stopped_parts: dict[int, str] = field(default_factory=dict)
    """Processes of a cluster of ours, engines apart, that were found stopped at the deadline: what each is."""
    _over: bool = False
    _main: int | None = None
    _client_hang: Hang | None = None

    def open(self) -> None:
        """Begin to watch, in a thread."""
        self._progress = Progress()
        self._events = GrowingEvents(self.run.folder)
        self._buried = 0
        self._catching_up = threading.Lock()
        self._ladder = Ladder(self.recording, self.cluster, self.run)
        self._lookout = Lookout(self.recording, self.cluster, self._progress)
        self._forget_deaths = self.cluster.on_death(self._died)
        self._thread = threading.Thread(target=self._follow, name="harness-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the watch, wherever it is."""
        with self.recording.changed:
            self._over = True
            self.recording.changed.notify_all()
        if threading.current_thread() is not self._thread:
            self._thread.join(END)
        self._forget_deaths()

    @property
    def replaced(self) -> set[int]:
        """Engines that had to be killed; the watch leaves it to others to start new ones in their places."""
        return self._ladder.replaced

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """Call the client's code so that the watch can stop it: DeadlinePassed is raised in it then."""
        with self.over_block():
            return function(*arguments)

    @contextlib.contextmanager
    def over_block(self) -> Iterator[None]:
        """As `call`, for the block of a with statement."""
        try:
            with stopping.stoppable() as ident:
                self._main = ident
                try:
                    yield
                except DeadlinePassed as stopped:
                    self._client_hang = _hang_at(blame(describe_exception(stopped)["frames"]), "interrupted")
                    raise
                finally:
                    self._main = None
        finally:
            with self.recording.changed:
                self.recording.changed.notify_all()

    def settle(self, seconds: float | None = None) -> None:
        """Wait until every task has been answered, or the run is being ended and the ladder is through.

        seconds: how long at most; None for no limit. What engines are at then is noted, and goes on.
        """
        recording = self.recording
        if not recording.wait(
            lambda: self.passed or self._no_engines() or not recording.outstanding, seconds, every_reply=False
        ):
            self.run.event("unanswered", outstanding=[task.number for task in recording.outstanding])
            self.hangs = self._ladder.seen(self._at_work())
        if self.passed:
            self._thread.join(END)
        # the reply that an engine is dead may be here before the cluster's word of how it died
        self.recording.wait(lambda: self.passed or not self._unheard_deaths(), HEARD)
        self._blame_client()

    def _unheard_deaths(self) -> set[int]:
        """Engines of the run whose process has ended and whose death has not been told."""
        known = self.replaced | {death.engine for death in self.deaths}
        unknown = {engine: pid for engine, pid in self.recording.pids.items() if engine not in known}
        return {engine for engine, pid in unknown.items() if self.cluster.is_here(engine) and has_ended(pid)}

    def _blame_client(self) -> None:
        if self.passed and self._client_hang is not None and not self.hangs:
            self.hangs.append(self._client_hang)

    # ------------------------------------------------------------------ deaths

    def _no_engines(self) -> bool:
        return len({death.engine for death in self.deaths}) >= len(self.recording.pids)

    def _died(self, death: Death) -> None:
        if death.requested or death.pid not in self.recording.pids.values():
            return
        with self.recording.changed:
            if self.passed or self._over:
                return
            if isinstance(self.cluster, Cluster) and death.exit_code is None and death.signal is None:
                # its controller is gone, and the engines with it: no task's doing
                self.cluster_lost = True
            self.deaths.append(death)
            self.run.event(
                "death",
                engine=death.engine,
                pid=death.pid,
                exit_code=death.exit_code,
                signal=death.signal,
                signal_name=death.signal_name,
            )
            self.recording.changed.notify_all()

    # ------------------------------------------------------------------ the watch's thread

    def _follow(self) -> None:
        why = self._until_it_must_end()
        if self._over:
            return
        self._expect(LADDER)
        waiting = [task.number for task in self.recording.outstanding]
        if why == "deadline":
            if isinstance(self.cluster, Cluster):
                self.stopped_parts = self.cluster.stopped_parts()
            more = {"stopped": self.stopped_parts} if self.stopped_parts else {}
            self._pass("deadline", seconds=self.deadline, outstanding=waiting, **more)
        elif why == "endless":
            self.endless = True
            self._pass("endless", outstanding=waiting, why=self.hangs[0].why)
        else:
            self._catch_up()
            self.never_begun.update(set(waiting) - {work.task for work in self._progress.at_work.values()})
        self._drop_queue()
        if self.passed:
            self._clear_engines()
        stopped = self._stop_client()
        with self.recording.changed:
            self.recording.changed.notify_all()
        if not stopped:
            self._give_client_up()

    def _until_it_must_end(self) -> str:
        """Why: the deadline, a wait that is proven endless, no engine left; empty if the run is over."""
        recording, limit = self.recording, self.deadline
        self._expect(limit)
        if not recording.wait(lambda: self._over or recording.first_sent is not None, limit, every_reply=False):
            return "deadline"
        self._expect(limit)
        while not self._over:
            assert recording.first_sent is not None
            gone = time.monotonic() - recording.first_sent
            if limit is not None and gone >= limit:
                return "deadline"
            pause = self._lookout.pause(gone)
            pause = min(pause, limit - gone) if limit else pause
            if recording.wait(lambda: self._over or self._no_engines(), pause, every_reply=False):
                if not self._over:
                    recording.wait(lambda: self._over, GRACE, every_reply=False)
                return "no engines"
            self._catch_up()
            if found := self._lookout.look():
                self.hangs = found
                self.never_begun.update(hang.task for hang in found if hang.engine is None and hang.task is not None)
                return "endless"
        return ""

    def _expect(self, seconds: float | None) -> None:
        """Have the last resort wait for us for so long, and a little more."""
        if self.last_resort is not None and seconds is not None:
            self.last_resort.within(seconds + PATIENCE)

    def _catch_up(self) -> None:
        """Hear what engines have written since the last look, then which of them have died since."""
        with self._catching_up:
            deaths = self.deaths[self._buried :]
            self._progress.take(self._events.new())
            for death in deaths:
                self._progress.lost(death.engine)
            self._buried += len(deaths)

    def _pass(self, kind: str, **data: Any) -> None:
        with self.recording.changed:
            self.passed = True
        self.run.event(kind, **data)

    def _drop_queue(self) -> None:
        """Have what has not begun answered as aborted, so that neither this run's client nor the next run meets it."""
        self.recording.drop_queue()
        self.cluster.abort_queued(self.recording.client, [task.msg_id for task in self.recording.outstanding])

    def _clear_engines(self) -> None:
        try:
            stopped = self._ladder.clear(self._at_work)
        except CannotWork:  # the cluster has ended meanwhile, and its engines with it
            self.cluster_lost = True
            return
        if not self.endless:
            self.hangs = stopped
            return
        seen = {hang.engine: hang for hang in stopped}
        self.hangs = [
            msgspec.structs.replace(seen.get(hang.engine, hang), why=hang.why, waits=hang.waits) for hang in self.hangs
        ]

    def _at_work(self) -> dict[int, AtWork]:
        self._catch_up()
        alive = set(self.recording.pids) - {death.engine for death in self.deaths}
        return {engine: work for engine, work in self._progress.at_work.items() if engine in alive}

    # ------------------------------------------------------------------ the client

    def _stop_client(self) -> bool:
        """Give the client's code 0.3 s to end by itself, then raise DeadlinePassed in it, again until it ends."""
        ended = self.recording.wait(lambda: self._over or self._main is None, GRACE, every_reply=False)
        for _ in range(stopping.TRIES):
            if ended or (ident := self._main) is None:
                return True
            stopping.stop(ident, f"stopped by the harness: {self.hangs[0].why}" if self.endless else "")
            ended = self.recording.wait(lambda: self._over or self._main is None, GRACE, every_reply=False)
        return ended

    def _give_client_up(self) -> None:
        """Note where the client is, which goes on although it was told to stop ten times."""
        self.run.event("client-not-stopped")
        stacks = all_stacks()
        self.run.stacks(None, msgspec.convert(stacks, type=list[Stack]))
        self._client_hang = _hang_at(blame(stacks[0]["frames"]), "not stopped: it goes on whatever is raised in it")
        self._blame_client()
        self.stuck()


def _hang_at(at: dict[str, Any] | None, how_ended: str) -> Hang:
    return Hang(**place(at or {}), how_ended=how_ended)
