"""The learner's hand on the scheduler: keys in, positions of the program out; knows of no screen."""

from collections.abc import Callable

from harness import places
from harness.errors import BadInput
from harness.explore import Session, stepping
from harness.explore.schedule import Schedule
from harness.store import Run
from harness.views.text import handle, short

COMMANDS = {"u": "undo", "r": "restart", "f": "finish", "s": "save", "q": "quit"}
ACTORS = "".join(key for key in "123456789abcdefghijklmnopqrstuvwxyz" if key not in COMMANDS)
"""The keys of actors, in the order in which these came."""


class Hand:
    """A program in a learner's hand, executed anew up to where it stands for each key.

    keep: keeps a schedule as a run. Raises BadInput, also from `press`, for what cannot be, and CannotWork where a
    task waits for something that the scheduler does not see.
    """

    def __init__(self, session: Session, keep: Callable[[Schedule], Run]) -> None:
        self._session = session
        self._keep = keep
        self._saved: tuple[Schedule, Run] | None = None
        self.position = stepping.after(session, ())

    @property
    def keys(self) -> dict[str, str]:
        """Key → actor."""
        return dict(zip(ACTORS, self.position.actors, strict=False))

    def press(self, key: str) -> str:
        """Do what a key means, but for `q`; returns what there is to say."""
        grants = self.position.grants
        match COMMANDS.get(key, key):
            case "undo":
                if not grants:
                    raise BadInput("there is no step to take back")
                self.position = stepping.after(self._session, grants[:-1])
                return f"step {len(grants)} is taken back"
            case "restart":
                self.position = stepping.after(self._session, ())
                return "back at the begin"
            case "finish":
                self.position = stepping.to_the_end(self._session, grants)
                return "run to its end: whoever went last goes on while that is possible"
            case "save":
                return self._save()
        if self.position.ended is not None:
            raise BadInput("the program has ended: u takes a step back, r begins anew")
        if key not in self.keys:
            raise BadInput(f"no key {short(key, 20)!r}; there are: {' '.join([*self.keys, *COMMANDS])}")
        self.position = stepping.after(self._session, [*grants, self.keys[key]])
        return ""

    def _save(self) -> str:
        ended = self.position.ended
        if ended is None:
            raise BadInput("a schedule is saved when the program has ended: f runs it to its end")
        if self._saved is None or self._saved[0] is not ended:
            self._saved = (ended, self._keep(ended))
        letters = handle(self._saved[1], places.workspace())
        return f"saved: `harness show {letters} --schedule`; `harness explore TARGET --replay {letters}` does it again"
