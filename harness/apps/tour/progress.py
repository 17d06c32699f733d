"""Progress of a long call on the screen: a bar in a terminal, two plain lines elsewhere."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

INTERVAL = 0.2  # seconds between two looks
REFRESH = 3  # times a second: drawing takes time from what is measured meanwhile


@contextmanager
def shown(console: Console, title: str, look: Callable[[], tuple[int, int]] = lambda: (0, 0)) -> Iterator[None]:
    """Show while the block runs how far it is: `look` returns how many of how many are done, 0 of 0 if unknown."""
    begin = time.monotonic()
    if console.is_terminal:
        with _bar(console, title, look):
            yield
    else:
        console.print(f"{title} …")
        yield
    console.print(f"{title}: [bold]{time.monotonic() - begin:.1f} s[/bold]")


@contextmanager
def _bar(console: Console, title: str, look: Callable[[], tuple[int, int]]) -> Iterator[None]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    stop = threading.Event()
    with Progress(*columns, console=console, transient=True, refresh_per_second=REFRESH) as progress:
        bar = progress.add_task(title, total=None)

        def follow() -> None:
            while not stop.wait(INTERVAL):
                done, total = look()
                progress.update(bar, completed=done, total=total or None)

        follower = threading.Thread(target=follow, name="progress", daemon=True)
        follower.start()
        try:
            yield
        finally:
            stop.set()
            follower.join(5)
