"""The notebook on what makes the tour slow: it runs from the first cell to the last, and has its outputs."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from harness.inputs.making import make_tables
from harness.places import CLONE
from tests.apps.test_tour_notebook import MACHINE_PATH, printed

NOTEBOOK = CLONE / "exercises" / "00_tour" / "Bottlenecks.ipynb"


@pytest.mark.heavy
def test_the_notebook_runs_on_small_tables_and_explains_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for _ in make_tables(tmp_path, rows=80, seed=3):
        pass
    for name, value in {"FOLDER": str(tmp_path), "ROWS": "64", "ENGINES": "1,2", "REPEATS": "1"}.items():
        monkeypatch.setenv(f"TOUR_{name}", value)
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(NOTEBOOK.parent)}}
    ).execute()
    shown = "\n".join(printed(notebook))
    for promise in ("[4, 16, 64] tweets", "import TensorFlow", "where the engines' time went", "with all threads"):
        assert promise in shown


def test_the_shipped_notebook_has_the_outputs_of_all_its_cells():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert "12000] tweets of each company" in "\n".join(printed(notebook))
    assert sum("image/png" in output.get("data", {}) for cell in cells for output in cell.outputs) == 5
    assert [output for cell in cells for output in cell.outputs if output.output_type == "error"] == []
    assert [output.text for cell in cells for output in cell.outputs if output.get("name") == "stderr"] == []


def test_the_shipped_notebook_shows_no_path_of_the_machine_it_ran_on():
    assert MACHINE_PATH.findall(NOTEBOOK.read_text(encoding="utf-8")) == []
