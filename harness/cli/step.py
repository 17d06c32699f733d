"""`harness step`: be the scheduler yourself, one step at a time."""

import sys
from typing import TYPE_CHECKING

import click

from harness.errors import BadInput

if TYPE_CHECKING:
    from harness.apps.step import Hand


@click.command()
@click.argument("target")
@click.option("--variant", default="mine", help="Of an exercise: mine, original, solution, decoy:NAME.")
@click.option("--seed", type=int, help="Of the exercise's tables; the workspace's by default.")
@click.option("--lines", is_flag=True, help="Every line of the file is a step: for what is shared unseen.")
@click.option(
    "--grant", "keys", metavar="KEYS", help="Press these keys, such as 1,1,2,u,f, show where that leads, leave."
)
def step(target: str, variant: str, seed: int | None, lines: bool, keys: str | None) -> int:
    """Decide yourself which of TARGET's tasks takes the next step.

    TARGET is an exercise or FILE.py, whose main(view) is called. A task's key grants it one step; u takes a step back,
    r begins anew, f runs on to the end, s saves the order of steps as a run, q leaves. Exit status 1 if the program
    ended and failed.
    """
    from harness.apps.step import Hand, StepApp
    from harness.cli.searching import searched

    if keys is None and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput("harness step needs a terminal; --grant 1,1,2 works without one")
    with searched(target, variant, seed, lines) as (session, kept):
        hand = Hand(session, kept)
        if keys is None:
            StepApp(hand, target).run()
        else:
            _press(hand, [key.strip() for key in keys.split(",") if key.strip()], target)
    ended = hand.position.ended
    return int(ended is not None and ended.outcome != "ok")


def _press(hand: "Hand", keys: list[str], target: str) -> None:
    """Press keys and show where the program stands then. A key that cannot be is BadInput with its place."""
    from rich.console import Group

    from harness.apps.step import shown
    from harness.cli.runs import show_view

    for number, key in enumerate(keys, 1):
        if key == "q":
            break
        try:
            said = hand.press(key)
        except BadInput as problem:
            raise BadInput(f"key {number} of --grant, {key!r}: {problem}") from None
        if said and key == "s":
            click.echo(said.replace("TARGET", target))
    position = hand.position
    show_view(Group(shown.steps(position), "", shown.ahead(position, hand.keys), "", shown.shared(position)))
