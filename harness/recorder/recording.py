"""One run recorded: the capture opened on every engine, tasks numbered when sent and followed to their replies."""

import contextlib
import functools
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import ipyparallel as ipp

from harness.errors import CannotWork
from harness.recorder import answers, reading, sending
from harness.recorder.asking import ask
from harness.recorder.executing import as_call
from harness.recorder.setups import SCRATCH, Setups
from harness.store import RunWriter

BEGIN_DEADLINE = 10.0
END_DEADLINE = 2.0
_ASKING = [(ipp.AsyncResult, name) for name in ("exception", "result", "successful")] + [
    (ipp.AsyncMapResult, "__iter__")
]
_WISHES = ("retries", "after", "follow", "targets", "timeout")


@dataclass(slots=True)
class Sent:
    """A task on its way: its number, message id and ipyparallel's own future of the reply, None once that is here.

    wishes: what ipyparallel's scheduler is to heed, such as retries and dependencies; None if it was sent to one engine
    by name, past the scheduler.
    """

    number: int
    msg_id: str
    future: Any
    wishes: dict[str, Any] | None = None

    @property
    def done(self) -> bool:
        return self.future is None or self.future.done()


class Recording:
    """Records what goes through one client, by whatever view, while open.

    Nothing that is sent changes but for the task's number in the message's metadata; results, types and exceptions
    are ipyparallel's own. restore: whether closing puts back what tasks left changed on the engines. setups: how
    engines are to differ while the recording is open. measured: whether engines note of each task what files it reads
    and what threads it has.
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
        measured: bool = False,
    ) -> None:
        self.client = client
        self.run = run
        self.numbers: dict[str, int] = {}
        """By message id, the number of each task sent: all that is kept of those that have been answered."""
        self._out: dict[str, Sent] = {}
        self.dependent: deque[Sent] = deque()
        """Tasks that must come after others, since somebody last took them from here."""
        self._numbers_given = 0
        self._awaiting = 0
        self.fetched: set[int] = set()
        """Numbers of the tasks whose answers the client asked for."""
        self.left_out: set[int] = set()
        """Numbers of the tasks that share a reply which holds no error, and fewer results than tasks."""
        self._together: dict[str, range] = {}
        """By message id, the numbers of the tasks that share one reply."""
        self.pids: dict[int, int] = {}
        self.changed = threading.Condition()
        self.first_sent: float | None = None
        self.unclean: set[int] = set()
        self._settings = {"folder": str(run.folder), "module": module, "file": file, "meet": meet, "restore": restore}
        self._settings["measured"] = measured
        self._setups = setups or Setups()
        self._incarnations: dict[int, int] = {}
        self._undo = contextlib.ExitStack()

    def open(self) -> None:
        """Open the capture on all engines and start numbering tasks.

        Raises CannotWork if an engine does not answer within 10 s, or has ended.
        """
        self._admit(list(self.client.ids))
        self._undo.enter_context(self._numbering())
        self._undo.enter_context(self._keeping())
        self._undo.enter_context(self._fetching())
        self._undo.enter_context(reading.apart(self.client, self._unreadable))
        self.run.event("recording", engines=list(self.client.ids), pid=os.getpid())

    def _admit(self, engines: list[int]) -> None:
        prepared: dict[int, Any] = {}
        for engine in engines:
            times = self._incarnations[engine] = self._incarnations.get(engine, 0) + 1
            prefix = f"e{engine}" + ("" if times == 1 else chr(ord("a") + times - 1))
            setup = self._setups.of(engine, self.run.folder / SCRATCH)
            settings = {**self._settings, "engine": engine, "prefix": prefix, "setup": setup}
            prepared[engine] = settings
        given = sending.call(self.client, "capture.begin", prepared, BEGIN_DEADLINE)
        for problem in sending.failed(given):
            mend = "`harness cluster repair` replaces it"
            if problem.why == sending.ENDED:
                raise CannotWork(f"engine {problem.engine} ended before the run began; run again, or {mend}")
            if problem.why is not None:
                raise CannotWork(f"engine {problem.engine} can't be prepared for the run ({problem.why})")
            raise CannotWork(f"engine {problem.engine} did not answer within {BEGIN_DEADLINE:.0f} s; {mend}")
        self.pids.update({engine: answer["pid"] for engine, answer in given.items()})

    @contextlib.contextmanager
    def _numbering(self) -> Iterator[None]:
        with contextlib.ExitStack() as undo:
            for name in ("send_apply_request", "send_execute_request"):
                undo.callback(delattr, self.client, name)
                setattr(self.client, name, self._numbered(getattr(self.client, name)))
            yield

    def _numbered(self, send: Callable[..., Any]) -> Callable[..., Any]:
        name = self.run.folder.name

        @functools.wraps(send)
        def numbered(*args: Any, **kwargs: Any) -> Any:
            metadata = kwargs.get("metadata") or {}
            idents = [ident for ident, _ in metadata["targets"]] if metadata.get("is_broadcast") else []
            numbers = self._next_numbers(len(idents) or 1)
            note = {"run": name, "task": numbers[0]}
            if idents:
                note["tasks"] = dict(zip(idents, numbers, strict=True))
            kwargs["metadata"] = {**metadata, "harness": note}
            by_name = kwargs.get("ident") or idents
            wishes = None if by_name else {name: metadata[name] for name in _WISHES if metadata.get(name)}
            theirs = kwargs.get("message_future_hook")

            def follow(future: Any) -> None:
                if theirs is not None:
                    theirs(future)
                if metadata.get("is_coalescing"):
                    self._follow_together(future, numbers, idents)
                    return
                msg_ids = [f"{future.msg_id}_{ident}" for ident in idents] or [future.msg_id]
                for number, msg_id in zip(numbers, msg_ids, strict=True):
                    self._follow(Sent(number, msg_id, self.client._futures[msg_id], wishes))

            for number in numbers:
                self.run.event("submitted", number)
            try:
                return send(*args, **{**kwargs, "message_future_hook": follow})
            except BaseException as problem:
                for number in numbers:
                    self.run.event("not-sent", number, type=type(problem).__name__)
                raise

        return numbered

    def _next_numbers(self, count: int) -> range:
        with self.changed:
            numbers = range(self._numbers_given + 1, self._numbers_given + count + 1)
            self._numbers_given += count
            if self.first_sent is None:
                self.first_sent = time.monotonic()
                self.changed.notify_all()
        return numbers

    def _follow(self, sent: Sent) -> None:
        self.numbers[sent.msg_id] = sent.number
        self._out[sent.msg_id] = sent
        if sent.wishes and ("after" in sent.wishes or "follow" in sent.wishes):
            self.dependent.append(sent)
        sent.future.add_done_callback(lambda future: self._replied(sent, answers.of_one(future.result())))

    def _follow_together(self, future: Any, numbers: range, idents: list[str]) -> None:
        """Follow tasks that share one reply; each has the message id that its engine sees."""
        self._together[future.msg_id] = numbers
        noted = self.client.metadata[future.msg_id]  # the client forgets it with the result
        tasks = [
            Sent(number, f"{future.msg_id}_{ident}", future) for number, ident in zip(numbers, idents, strict=True)
        ]
        for task in tasks:
            self.numbers[task.msg_id] = task.number
            self._out[task.msg_id] = task

        def replied(future: Any) -> None:
            result = future.result()
            if answers.leaves_out(result, idents):
                self.left_out.update(numbers)
            for task, told in zip(tasks, answers.of_many(result, idents, noted["engine_uuid"]), strict=True):
                self._replied(task, told)

        future.add_done_callback(replied)

    @contextlib.contextmanager
    def _keeping(self) -> Iterator[None]:
        """Keep what each numbered task is sent, as serialised; text to execute as a call that does it."""
        send = self.client._send

        def _send(*args: Any, **kwargs: Any) -> Any:
            if numbered := (kwargs.get("metadata") or {}).get("harness"):
                code = (kwargs.get("content") or {}).get("code")
                parts = kwargs.get("buffers") or ([] if code is None else as_call(code))
                for number in numbered.get("tasks", {None: numbered["task"]}).values():
                    self.run.payload(number, parts)
            return send(*args, **kwargs)

        self.client._send = _send
        try:
            yield
        finally:
            del self.client._send

    def _replied(self, sent: Sent, told: dict[str, Any]) -> None:
        self.run.event("reply", sent.number, **told)
        with self.changed:
            sent.future = None  # the result is the user's; it may be large
            self._out.pop(sent.msg_id, None)
            if self._awaiting or not self._out:
                self.changed.notify_all()

    def _unreadable(self, msg_id: str, error: BaseException) -> None:
        for number in self._numbers_of(msg_id):
            self.run.event("unreadable", number, type=type(error).__name__)

    def _numbers_of(self, msg_id: str) -> Iterable[int]:
        number = self.numbers.get(msg_id)
        return self._together.get(msg_id, ()) if number is None else (number,)

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
            for msg_id in result.msg_ids:
                self.fetched.update(self._numbers_of(msg_id))
            return ask(result, *args, **kwargs)

        return asked

    @property
    def outstanding(self) -> list[Sent]:
        """Tasks sent and not answered."""
        return [task for task in list(self._out.values()) if not task.done]

    def wait(self, until: Callable[[], bool], seconds: float | None, *, every_reply: bool = True) -> bool:
        """Wait until something that tasks or their replies change is so, or the seconds are over.

        every_reply: whether to look again at each reply, which costs each of them; else at the last one only.
        """
        with self.changed:
            self._awaiting += every_reply
            try:
                return self.changed.wait_for(until, seconds)
            finally:
                self._awaiting -= every_reply

    def ask(self, engine: int, question: str, seconds: float) -> Any | None:
        """Ask an engine's control thread, such as for its `stacks`; None if it does not answer in time."""
        return ask(self.client, engine, seconds, question)

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
        self.run.event("sent", repeated=self.run.repeated(len(self.pids)))
        if self.client._closed:
            self.run.event("not-restored", why="the program closed its client", answered=False)
            self.unclean.update(self.pids)
            return {}
        left: dict[int, list[str]] = {}
        given = sending.call(self.client, "capture.end", dict.fromkeys(self.client.ids), END_DEADLINE)
        for engine, report in given.items():
            if isinstance(report, sending.NotAnswered):
                why = report.why or f"no answer within {END_DEADLINE:.0f} s"
                self.run.event("not-restored", engine=engine, why=why, answered=report.why is not None)
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
