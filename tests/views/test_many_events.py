"""A run with very many events is shown by its first and its last ones, and says how many are between."""

import io
import sys

import pytest
from rich.console import Console

from harness.store import Run, create
from harness.views.events import events


@pytest.mark.parametrize("count", [0, 1, 6, 7, 30])
def test_the_first_and_the_last_events_are_shown_and_how_many_are_not(tmp_path, monkeypatch, count):
    monkeypatch.setattr(sys.modules["harness.views.events"], "MOST_EVENTS", 3)
    writer = create(tmp_path, "many", "mine", engines=1, backend="local")
    for _ in range(count):
        writer.event("x")
    writer.flush()
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(events(Run(writer.folder), tmp_path))
    lines = console.export_text().splitlines()[1:-1]  # without the heading, and that the run has no end
    shown = [line.split()[3] for line in lines if line.startswith(" ")]
    numbers = list(range(1, count + 1))
    assert shown == [f"c-{number}" for number in (numbers if count <= 6 else numbers[:3] + numbers[-3:])]
    assert [line.split()[1] for line in lines if line.startswith("...")] == ([str(count - 6)] if count > 6 else [])
