"""The first half of the demo: a buggy variant runs on two engines, and its failure is shown as a learner sees it."""

from rich.console import Console

from harness import course, places
from harness.cluster import start
from harness.store import Run
from harness.triage import execute
from harness.views import logs
from harness.views.verdict import verdict

SEED = 2016
EXERCISE = "1"


def show(console: Console | None = None) -> Run:
    """Run exercise 01 as shipped on two engines of its own and print what was captured; returns the run."""
    console = console or Console()
    exercise = course.load(EXERCISE, places.CLONE)
    console.rule("A bug, captured")
    console.print(
        f"exercises/{exercise.name}/task.py measures the tweets of four companies, one task a company, on two engines. "
        "It has a bug. This is what the harness sees when it runs:\n",
        highlight=False,
    )
    with start(2) as cluster:
        tables = exercise.tables(SEED)
        run = execute(
            exercise.target("original"),
            cluster,
            places.runs(),
            arguments=(tables,),
            deadline=exercise.metadata.deadline,
            seed=SEED,
        )
    console.print(verdict(run, places.workspace()))
    failure = run.outcome.failures[0] if run.outcome and run.outcome.failures else None
    if failure is not None and failure.engine is not None:
        console.print(f"\nThe log of engine {failure.engine}, which had that task:\n", highlight=False)
        for record in logs.by_time(run, logs.Wanted(engine=failure.engine)):
            console.print(logs.shown(record), highlight=False, markup=False, soft_wrap=True)
    console.print(
        "\nOne company of four failed, and the record says which, where, and with which value. "
        "Finding out why is exercise 01.\n",
        highlight=False,
    )
    return run
