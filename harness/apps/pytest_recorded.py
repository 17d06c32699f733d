"""The `recorded` fixture: a view whose tasks are recorded for a test of one's own, whose report gets the verdict."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import ipyparallel

    from harness.cluster import Cluster
    from harness.triage import Recorded

DEADLINE = 60.0
"""Seconds that a test's tasks have, from the first one sent, unless its marker says otherwise."""
MARKER = (
    "recorded(deadline=60.0, outcome='ok'): for tests with the `recorded` fixture: seconds from the first task sent "
    "until its tasks are stopped (None: never), and how the run ends if the test passes"
)


class Recording:
    """One test's recording, from the fixture's set-up to the moment its outcome is needed."""

    def __init__(self, context: "AbstractContextManager[Recorded]", outcome: str) -> None:
        self._context = context
        self.expected = outcome
        self.recorded = context.__enter__()
        self._open = True

    def close(self, error: BaseException | None = None) -> None:
        """End the recording, once; `error` is what the test raised, if it did."""
        if not self._open:
            return
        self._open = False
        try:
            self._context.__exit__(type(error) if error else None, error, error.__traceback__ if error else None)
        except BaseException as raised:
            if raised is not error:
                raise


_RECORDING = pytest.StashKey[Recording]()
_PASSED = pytest.StashKey[bool]()
_OWN = pytest.StashKey[tuple["ipyparallel.Client", "Cluster"]]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)


@pytest.fixture(scope="session")
def recorded_client(request: pytest.FixtureRequest) -> Iterator["ipyparallel.Client"]:
    """The client that `recorded` records: of the harness's cluster. Override it to have your own cluster recorded."""
    running = request.getfixturevalue("harness_cluster")
    with running.client() as client:
        request.config.stash[_OWN] = client, running
        yield client


@pytest.fixture
def recorded(request: pytest.FixtureRequest, recorded_client: Any) -> Iterator["ipyparallel.client.view.View"]:
    """A load-balanced view; what goes through it, or through any view of its `client`, is recorded.

    If the test fails, its report shows the verdict, the log lines that matter and the tracebacks with values. If it
    passes though its run did not end as the marker `recorded(outcome=…)` says, `ok` by default, that is an error: a
    task failed and nobody looked, an engine died.
    """
    from harness.triage import record

    first, owner = request.config.stash.get(_OWN, (None, None))
    marker = request.node.get_closest_marker("recorded")
    options = {"deadline": DEADLINE, "outcome": "ok", **(marker.kwargs if marker else {})}
    context = record(
        recorded_client,
        deadline=options["deadline"],
        name=request.node.name,
        cluster=owner if recorded_client is first else None,
    )
    recording = request.node.stash[_RECORDING] = Recording(context, options["outcome"])
    yield recording.recorded.view
    recording.close()
    run = recording.recorded.run
    passed = request.node.stash.get(_PASSED, False)
    if passed and run is not None and run.outcome is not None and run.outcome.outcome != recording.expected:
        pytest.fail(
            f"the test passed, but what it sent ended as {run.outcome.outcome}: {run.outcome.reason}", pytrace=False
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Any:
    """End the recording with the test; a stop at the deadline, to pytest an interrupt, becomes a failure."""
    recording = item.stash.get(_RECORDING, None)
    if recording is None:
        return (yield)
    from harness.engine.gate import DeadlinePassed

    try:
        result = yield
    except DeadlinePassed as stopped:
        recording.close(stopped)
        pytest.fail("the deadline passed before the test and its tasks had ended", pytrace=False)
    except BaseException as error:
        recording.close(error)
        raise
    recording.close()
    item.stash[_PASSED] = True
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Any:
    """Add to the report of a failure what the recording shows."""
    report = yield
    recording = item.stash.get(_RECORDING, None)
    run = recording.recorded.run if recording is not None else None
    if run is not None and report.failed:
        from harness import places
        from harness.views.sections import sections

        report.sections += sections(run, places.workspace())
    return report
