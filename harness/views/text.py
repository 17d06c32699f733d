"""Text for a terminal: what tasks wrote made harmless and short, and how places, sizes and durations are written."""

import io
import re
from pathlib import Path

from rich.console import Console, RenderableType

from harness.store import Run

WIDTH = 80
NAME, LINE = 80, 300
"""Characters shown of a name, and of a line, that a task may have chosen."""
_LIBRARY = re.compile(r".*/(?:site-packages|dist-packages|lib/python3\.\d+)/(?P<rest>.+)")
_LETTERS = re.compile(r".+-([a-z]{4})")


def visible(text: str) -> str:
    """The text with every character that is not printable (control, bidirectional, surrogate) written as its escape.

    What comes from a task can thus neither move the cursor nor change how the rest reads. A tab becomes four spaces,
    a newline its escape: split into lines first.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escape(char) for char in text)


def _escape(char: str) -> str:
    if char == "\t":
        return "    "
    return char.encode("unicode_escape").decode("ascii")


def short(text: str, limit: int) -> str:
    """The text on one line, harmless, and at most `limit` characters long."""
    text = visible(text[: limit + 1])
    return text if len(text) <= limit else f"{text[: max(0, limit - 1)]}…"


def shown_path(file: str, root: Path) -> str:
    """A file's path as recorded: below `root` (the workspace) relative to it, a library's without its folder."""
    path = Path(file)
    library = _LIBRARY.match(file)
    if library:
        return short(library["rest"], LINE)
    return short(str(path.relative_to(root) if path.is_relative_to(root) else path), LINE)


def handle(run: Run, root: Path) -> str:
    """What commands call the run: its four letters, if it is one of the workspace's; else its folder."""
    if run.folder.parent != root / "runs":
        return visible(str(run.folder.relative_to(root) if run.folder.is_relative_to(root) else run.folder))
    letters = _LETTERS.fullmatch(run.name)
    return letters[1] if letters else visible(run.name)


def duration(seconds: float) -> str:
    """Seconds as people read them: 4.1 ms, 0.52 s, 12.3 s, 3 min 20 s."""
    if seconds < 0.1:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 10:
        return f"{seconds:.2f} s"
    if seconds < 100:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def size(count: float) -> str:
    """Bytes with a unit of 1000: 72 B, 9.1 kB, 12 MB."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            break
        count /= 1000
    return f"{count:.0f} {unit}" if unit == "B" or count >= 10 else f"{count:.1f} {unit}"


def counted(count: float, noun: str) -> str:
    """`1 task`, `4 tasks`."""
    return f"{count:g} {noun}" if count == 1 else f"{count:g} {noun}s"


def numbers(found: list[int], most: int = 8) -> str:
    """`1, 2, 5`, with what is left out counted: `1, 2, 3 and 997 more`."""
    listed = ", ".join(str(number) for number in found[:most])
    return listed if len(found) <= most else f"{listed} and {len(found) - most} more"


def plain(view: RenderableType, width: int = WIDTH) -> str:
    """A view as plain text without colours, for reports and files; no trailing spaces."""
    console = Console(
        file=io.StringIO(),
        width=width,
        color_system=None,
        highlight=False,
        markup=False,
        emoji=False,
        force_jupyter=False,  # in a notebook rich would show it, and write nothing
    )
    console.print(view)
    written = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in written.splitlines()) + "\n"
