"""The tour's notebook: it runs from the first cell to the last, and what is shipped are its outputs."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from harness.inputs.making import make_tables
from harness.places import CLONE

NOTEBOOK = CLONE / "exercises" / "00_tour" / "AnalysisTasks.ipynb"
# Somewhere on somebody's machine: a path from the root down at least two folders, not a part of a link.
MACHINE_PATH = re.compile(r"(?<![\w.:/<>-])/(?:home|root|Users|tmp|usr|opt|var|work|mnt)/\S+|[A-Z]:\\\\")


def printed(notebook: nbformat.NotebookNode) -> list[str]:
    """What each code cell shows as text."""
    return [
        "".join(output.get("text", "") or str(output.get("data", {}).get("text/plain", "")) for output in cell.outputs)
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


@pytest.mark.heavy
def test_the_notebook_runs_on_small_tables_and_both_ways_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for _ in make_tables(tmp_path, rows=80, seed=3):
        pass
    monkeypatch.setenv("TOUR_FOLDER", str(tmp_path))
    monkeypatch.setenv("TOUR_ROWS", "60")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(NOTEBOOK.parent)}}
    ).execute()
    shown = "\n".join(printed(notebook))
    assert "60 rows, 20 columns" in shown
    assert "exactly the same" in shown
    assert "2 engines, warm" in shown


def test_the_shipped_notebook_has_the_outputs_of_all_its_cells():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert "30,000 rows" in "\n".join(printed(notebook))
    assert sum("image/png" in output.get("data", {}) for cell in cells for output in cell.outputs) == 3
    assert [output for cell in cells for output in cell.outputs if output.output_type == "error"] == []
    assert [output.text for cell in cells for output in cell.outputs if output.get("name") == "stderr"] == []


def test_the_shipped_notebook_shows_no_path_of_the_machine_it_ran_on():
    assert MACHINE_PATH.findall(NOTEBOOK.read_text(encoding="utf-8")) == []


def test_the_code_that_the_shipped_notebook_prints_is_the_code_that_it_runs():
    from harness.analysis import lemmas, parallel, sequential, statistics

    shown = "\n".join(printed(nbformat.read(NOTEBOOK, as_version=4)))
    from inspect import getsource

    for function in (statistics.describe, lemmas.count, lemmas.lemma, sequential.analyse, parallel.parts, parallel.run):
        assert getsource(function) in shown
