"""`harness doctor`: each line says ok or what to do; TensorFlow is not imported for it."""

import json
import subprocess
import sys
import zipfile

import psutil
import pytest

from harness import places
from harness.apps import doctor

CHECKED = {"python", "packages", "wordnet", "model", "data", "ports", "cores", "memory", "ptrace", "leftovers"}


def test_every_check_is_ok_or_says_what_to_do_and_nothing_heavy_is_imported():
    code = """
import sys
from harness.cli import main
try:
    main(["doctor", "--json"])
except SystemExit as ended:
    assert "tensorflow" not in sys.modules and "keras" not in sys.modules
    sys.exit(ended.code)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    said = json.loads(done.stdout)
    assert {one["check"] for one in said["findings"]} == CHECKED
    assert all(one["ok"] or one["mend"] for one in said["findings"])
    assert not any("the check failed" in one["found"] for one in said["findings"])
    assert said["ok"] == all(one["ok"] for one in said["findings"] if one["needed"])
    assert done.returncode == (0 if said["ok"] else 1)


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A clone of which nothing is there."""
    monkeypatch.setattr(places, "CLONE", tmp_path)
    monkeypatch.setattr(places, "MODELS", tmp_path)
    monkeypatch.setattr(places, "TWEETS", tmp_path)
    return tmp_path


def test_packages_are_held_against_the_pins(clone):
    assert "missing" in doctor.packages().found
    pins = ["# pins", "", "click>=8", "no-such-package==1.0", "pytest==0.1  # old", "numpy==0; python_version < '3'"]
    (clone / "requirements.txt").write_text("\n".join(pins))
    finding = doctor.packages()
    assert not finding.ok
    assert "no-such-package is not installed; pytest is" in finding.found
    assert "wanted ==0.1" in finding.found
    assert "numpy" not in finding.found
    assert "pip install -r" in finding.mend
    (clone / "requirements.txt").write_text("click>=8\n")
    assert doctor.packages().ok
    (clone / "requirements.txt").write_text("click = 8 ==\n")
    assert not doctor.packages().ok


def test_a_missing_or_damaged_model_is_said(clone):
    assert "missing" in doctor.model().found
    path = clone / "sentiment.keras"
    path.write_bytes(b"not a zip")
    assert "cannot be read" in doctor.model().found
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", "{}")
    assert "without metadata.json, model.weights.h5" in doctor.model().found
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("metadata.json", "config.json", "model.weights.h5"):
            archive.writestr(name, "{}")
    assert doctor.model().ok


def test_missing_and_damaged_tables_are_said(clone):
    assert doctor.tables().mend == "harness data make"
    for name in ("amzn", "googl", "msft", "nflx"):
        (clone / f"{name}.csv").write_text("")
    assert doctor.tables().ok
    (clone / ".made").write_text("{")
    assert "damaged" in doctor.tables().found
    (clone / ".made").write_text('{"rows": 30000, "seed": 1, "texts": "made"}')
    assert doctor.tables().found == "30,000 tweets a company, texts made, seed 1"


def test_an_unsupported_python_is_said(monkeypatch):
    monkeypatch.setattr(doctor, "SUPPORTED", ((3, 99), (3, 100)))
    assert not doctor.python().ok
    assert "install Python 3.99" in doctor.python().mend


def test_trying_to_trace_leaves_no_process_behind():
    def sleepers() -> set[int]:
        found = psutil.process_iter(["cmdline"])
        return {one.pid for one in found if one.info["cmdline"] == ["sleep", doctor.SLEEP]}

    before = sleepers()
    finding = doctor.tracing()
    assert finding.ok or finding.mend
    assert sleepers() <= before


def test_a_check_that_fails_itself_is_reported_not_raised(monkeypatch):
    def broken():
        raise RuntimeError("no idea")

    monkeypatch.setattr(doctor, "CHECKS", {"broken": broken})
    [finding] = doctor.examine()
    assert not finding.ok
    assert "RuntimeError: no idea" in finding.found
