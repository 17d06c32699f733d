"""`harness step` without a terminal: keys given beforehand, where they lead, and how it refuses."""

import pytest

PROGRAM = """
from pathlib import Path
from tempfile import TemporaryDirectory


def add(folder, many):
    file = Path(folder) / "count"
    number = int(file.read_text())
    file.write_text(str(number + many))


def main(view):
    with TemporaryDirectory() as folder:
        (Path(folder) / "count").write_text("0")
        view.map_async(add, [folder] * 2, [1, 2]).get()
        assert int((Path(folder) / "count").read_text()) == 3
"""


@pytest.fixture
def program(workspace, monkeypatch, cluster):
    (workspace / "count.py").write_text(PROGRAM)
    monkeypatch.chdir(workspace)
    monkeypatch.setattr("harness.cluster.warm_or_started", lambda engines: _Lent(cluster))
    return "count.py"


class _Lent:
    """The tests' cluster, which stays when a command is done with it."""

    def __init__(self, cluster):
        self._cluster = cluster

    def __enter__(self):
        return self._cluster

    def __exit__(self, *_):
        pass


def test_keys_lead_to_a_position_an_end_and_a_saved_run(program, harness):
    status, out, _ = harness("step", program, "--grant", "1,1,1,2")
    assert status == 0
    assert ">4" in out
    assert "2  task 2 (engine 1)  opens count to read" in out
    status, out, _ = harness("step", program, "--grant", "1,1,1,2,f,s")
    assert status == 1
    assert "EXCEPTION  AssertionError" in out
    letters = out.partition("harness show ")[2][:4]
    status, out, _ = harness("show", letters, "--schedule")
    assert (status, "task 2 (engine 1)" in out) == (0, True)
    assert harness("step", program, "--grant", "f")[0] == 0


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        (["--grant", "1,7"], "key 2 of --grant, '7': no key '7'"),
        (["--grant", "u"], "no step to take back"),
        (["--grant", "f,1"], "the program has ended"),
        ([], "needs a terminal; --grant 1,1,2 works without one"),
    ],
)
def test_what_cannot_be_is_one_line(program, harness, keys, says):
    status, out, err = harness("step", program, *keys)
    assert (status, out) == (2, "")
    assert says in err
    assert len(err.splitlines()) == 1
