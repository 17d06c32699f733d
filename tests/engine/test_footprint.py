"""What a task leaves behind in its engine is an event of that task, and is not there for the next run."""

import hashlib

from harness.recorder import Target
from harness.triage import execute

LEAVES = """
import os
import sys
from pathlib import Path

def leave(folder):
    import logging
    from loguru import logger
    logger.add(Path(folder) / "left.log")
    logging.getLogger().addHandler(logging.NullHandler())
    os.chdir(folder)

def use(folder):
    if folder not in sys.path:
        sys.path.insert(0, folder)
    import left_here
    return left_here.VALUE

def main(view, folder):
    engine = view.client[0]
    engine.apply_sync(leave, folder)
    engine.apply_sync(len, folder)
    engine.execute("left_name = 1")
    return [engine.apply_sync(use, folder), engine.apply_sync(use, folder)]
"""


def played(cluster, folder, value):
    """The run of the program above, whose module `left_here` has this value; and its events `changed`."""
    program, modules = folder / "leaves.py", folder / f"modules-{value}"
    program.write_text(LEAVES)
    modules.mkdir()
    (modules / "left_here.py").write_text(f"VALUE = {value}\n")
    run = execute(
        Target(program, "leaves"),
        cluster,
        folder / "runs",
        arguments=(str(modules),),
        reference=lambda: [value, value],
        deadline=10.0,
    )
    return run, run.of_kind("changed"), modules


def test_what_a_task_leaves_behind_is_told_once_and_with_its_task(cluster, tmp_path):
    run, changes, modules = played(cluster, tmp_path, 1)
    assert run.outcome.outcome == "ok", run.outcome.reason
    told = {change.data["what"]: change for change in changes}
    assert len(told) == len(changes), "nothing is told twice"
    assert told["loguru sinks"].data["now"] == told["loguru sinks"].data["before"] + 1
    assert told["logging handlers"].data["now"] == told["logging handlers"].data["before"] + 1
    assert told["working folder"].data["now"] == str(modules)
    assert {told[what].task for what in ("loguru sinks", "logging handlers", "working folder")} == {1}
    assert told["names"].data["new"] == "left_name"
    module = told["module"]
    assert (module.data["name"], module.engine) == ("left_here", 0)
    assert module.data["sha256"] == hashlib.sha256((modules / "left_here.py").read_bytes()).hexdigest()[:8]


def test_a_module_from_a_folder_of_one_run_is_not_found_loaded_by_the_next(cluster, tmp_path):
    for value in (1, 2):
        run, _, _ = played(cluster, tmp_path, value)
        assert run.outcome.outcome == "ok", run.outcome.reason
