"""What faulthandler wrote, made short: the user's frames and what they called; the engine's own are only counted."""

import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.text import Text

from harness.engine.frames import NATIVE_FRAME, is_library, is_plumbing
from harness.views.text import LINE, NAME, counted, short, shown_path

_INNERMOST = 3


def fatal_lines(lines: Sequence[str], root: Path) -> Iterator[Text]:
    """Lines that may hold a stack, the most recent call first: without its part outside the user's code."""
    for is_stack, part in itertools.groupby(lines, key=lambda line: NATIVE_FRAME.fullmatch(line) is not None):
        if is_stack:
            yield from _stack([found for line in part if (found := NATIVE_FRAME.fullmatch(line))], root)
        else:
            yield from (Text(short(line, LINE)) for line in part if line.strip())


def _stack(frames: list[re.Match[str]], root: Path) -> Iterator[Text]:
    own = [index for index, frame in enumerate(frames) if not _of_the_engine(frame["file"])]
    kept = own[-1] + 1 if own else _INNERMOST
    for frame in frames[:kept]:
        yield Text(f"  {shown_path(frame['file'], root)}:{frame['line']} in {short(frame['function'], NAME)}")
    if left_out := len(frames[kept:]):
        yield Text(f"  ... called from {counted(left_out, 'frame')} of the engine itself", "dim")


def _of_the_engine(file: str) -> bool:
    return is_library(file) or is_plumbing(file)


def current_thread(text: str) -> tuple[list[str], int]:
    """Of a dump of all threads, the lines of the thread that was interrupted; and how many others there are.

    An engine's file may hold several dumps; the last one counts. All lines if none is marked as current.
    """
    lines = text.splitlines()
    starts = [index for index, line in enumerate(lines) if line.startswith("Current thread")]
    if not starts:
        return lines, 0
    stack = list(itertools.takewhile(str.strip, lines[starts[-1] :]))
    return stack, sum(line.startswith("Thread ") for line in lines) // len(starts)
