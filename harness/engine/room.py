"""Room to write: a limit that a task sets on the size of files is lifted while the harness writes about the task."""

import resource


class Room:
    """Lifts the limit that tasks set, as far as they may themselves, and sets it again."""

    def __init__(self) -> None:
        self._before = resource.getrlimit(resource.RLIMIT_FSIZE)
        self._theirs: tuple[int, int] | None = None

    def make(self) -> None:
        now = resource.getrlimit(resource.RLIMIT_FSIZE)
        if now != self._before and now[0] != now[1]:
            self._theirs = now
            resource.setrlimit(resource.RLIMIT_FSIZE, (now[1], now[1]))

    def give_back(self) -> None:
        if self._theirs is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, self._theirs)
            self._theirs = None

    @property
    def was_lowered(self) -> bool:
        """Whether a task's limit is lifted at the moment."""
        return self._theirs is not None
