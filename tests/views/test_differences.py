"""Two runs compared: the same story has no difference, and a failing one differs first where it went wrong."""

from pathlib import Path

import pytest

from harness.recorder import Target
from harness.store import Run
from harness.triage import execute
from harness.views import plain
from harness.views.differences import Difference, compare, differences
from tests.golden import NAMES, ROOT, golden
from tests.programs import HERE


@pytest.mark.parametrize("name", NAMES)
def test_a_run_does_not_differ_from_itself(name: str):
    run = golden(name)
    assert not compare(run, run)
    assert "no difference but times, ids and processes" in plain(differences(run, run, ROOT))


def test_two_runs_of_the_same_differ_in_nothing_but_who_did_what_when(cluster, tmp_path: Path):
    target = Target(HERE / "average.py", "average")
    texts = {"amzn": ["Hello", "World"], "nflx": ["one", "three"]}
    runs = [execute(target, cluster, tmp_path / "runs", arguments=(texts,)) for _ in range(2)]
    found = compare(*runs)
    assert found.first is None
    assert set(found.kinds) <= {"order", "engines"}


def test_the_first_divergence_is_the_task_that_failed_in_one_of_them(cluster, tmp_path: Path):
    target = Target(HERE / "average.py", "average")
    good = {"amzn": ["Hello", "World"], "nflx": ["one", "three"]}
    bad = {"amzn": ["Hello", "World"], "nflx": ["one", None]}
    one, other = (execute(target, cluster, tmp_path / "runs", arguments=(texts,)) for texts in (good, bad))
    found = compare(one, other)
    assert found.first is not None
    assert found.first.what == "task 2 nflx"
    assert found.first.one.startswith("end ok")
    assert found.first.other.startswith("raised")
    assert [one.what for one in found.kinds["inputs"]] == ["what task 2 was sent"]
    assert "logs" in found.kinds
    assert found.kinds["outcome"][0].one.startswith("ok")
    shown = plain(differences(one, other, tmp_path))
    assert shown.index("the first divergence") < shown.index("task 2 nflx") < shown.index("outcome")


def test_another_seed_version_or_variable_is_a_difference_of_the_set_up():
    from msgspec.structs import replace

    run = golden("exception")
    changed = Run(run.folder)
    changed.manifest = replace(  # a cached property: the run's manifest as if it were another
        run.manifest,
        seed=5,
        versions={**run.manifest.versions, "pandas": "1.0"},
        environment={**run.manifest.environment, "TZ": "elsewhere"},
    )
    assert compare(run, changed).kinds["set-up"] == [
        Difference("seed", str(run.manifest.seed), "5"),
        Difference("pandas", run.manifest.versions["pandas"], "1.0"),
        Difference("$TZ", run.manifest.environment.get("TZ", "–"), "elsewhere"),
    ]
