"""An onlooker whose own failures never get in a task's way, whatever the task did to what the onlooker works with."""

from collections.abc import Callable
from typing import Any

from .hooks import Onlooker


class Discreet:
    """Passes on what it is told. A failure of the onlooker is kept, the first one, and the task goes on unobserved."""

    def __init__(self, onlooker: Onlooker) -> None:
        self.failed: str | None = None
        self.received = self._told(onlooker.received)
        self.unpacked = self._told(onlooker.unpacked)
        self.runs_code = self._told(onlooker.runs_code)
        self.ran = self._told(onlooker.ran)
        self.raised = self._told(onlooker.raised)
        self._answer_for = self._told(onlooker.answer_for)
        self._replying = self._told(onlooker.replying)
        self.answered = self._told(onlooker.answered)

    def _told(self, tell: Callable[..., Any]) -> Callable[..., Any]:
        def told(*arguments: Any) -> Any:
            try:
                return tell(*arguments)
            except Exception as problem:
                self.failed = self.failed or f"{type(problem).__name__}: {problem}"
                return None

        return told

    def answer_for(self, error: BaseException, method: str) -> dict[str, Any]:
        answer = self._answer_for(error, method)
        return answer or {"status": "error", "ename": type(error).__name__, "evalue": "", "traceback": []}

    def replying(self, reply: dict[str, Any], buffers: Any) -> dict[str, Any]:
        return self._replying(reply, buffers) or reply
