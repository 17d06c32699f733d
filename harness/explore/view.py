"""The view that main gets during a search: its tasks go step by step, on the engines' workers."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from harness.errors import BadInput
from harness.explore.execution import Execution, Task


class Answer:
    """What ipyparallel's AsyncResult is to main; waiting for it lets the tasks go on."""

    def __init__(self, execution: Execution, tasks: list[Task], single: bool) -> None:
        self._execution = execution
        self._tasks = tasks
        self._single = single

    def wait(self, timeout: float | None = None) -> bool:
        """Let tasks go on until these have ended; time does not pass in a search, so there is no time-out."""
        self._execution.until(self.ready, self._tasks)
        return True

    def ready(self) -> bool:
        return all(task.ended for task in self._tasks)

    def get(self, timeout: float | None = None) -> Any:
        """The results, in the order in which they were sent; raises what the first failed task raised."""
        self.wait()
        results = [task.result() for task in self._tasks]
        return results[0] if self._single else results

    result = get

    def successful(self) -> bool:
        return all(task.error is None for task in self._tasks)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.get())

    def __len__(self) -> int:
        return len(self._tasks)


class SearchView:
    """Has what programs use of a load-balanced view: map, apply, and their kin."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution

    def apply_async(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Answer:
        return Answer(self._execution, [self._execution.send(function, args, kwargs)], single=True)

    def apply_sync(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return self.apply_async(function, *args, **kwargs).get()

    apply = apply_async

    def map_async(self, function: Callable[..., Any], *sequences: Iterable[Any], **_: Any) -> Answer:
        sent = [self._execution.send(function, args, {}) for args in zip(*sequences, strict=False)]
        return Answer(self._execution, sent, single=False)

    def map_sync(self, function: Callable[..., Any], *sequences: Iterable[Any], **_: Any) -> list[Any]:
        return self.map_async(function, *sequences).get()

    map = map_async

    def imap(self, function: Callable[..., Any], *sequences: Iterable[Any], **_: Any) -> Iterator[Any]:
        return iter(self.map_async(function, *sequences))

    def wait(self, answers: Any = None, timeout: float | None = None) -> bool:
        waited = [answers] if isinstance(answers, Answer) else list(answers or [])
        return all(answer.wait() for answer in waited)

    def __getattr__(self, name: str) -> Any:
        raise BadInput(f"a search has no view.{name}; it has map, map_async, map_sync, imap, apply and its kin")
