"""How tasks ended that failed for good, from a run's events: what outcome.json lists."""

from collections.abc import Mapping
from typing import Any

from harness.store import Event, Failure

_NOT_THE_TASKS_OWN = ("DeadlinePassed", "TaskAborted", "EngineError")


def _is_own(reply: Mapping[str, Any]) -> bool:
    return reply["status"] == "error" and reply.get("type", "") not in _NOT_THE_TASKS_OWN


class Failures:
    """Looks at events one after the other, by time; of a task that was answered well it keeps the number of attempts.

    passed_deadline: whether the run was ended at a deadline; what was only stopped by that is no failure then.
    """

    def __init__(self, passed_deadline: bool) -> None:
        self._passed_deadline = passed_deadline
        self._final: dict[int, Failure] = {}
        self._attempts: dict[int, int] = {}
        self._labels: dict[int, str] = {}

    def take(self, event: Event) -> None:
        """Look at one event."""
        task, data = event.task, event.data
        if task is None:
            return
        if event.kind == "received":
            self._attempts[task] = self._attempts.get(task, 0) + 1
        elif event.kind == "begin" and (label := data.get("label")):
            self._labels[task] = label
        elif event.kind == "raised" and data["type"] != "UnmetDependency":
            if self._passed_deadline and data.get("stopped"):
                return
            self._final.pop(task, None)
            self._final[task] = self._failure(task, event)
        elif event.kind == "reply" and data["status"] == "ok":
            self._final.pop(task, None)
            self._labels.pop(task, None)
        elif event.kind == "reply" and task not in self._final and _is_own(data):
            self._final[task] = self._failure(task, event)

    def _failure(self, task: int, event: Event) -> Failure:
        keys = ("type", "message", "file", "line", "function", "traceback")
        known: dict[str, Any] = {"type": "", "message": ""} | {
            key: said for key in keys if (said := event.data.get(key)) is not None
        }
        label, attempt = self._labels.get(task, ""), self._attempts.get(task, 1)
        return Failure(task=task, label=label, engine=event.engine, attempt=attempt, event=event.id, **known)

    def final(self) -> list[Failure]:
        """The last attempt of each task that failed for good, in the order in which they failed."""
        return list(self._final.values())
