"""`harness replay`: what it prints, and how it refuses."""

import json
import sys

import pexpect
import pytest

from harness.recorder import Target
from harness.triage import execute
from tests.golden import copied
from tests.programs import HERE


def test_it_says_then_now_and_whether_they_agree(cluster, workspace, harness):
    execute(Target(HERE / "trouble.py", "trouble"), cluster, workspace / "runs", arguments=("nobody_asks",))
    status, out, _ = harness("replay", "2")
    assert status == 0
    then, now, so = out.splitlines()
    assert then.split(maxsplit=1)[1] == now.split(maxsplit=1)[1]
    assert "ZeroDivisionError: division by zero" in now
    assert so.endswith("it ends the same way")
    status, out, _ = harness("replay", "latest", "2", "--json")
    assert (status, json.loads(out)["same"]) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["3"], "keeps no payload of task 3"),
        (["99"], "has no task 99"),
        (["nothing", "3"], "no run is called 'nothing'"),
        (["3", "--pdb"], "needs a terminal"),
        (["three"], "give a task's number"),
    ],
)
def test_what_cannot_be_replayed_is_one_line(workspace, harness, arguments, says):
    copied("exception", workspace)
    status, out, err = harness("replay", *arguments)
    assert (status, out) == (2, "")
    assert says in err
    assert len(err.splitlines()) == 1


def test_under_pdb_one_steps_through_ones_own_code_and_may_leave(cluster, workspace):
    execute(Target(HERE / "trouble.py", "trouble"), cluster, workspace / "runs", arguments=("nobody_asks",))
    child = pexpect.spawn(sys.executable, ["-m", "harness", "replay", "2", "--pdb"], encoding="utf-8", timeout=60)
    child.expect_exact("(Pdb) ")
    assert "trouble.py" in child.before
    child.sendline("n")
    child.expect_exact("(Pdb) ")
    assert "return 1 / number" in child.before
    child.sendline("q")
    child.expect(pexpect.EOF)
    child.close()
    assert "you left it before it had ended" in child.before
    assert child.exitstatus == 1
