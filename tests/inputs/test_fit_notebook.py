"""The notebook that fits the network: it runs from the first cell to the last, with and without the rated texts."""

import re

import nbformat
import pytest
from nbclient import NotebookClient

from harness.inputs import rated
from harness.places import MODELS

NOTEBOOK = MODELS / "FitSentModel.ipynb"


def shown(notebook: nbformat.NotebookNode) -> str:
    """All that the code cells show as text."""
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return "\n".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs)


def run(notebook: nbformat.NotebookNode) -> str:
    """Execute a copy in its folder; what it shows."""
    place = {"metadata": {"path": str(NOTEBOOK.parent)}}
    NotebookClient(notebook, timeout=200, kernel_name="python3", resources=place).execute()
    return shown(notebook)


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> nbformat.NotebookNode:
    """The notebook with settings that fit in seconds."""
    monkeypatch.setenv("FIT_EPOCHS", "1")
    monkeypatch.setenv("FIT_ROWS", "800")
    return nbformat.read(NOTEBOOK, as_version=4)


@pytest.mark.heavy
def test_without_a_network_and_a_cache_made_texts_serve_and_the_notebook_says_so(notebook, tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nothing"))
    monkeypatch.setenv("FIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("FIT_SAVE_AS", str(tmp_path / "small.keras"))
    said = run(notebook)
    assert "SMALL MADE TEXTS ARE USED INSTEAD" in said
    assert "pip could not fetch vaderSentiment==3.3.2" in said
    assert "Texts: small made tweets" in said
    assert f"saved as {tmp_path / 'small.keras'}" in said
    assert (tmp_path / "small.keras").stat().st_size > 0


@pytest.mark.heavy
@pytest.mark.usefixtures("rated_texts")
def test_on_the_rated_texts_it_fits_and_evaluates_a_network(notebook):
    said = run(notebook)
    assert "SMALL MADE TEXTS" not in said
    assert "kept: epoch 1" in said
    assert "not saved" in said


def test_the_shipped_notebook_has_the_outputs_of_all_its_cells():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"] == []
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 3


def test_the_shipped_notebook_shows_the_figures_of_the_card_and_the_code_that_runs():
    from inspect import getsource

    from harness.inputs import network

    said = shown(nbformat.read(NOTEBOOK, as_version=4))
    card = (MODELS / "README.md").read_text(encoding="utf-8")
    assert "SMALL MADE TEXTS" not in said
    (polar,) = [line.split() for line in said.splitlines() if line.startswith("polar ")]
    assert f"{' '.join(polar[2:6])}" in card
    assert f"{' '.join(polar[6:])}" in card
    assert getsource(network.build) in said


@pytest.mark.usefixtures("rated_texts")
def test_the_shipped_notebook_shows_none_of_the_rated_texts():
    said = NOTEBOOK.read_text(encoding="utf-8")
    texts = [*rated.tweets()["text"], *rated.snippets()["text"]]
    assert [text for text in texts if len(text) > 25 and text in said] == []


def test_the_shipped_notebook_shows_no_path_of_the_machine_it_ran_on():
    # From the root down at least two folders, and not a part of a link.
    path = r"(?<![\w.:/<>-])/(?:home|root|Users|tmp|usr|opt|var|work|mnt)/\S+|[A-Z]:\\\\"
    assert re.findall(path, NOTEBOOK.read_text(encoding="utf-8")) == []
