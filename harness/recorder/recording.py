"""One run recorded: the capture opened on every engine, tasks numbered when sent and followed to their replies."""

import contextlib
import functools
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import ipyparallel as ipp

from harness.engine import capture
from harness.engine.control import REQUEST
from harness.errors import CannotWork
from harness.recorder import reading
from harness.recorder.setups import SCRATCH, Setups
from harness.store import RunWriter

BEGIN_DEADLINE = 10.0
END_DEADLINE = 2.0
_WISHES = ("retries", "after", "follow", "targets", "timeout")
_ASKING = [(ipp.AsyncResult, name) for name in ("exception", "result", "successful")] + [
    (ipp.AsyncMapResult, "__iter__")
]


@dataclass
class Sent:
    """A task on its way: its number, message id and ipyparallel's own future of the reply.

    wishes: what ipyparallel's scheduler is to heed, such as retries and dependencies; None if it was sent to one engine
    by name, past the scheduler.
    """

    number: int
    msg_id: str
    future: Any
    wishes: dict[str, Any] | None = None

    @property
    def done(self) -> bool:
        return self.future.done()


class Recording:
    """Records what goes through one client, by whatever view, while open.

    Nothing that is sent changes but for the task's number in the message's metadata; results, types and exceptions
    are ipyparallel's own. restore: whether closing puts back what tasks left changed on the engines. setups: how
    engines are to differ while the recording is open.
    """

    def __init__(
        self,
        client: ipp.Client,
        run: RunWriter,
        *,
        module: str | None = None,
        file: str | None = None,
        meet: int = 0,
        restore: bool = True,
        setups: Setups | None = None,
    ) -> None:
        self.client = client
        self.run = run
        self.tasks: dict[str, Sent] = {}
        self.fetched: set[str] = set()
        self.pids: dict[int, int] = {}
        self.changed = threading.Condition()
        self.first_sent: float | None = None
        self.unclean: set[int] = set()
        self._settings = {"folder": str(run.folder), "module": module, "file": file, "meet": meet, "restore": restore}
        self._setups = setups or Setups()
        self._incarnations: dict[int, int] = {}
        self._undo = contextlib.ExitStack()

    def open(self) -> None:
        """Open the capture on all engines and start numbering tasks.

        Raises CannotWork if an engine does not answer within 10 s.
        """
        self._admit(list(self.client.ids))
        self._undo.enter_context(self._numbering())
        self._undo.enter_context(self._keeping())
        self._undo.enter_context(self._fetching())
        self._undo.enter_context(reading.apart(self.client, self._unreadable))
        self.run.event("recording", engines=list(self.client.ids), pid=os.getpid())

    def _admit(self, engines: list[int]) -> None:
        waiting = {}
        for engine in engines:
            times = self._incarnations[engine] = self._incarnations.get(engine, 0) + 1
            prefix = f"e{engine}" + ("" if times == 1 else chr(ord("a") + times - 1))
            setup = self._setups.of(engine, self.run.folder / SCRATCH)
            settings = {**self._settings, "engine": engine, "prefix": prefix, "setup": setup}
            waiting[engine] = self.client[engine].apply_async(capture.begin, settings)
        limit = time.monotonic() + BEGIN_DEADLINE
        for engine, answer in waiting.items():
            try:
                self.pids[engine] = answer.get(timeout=max(0.0, limit - time.monotonic()))["pid"]
            except TimeoutError:
                mend = "`harness cluster repair` replaces it"
                raise CannotWork(f"engine {engine} did not answer within {BEGIN_DEADLINE:.0f} s; {mend}") from None
            except ipp.error.RemoteError as problem:
                why = f"{problem.ename}: {problem.evalue}"
                raise CannotWork(f"engine {engine} can't be prepared for the run ({why})") from None

    @contextlib.contextmanager
    def _numbering(self) -> Iterator[None]:
        send = self.client.send_apply_request

        def send_apply_request(*args: Any, **kwargs: Any) -> Any:
            number = len(self.tasks) + 1
            kwargs["metadata"] = {**(kwargs.get("metadata") or {}), "harness": {"task": number}}
            with self.changed:
                if self.first_sent is None:
                    self.first_sent = time.monotonic()
                    self.changed.notify_all()
            self.run.event("submitted", number)
            try:
                future = send(*args, **kwargs)
            except BaseException as problem:
                self.run.event("not-sent", number, type=type(problem).__name__)
                raise
            told = {name: value for name in _WISHES if (value := kwargs["metadata"].get(name))}
            wishes = None if kwargs.get("ident") else told
            self.tasks[future.msg_id] = Sent(number, future.msg_id, future, wishes)
            future.add_done_callback(lambda done: self._replied(number, done))
            return future

        self.client.send_apply_request = send_apply_request
        try:
            yield
        finally:
            del self.client.send_apply_request

    @contextlib.contextmanager
    def _keeping(self) -> Iterator[None]:
        """Keep what each numbered task is sent, as serialised."""
        send = self.client._send

        def _send(*args: Any, **kwargs: Any) -> Any:
            if numbered := (kwargs.get("metadata") or {}).get("harness"):
                self.run.payload(numbered["task"], kwargs.get("buffers") or [])
            return send(*args, **kwargs)

        self.client._send = _send
        try:
            yield
        finally:
            del self.client._send

    def _replied(self, number: int, future: Any) -> None:
        reply = future.result()
        failed = isinstance(reply, ipp.error.RemoteError)
        named = {"type": reply.ename, "message": str(reply.evalue)[:2000]} if failed else {}
        self.run.event("reply", number, status="error" if failed else "ok", **named)
        with self.changed:
            self.changed.notify_all()

    def _unreadable(self, msg_id: str, error: BaseException) -> None:
        if sent := self.tasks.get(msg_id):
            self.run.event("unreadable", sent.number, type=type(error).__name__)

    @contextlib.contextmanager
    def _fetching(self) -> Iterator[None]:
        """Note which results the client's code asked for, to tell a failure that nobody looked at."""
        with contextlib.ExitStack() as undo:
            for kind, name in _ASKING:
                undo.callback(setattr, kind, name, getattr(kind, name))
                setattr(kind, name, self._noting(getattr(kind, name)))
            yield

    def _noting(self, ask: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(ask)
        def asked(result: Any, *args: Any, **kwargs: Any) -> Any:
            self.fetched.update(result.msg_ids)
            return ask(result, *args, **kwargs)

        return asked

    @property
    def outstanding(self) -> list[Sent]:
        """Tasks sent and not answered."""
        return [task for task in list(self.tasks.values()) if not task.done]

    def wait(self, until: Callable[[], bool], seconds: float | None) -> bool:
        """Wait until something that tasks or their replies change is so, or the seconds are over."""
        with self.changed:
            return self.changed.wait_for(until, seconds)

    def ask(self, engine: int, question: str, seconds: float) -> Any | None:
        """Ask an engine's control thread, `stacks` for now; None if it does not answer in time."""
        uuid = self.client._engines.get(engine)
        if uuid is None:
            return None
        future = self.client._send(self.client._control_stream, REQUEST, content={"ask": question}, ident=uuid.encode())
        if not future.wait(seconds):
            return None
        content = future.result()["content"]
        return content["answer"] if content["status"] == "ok" else None

    def drop_queue(self) -> None:
        """Ask the engines to answer tasks that have not begun with an abort."""
        if jobs := [task.msg_id for task in self.outstanding]:
            for uuid in list(self.client._engines.values()):
                self.client._send(
                    self.client._control_stream, "abort_request", content={"msg_ids": jobs}, ident=uuid.encode()
                )

    def close(self) -> dict[int, list[str]]:
        """Close the capture; returns per engine what the run had left changed.

        Engines that could not be restored, or did not answer, are then in `unclean`.
        """
        self._undo.close()
        if self.client._closed:
            self.run.event("not-restored", why="the program closed its client", answered=False)
            self.unclean.update(self.pids)
            return {}
        left: dict[int, list[str]] = {}
        waiting = {engine: self.client[engine].apply_async(capture.end) for engine in list(self.client.ids)}
        limit = time.monotonic() + END_DEADLINE
        for engine, answer in waiting.items():
            try:
                report = answer.get(timeout=max(0.0, limit - time.monotonic()))
            except (TimeoutError, ipp.error.RemoteError) as problem:
                self.run.event("not-restored", engine=engine, why=f"{type(problem).__name__}: {problem}")
                self.unclean.add(engine)
                continue
            if report.get("gone") and report["pid"] == self.pids.get(engine):
                self.run.event("not-restored", engine=engine, why="the capture on it is gone", answered=True)
                self.unclean.add(engine)
            if report["left"]:
                left[engine] = report["left"]
            if report["stuck"]:
                self.unclean.add(engine)
        return left
