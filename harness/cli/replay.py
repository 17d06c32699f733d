"""`harness replay`: run one recorded task again on this machine, under pdb if asked."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.errors import BadInput

if TYPE_CHECKING:
    from harness.triage.replay import End, Replayed


@click.command()
@click.argument("named", nargs=-1, required=True, metavar="[RUN] TASK")
@click.option("--pdb", "debug", is_flag=True, help="Step through it; at an exception, look at its frames.")
@click.option("--deadline", type=click.FloatRange(min=0, min_open=True), help="Seconds; the run's own by default.")
@click.option("--trust", is_flag=True, help="Open a payload that was not signed on this machine by you: it is code.")
@click.option("--json", "json_", is_flag=True, help="One JSON object on stdout.")
def replay(named: tuple[str, ...], debug: bool, deadline: float | None, trust: bool, json_: bool) -> int:
    """Run the recorded task TASK of RUN again, here, and say whether it ends as it did.

    RUN is a run's name, its letters, a folder; the latest by default. Exit status 0 if it ends the same way, else 1.
    """
    from harness import places, store
    from harness.store import payloads
    from harness.triage import replay as replaying

    if len(named) > 2 or not named[-1].isdecimal():
        raise click.UsageError("give a task's number, and before it the run if it is not the latest: replay hibx 3")
    if debug and (json_ or not sys.stdin.isatty()):
        raise BadInput("--pdb needs a terminal, and goes without --json")
    run = store.find(places.runs(), named[0] if len(named) == 2 else "latest")
    key = None if trust else payloads.signing_key()
    replayed = replaying.replay(run, int(named[-1]), key=key, debug=debug, deadline=deadline)
    if json_:
        click.echo(json.dumps(as_dict(replayed)))
    else:
        for line in lines(replayed, places.workspace()):
            click.echo(line)
    return 0 if replayed.same else 1


def as_dict(replayed: "Replayed") -> dict:
    """What `--json` prints."""
    from dataclasses import asdict

    return {**asdict(replayed), "same": replayed.same}


def lines(replayed: "Replayed", root: Path) -> list[str]:
    """What is printed: then, now, the comparison, what was different."""
    found = [f"then       {_shown(replayed.recorded, root)}"]
    if replayed.now is None:
        found.append("now        you left it before it had ended")
    else:
        verdict = "it ends the same way" if replayed.same else _unlike(replayed.recorded, replayed.now)
        found += [f"now        {_shown(replayed.now, root)}", f"so         {verdict}"]
    return found + [f"different  {one}" for one in replayed.differences]


def _shown(end: "End", root: Path) -> str:
    from harness.views.text import short, shown_path

    what = {"returned": "it returned", "raised": end.what, "died": f"its process died: {end.what}", "hung": "it hung"}
    message = f": {short(end.message, 200)}" if end.message and end.how == "raised" else ""
    if end.how == "returned" and end.message:
        message = f" {short(end.message, 100)}"
    place = f"   ({shown_path(end.file, root)}:{end.line} in {short(end.function or '', 80)})" if end.file else ""
    return f"{short(what[end.how], 80)}{message}{place}"


def _unlike(recorded: "End", now: "End") -> str:
    if now.how == "returned":
        return "it does not fail here: what differs between there and here decides"
    return "it fails differently" if recorded.how != "returned" else "it fails here, and did not there"
