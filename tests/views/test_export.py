"""An exported run: no value of the user's is in it, what happened and where still is, and it reads as a run."""

import re
import zipfile
from pathlib import Path

import pytest

from harness.store import Run
from harness.views import export, plain, verdict
from tests.golden import NAMES, ROOT, golden


def exported(run: Run, folder: Path) -> Run:
    for name, content in export.files(run):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return Run(folder)


def everything(folder: Path) -> str:
    return "\n".join(path.read_text() for path in folder.rglob("*") if path.is_file())


def values_of(run: Run) -> set[str]:
    """Every recorded value that is long enough to be recognised."""
    found = set()
    for path in (run.folder / "tracebacks").glob("*.json"):
        recorded = run.traceback(path.stem)
        assert recorded is not None
        found |= {text for frame in recorded.frames for text in frame.locals.values()}
    for engine in run.engines:
        found |= {text for stack in run.stacks(engine) for frame in stack.frames for text in frame.locals.values()}
    if run.outcome:
        found |= {value for hang in run.outcome.hangs for value in hang.values.values()}
    return {text for text in found if len(text) > 8 and not text.startswith("<")}


@pytest.mark.parametrize("name", NAMES)
def test_no_recorded_value_is_in_the_export(name: str, tmp_path: Path):
    run = golden(name)
    exported(run, tmp_path)
    content = everything(tmp_path)
    assert [text for text in values_of(run) if text in content] == []
    assert str(ROOT) not in content
    assert not (tmp_path / "payloads").exists()


def test_there_are_values_that_the_export_could_have_leaked():
    assert sum(len(values_of(golden(name))) for name in NAMES) > 5


@pytest.mark.parametrize("name", NAMES)
def test_an_exported_run_shows_the_same_outcome_and_place(name: str, tmp_path: Path):
    run = golden(name)
    masked = exported(run, tmp_path)
    assert (masked.outcome is None) == (run.outcome is None)
    if run.outcome:
        assert masked.outcome.outcome == run.outcome.outcome
        assert masked.outcome.signs == run.outcome.signs
        assert [(one.type, one.line, one.function, one.task) for one in masked.outcome.failures] == [
            (one.type, one.line, one.function, one.task) for one in run.outcome.failures
        ]
    assert [(one.id, one.kind, one.time, one.task) for one in masked.events] == [
        (one.id, one.kind, one.time, one.task) for one in run.events
    ]
    assert plain(verdict(masked, ROOT)).split()[0] == plain(verdict(run, ROOT)).split()[0]


def test_what_a_log_record_says_inside_quotes_and_numbers_is_masked(tmp_path: Path):
    exported(golden("exception"), tmp_path)
    lines = [line for path in tmp_path.glob("*.log") for line in path.read_text().splitlines()]
    messages = [line.split(" | ")[-1] for line in lines]
    assert messages
    assert not any(re.search(r"\d|'[^…]+'", message) for message in messages)
    assert all(re.match(r"\d{4}-\d\d-\d\d .*Z \| engine \d \| task (\d+|-) \| [A-Z]+ \| ", line) for line in lines)


@pytest.mark.parametrize(
    ("recorded", "shown"),
    [
        ("<DataFrame 30×4: Date, Hour>", "<DataFrame 30×4, masked>"),
        ("<ndarray 3×2 float64>", "<ndarray 3×2, masked>"),
        ("'a tweet'", "<masked, 9 characters>"),
    ],
)
def test_shapes_and_lengths_stay(recorded: str, shown: str):
    assert export.value(recorded) == shown


def test_the_command_packs_a_run_once_and_never_overwrites(workspace: Path, monkeypatch, capsys):
    from harness.cli import main
    from tests.golden import copied

    run = copied("crash", workspace)
    monkeypatch.chdir(workspace)
    for expected in (0, 2):
        with pytest.raises(SystemExit) as ended:
            main(["runs", "export"])
        assert ended.value.code == expected
    assert "exists already" in capsys.readouterr().err
    with zipfile.ZipFile(workspace / f"{run.name}.zip") as packed:
        assert f"{run.name}/outcome.json" in packed.namelist()
