"""The pytest plugin: an exercise's test file gets its `exercise`, a failed check puts its evidence into the report."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from harness.apps.searched import Schedules
    from harness.cluster import Cluster
    from harness.course.check import Check

pytest_plugins = ("harness.apps.pytest_exercises", "harness.apps.pytest_recorded")

ENGINES = 2
COVERED = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def harness_cluster() -> Iterator["Cluster"]:
    """The workspace's warm cluster if it is up with at least 2 engines, else one of this session's own."""
    from harness import cluster

    with cluster.warm_or_started(ENGINES) as running:
        yield running


@pytest.fixture(scope="session")
def harness_stock_cluster() -> Iterator["Cluster"]:
    """A cluster of this session's own, started as ipyparallel does it, for exercises that insist on one."""
    from harness import cluster

    with cluster.start(ENGINES, backend="local") as running:
        yield running


@pytest.fixture(scope="module")
def exercise(request: pytest.FixtureRequest) -> "Check":
    """The check of the exercise whose folder the test file lies in."""
    from harness.course.check import Check
    from harness.course.exercise import Exercise

    chosen = Exercise(request.path.parent)
    fixture = "harness_cluster" if chosen.backend is None else "harness_stock_cluster"
    return Check(chosen, request.getfixturevalue(fixture))


@pytest.fixture(scope="module")
def schedules(request: pytest.FixtureRequest, exercise: "Check") -> Iterator["Schedules"]:
    """The search over the orders of steps, for exercises whose bug shows under some of them only."""
    from harness.apps.searched import Schedules

    given = Schedules(exercise)
    yield given
    if given.report is not None and given.report.failing is None:
        request.config.stash.setdefault(COVERED, []).append(f"{exercise.exercise.name}: {given.report.covered}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how far the orders of steps were searched where none failed: it is no proof beyond that."""
    for covered in terminalreporter.config.stash.get(COVERED, []):
        terminalreporter.write_line(f"no order of steps fails in {covered}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Any:
    """Add the verdict, the log lines that matter and the traceback with values of the run that a check rests on."""
    report = yield
    run = getattr(call.excinfo.value, "run", None) if call.excinfo else None
    if run is not None and report.when == "call":
        from harness import places
        from harness.course.withheld import as_symptoms
        from harness.views.sections import sections

        report.sections += sections(as_symptoms(run), places.workspace())
    return report
