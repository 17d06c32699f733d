"""`harness speedup`: measures, explains, and names no cause of an exercise before that is passed."""

import io
import json
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from harness.course.withheld import without_findings
from harness.places import CLONE
from harness.store.scaling import Amdahl, Cell, Explanation, Finding
from harness.views import plain
from harness.views.speedup import speedup
from harness.views.speedup_picture import png

IN_TURN = """
def busy(n):
    return sum(i * i for i in range(n))

def main(view, scale=1):
    print("not for standard output")
    return sum(view.apply_sync(busy, 100_000 * scale) for _ in range(6))
"""


@pytest.fixture
def explained() -> Explanation:
    """What was found out about an exercise with one costly thing in it."""
    return Explanation(
        target="01_three_of_four",
        variant="mine",
        cores=2,
        cells=[
            Cell(engines=1, scale=1, seconds=[2.0, 2.2], median=2.1),
            Cell(engines=2, scale=1, seconds=[1.4], median=1.4, speed_up=1.5, efficiency=0.75, serial_fraction=1 / 3),
        ],
        cold={1: 3.0, 2: 3.0},
        engines=2,
        scale=1,
        run="abc",
        spent={"running": 0.6, "tail": 0.4},
        findings=[Finding(cause="load-imbalance", share=0.4, evidence="one engine had most")],
    )


def test_a_file_is_measured_at_every_number_of_engines_and_size_and_what_costs_is_named(harness, workspace: Path):
    file = workspace / "in_turn.py"
    file.write_text(IN_TURN)
    picture = workspace / "curve.png"
    options = ["--engines", "1,2", "--sizes", "1,2", "--repeats", "1", "--json", "--png", str(picture)]
    status, out, _ = harness("speedup", str(file), *options)
    said = json.loads(out)
    assert status == 0
    with Image.open(picture) as drawn:
        assert (drawn.format, drawn.size) == ("PNG", (1440, 600))
    assert [(cell["engines"], cell["scale"]) for cell in said["cells"]] == [(1, 1), (2, 1), (1, 2), (2, 2)]
    assert {name for cell in said["cells"] for name in cell["runs"]} <= {
        path.name for path in (workspace / "runs").iterdir()
    }
    assert said["findings"][0]["cause"] == "accidental-serialisation"
    assert set(said["cold"]) == {"1", "2"}


def test_the_screen_has_times_shares_and_gains_in_80_columns(explained: Explanation):
    screen = plain(speedup(explained, "abcd"))
    for promise in ("1.50", "75%", "33%", "inside tasks", "1. load-imbalance", "save 40%", "1.7 times", "abcd"):
        assert promise in " ".join(screen.split())
    assert max(map(len, screen.splitlines())) <= 80


def test_no_cause_is_named_before_the_exercise_is_passed(explained: Explanation, workspace: Path):
    for part in ("exercises", "solutions"):
        (workspace / part).symlink_to(CLONE / part)
    withheld = without_findings(explained)
    screen = plain(speedup(withheld, "abcd"))
    assert withheld.findings is None
    assert "imbalance" not in screen
    assert "inside tasks" in screen


@pytest.mark.parametrize("fraction", [-0.4, 0.0, 0.2, 1.5])
def test_a_picture_is_drawn_of_any_fit_and_of_one_without_error(explained: Explanation, fraction: float):
    for error in (None, 0.9):
        fitted = msgspec.structs.replace(explained, amdahl=Amdahl(fraction=fraction, error=error, limit=None))
        with Image.open(io.BytesIO(png(fitted))) as drawn:
            assert drawn.size == (1440, 600)
            assert len(drawn.convert("RGB").getcolors(1440 * 600)) > 100


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        (None, [], "no file"),
        ("def main(view): pass", ["--sizes", "1,2"], "def main(view, scale=1)"),
        ("def main(view): pass", ["--engines", "two"], "not a list of whole numbers"),
        ("def main(view): return 1", ["--engines", "1", "--repeats", "1"], "sent no task"),
        ("def main(view): return 1", ["--engines", "2,4", "--png", "new.png"], "--engines 1,2"),
        ("def main(view): return 1", ["--png", "program.py"], "exists already; name another file with --png"),
    ],
)
def test_a_call_that_cannot_work_is_one_line_with_the_mend(harness, workspace: Path, monkeypatch, text, options, said):
    monkeypatch.chdir(workspace)
    file = workspace / "program.py"
    if text is not None:
        file.write_text(text)
    status, out, err = harness("speedup", str(file), *options)
    assert (status, out) == (2, "")
    assert said in err


def test_a_program_that_fails_is_shown_as_it_failed_and_not_measured(harness, workspace: Path):
    file = workspace / "program.py"
    file.write_text("def fail(n):\n    return 1 / n\n\ndef main(view):\n    return view.apply_sync(fail, 0)\n")
    status, out, err = harness("speedup", str(file), "--engines", "1")
    assert status == 1
    assert "ZeroDivisionError" in out
    assert "on 1 engine, ×1 the run did not end well" in err
