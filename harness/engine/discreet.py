"""An onlooker whose own failures never get in a task's way, whatever the task did to what the onlooker works with."""

from collections.abc import Callable
from typing import Any

from .hooks import Onlooker


class Discreet:
    """Passes on what it is told. A failure of the onlooker is kept, the first one, and the task goes on unobserved."""

    def __init__(self, onlooker: Onlooker) -> None:
        self._onlooker = onlooker
        self.failed: str | None = None

    def _told(self, tell: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return tell(*arguments)
        except Exception as problem:
            self.failed = self.failed or f"{type(problem).__name__}: {problem}"
            return None

    def received(self, note: dict[str, Any], size: int) -> None:
        self._told(self._onlooker.received, note, size)

    def unpacked(self, function: Any, args: Any, kwargs: Any) -> None:
        self._told(self._onlooker.unpacked, function, args, kwargs)

    def runs_code(self) -> None:
        self._told(self._onlooker.runs_code)

    def ran(self) -> None:
        self._told(self._onlooker.ran)

    def raised(self, error: BaseException | None) -> list[str] | None:
        return self._told(self._onlooker.raised, error)

    def answer_for(self, error: BaseException, method: str) -> dict[str, Any]:
        answer = self._told(self._onlooker.answer_for, error, method)
        return answer or {"status": "error", "ename": type(error).__name__, "evalue": "", "traceback": []}

    def replying(self, reply: dict[str, Any], buffers: Any) -> dict[str, Any]:
        return self._told(self._onlooker.replying, reply, buffers) or reply

    def answered(self) -> None:
        self._told(self._onlooker.answered)
