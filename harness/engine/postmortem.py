"""Frames of tasks that failed, kept alive on the engine for a while, and pdb driven over them, a command at a time."""

import contextlib
import functools
import io
import linecache
import pdb
import traceback
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from .frames import traceback_of
from .libraries import is_library, is_plumbing

MOST = 4
"""Failures kept; IPython itself keeps the last one alive."""
REFUSED = frozenset(
    """
    alias b break c cl clear commands condition cont continue debug disable display enable EOF exit ignore interact j
    jump n next q quit r restart return run rv retval s step tbreak undisplay unt until unalias
    """.split()  # noqa: SIM905, a list of forty quoted words is unreadable
)
_kept: "OrderedDict[tuple[str, int], BaseException]" = OrderedDict()
_sources: dict[tuple[str, int], dict[str, list[str]]] = {}
"""The lines of the user's files as they were when the task failed."""
_open: dict[tuple[str, int], "PostMortem"] = {}


def keep(run: str, task: int, error: BaseException) -> None:
    """Keep the exception of a task of a run, with its frames; the oldest of those that are too many is let go."""
    _forget((run, task))
    _kept[run, task] = error
    files = {frame.f_code.co_filename for frame, _ in traceback.walk_tb(traceback_of(error))}
    own = [file for file in files if _is_own(file)]
    for file in own:
        linecache.checkcache(file)
    _sources[run, task] = {file: lines for file in own if (lines := linecache.getlines(file))}
    while len(_kept) > MOST:
        _forget(next(iter(_kept)))


def _is_own(file: str) -> bool:
    return not is_library(file) and not is_plumbing(file)


def _forget(which: tuple[str, int]) -> None:
    _open.pop(which, None)
    _kept.pop(which, None)
    _sources.pop(which, None)


@contextlib.contextmanager
def _sources_of(which: tuple[str, int]) -> Iterator[None]:
    """Have linecache give the lines that ran, whatever became of the files; for now only: the next run edits them."""
    for file, lines in _sources[which].items():
        # without a time of change, linecache does not look again
        linecache.cache[file] = (sum(map(len, lines)), None, lines, file)
    try:
        yield
    finally:
        for file in _sources[which]:
            linecache.cache.pop(file, None)


def command(asked: dict[str, Any]) -> dict[str, Any]:
    """Do one pdb command on the frames of a task; `asked` holds `run`, `task` and `line`, or `complete`: names.

    Returns `there` (whether the frames are still here) and `said`, or `names` for a completion; and `lacking`, the
    files whose lines are not here, as those of a notebook's cells. Asked with `sources`, file → lines, it has them.
    """
    which = (asked["run"], asked["task"])
    if which not in _kept:
        return {"there": False, "said": ""}
    if "sources" in asked:
        _sources[which] |= asked["sources"]
        _open.pop(which, None)
        return {"there": True, "said": ""}
    with _sources_of(which):
        prompt = _open.get(which) or _open.setdefault(which, PostMortem(_kept[which]))
        if "complete" in asked:
            return {"there": True, "names": prompt.names(asked["complete"])}
        return {"there": True, "said": prompt.do(asked["line"]), "lacking": prompt.files - _sources[which].keys()}


class PostMortem(pdb.Pdb):
    """pdb over the frames of one exception, which reads no terminal and resumes nothing."""

    def __init__(self, error: BaseException) -> None:
        self._said = io.StringIO()
        super().__init__(stdout=self._said, stdin=io.StringIO(), nosigint=True, readrc=False)
        self.use_rawinput = False
        self.reset()
        self.setup(None, traceback_of(error))
        own = [place for place, (frame, _) in enumerate(self.stack) if _is_own(frame.f_code.co_filename)]
        self.files = {self.stack[place][0].f_code.co_filename for place in own}
        if own:  # what comes before them is how ipyparallel calls
            self.stack = self.stack[own[0] :]
        self._go_to(own[-1] - own[0] if own else len(self.stack) - 1)

    def _go_to(self, place: int) -> None:
        self.curindex = place
        self.curframe = self.stack[place][0]
        self.curframe_locals = self.curframe.f_locals
        self.lineno = None

    def do(self, line: str) -> str:
        """Do one command; returns what pdb says. Without one, says where it stands."""
        word = line.strip().split(maxsplit=1)[0] if line.strip() else ""
        if word in REFUSED:
            return f"*** {word}: the task has ended, so nothing can go on; w u d l ll a p pp whatis source and q work\n"
        try:
            if word:
                self.onecmd(self.precmd(line))
            else:
                self.print_stack_entry(self.stack[self.curindex])
        except BaseException as problem:
            self._said.write(f"*** {type(problem).__name__}: {problem}\n")
        said = self._said.getvalue()
        self._said.seek(0)
        self._said.truncate()
        return said

    def names(self, beginning: str) -> list[str]:
        """Names of the frame that begin so; after a dot, those of the attributes."""
        assert self.curframe is not None
        known = {**self.curframe.f_globals, **self.curframe_locals}
        owner, dot, rest = beginning.rpartition(".")
        if dot:
            first, *others = owner.split(".")
            try:
                known = dict.fromkeys(dir(functools.reduce(getattr, others, known[first])))
            except Exception:  # the user's own code decides what attributes there are
                return []
        return sorted(owner + dot + name for name in known if name.startswith(rest) and (rest or name[:1] != "_"))
