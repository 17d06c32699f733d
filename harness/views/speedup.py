"""How a program scales and what costs, as one screen."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from harness.store.scaling import Amdahl, Explanation, Finding, TaskGrowth
from harness.views.text import NAME, counted, short

BAR = 24
"""Columns of a bar that stands for all of the time."""
UNSURE = 0.5
"""The error of an exponent beyond which it says nothing."""
MEANINGS = {
    "running": "inside tasks",
    "unpacking": "reading arguments, packing results",
    "sending": "idle: a task or an answer is on its way",
    "submitting": "idle: the client is not at the next task yet",
    "turns": "idle: the client waits for others' answers",
    "tail": "idle: nothing is left, others still work",
    "client": "idle: no task is out, the client is at work",
}
"""What the shares of `Spent` are called; no cause among them."""
WITHHELD = (
    "Which of these costs most, and what kind of cause it is, stands here once the exercise is passed. The figures "
    "above are the evidence."
)
NOTHING = "Nothing stands out: what a mend could save is less than chance moves."


def speedup(explained: Explanation, letters: str) -> RenderableType:
    """The screen; `letters` is what commands call the run that was looked at closely."""
    found = explained.cells
    engines = sorted({cell.engines for cell in found})
    scales = sorted({cell.scale for cell in found})
    repeats = max(len(cell.seconds) for cell in found)
    title = (
        f"{short(explained.target, NAME)}, {short(explained.variant, NAME)}: on {_listed(engines)} engines, "
        f"{counted(repeats, 'run')} each, {counted(explained.cores, 'core')}"
    )
    rest = Table.grid(padding=(0, 2), expand=False)
    rest.add_column(no_wrap=True)
    rest.add_column(overflow="fold")
    for label, body in [
        ("Amdahl", Text(_amdahl(explained.amdahl, max(scales)))),
        ("one task", Text(_growth(explained.growth))),
        (f"×{explained.scale} on {explained.engines}", _spent(explained)),
        ("costs", _costs(explained.findings)),
        *(("note", Text(note)) for note in explained.notes),
        ("next", Text(f"harness timeline {letters}  the run that was looked at closely")),
    ]:
        rest.add_row(Text(label, "dim"), body)
    return Group(Text(title, "bold"), _table(explained), rest)


def _table(explained: Explanation) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("size", "engines", "seconds", "from – to", "speed-up", "efficiency", "serial fraction"):
        table.add_column(heading, justify="right", no_wrap=True)
    for cell in sorted(explained.cells, key=lambda cell: (cell.scale, cell.engines)):
        table.add_row(
            f"×{cell.scale}",
            str(cell.engines),
            f"{cell.median:.3f}",
            f"{min(cell.seconds):.3f} – {max(cell.seconds):.3f}",
            "" if cell.speed_up is None else f"{cell.speed_up:.2f}",
            "" if cell.efficiency is None else f"{cell.efficiency:.0%}",
            "" if cell.serial_fraction is None else f"{cell.serial_fraction:.0%}",
        )
    return table


def _listed(numbers: list[int]) -> str:
    *first, last = (str(number) for number in numbers)
    return f"{', '.join(first)} and {last}" if first else last


def _error(value: float | None, percent: bool) -> str:
    if value is None:
        return ""
    return f" ± {value:.0%}" if percent else f" ± {value:.2f}"


def _amdahl(fit: Amdahl | None, scale: int) -> str:
    if fit is None:
        return "one number of engines only: nothing to fit"
    said = f"serial fraction {fit.fraction:.0%}{_error(fit.error, True)} at ×{scale}"
    if fit.fraction >= 1:
        return f"{said}: more engines are slower"
    limit = f"no number of engines is more than {fit.limit:.1f} times as fast" if fit.limit else "no limit in sight"
    return f"{said}: {limit}"


def _growth(growth: TaskGrowth | None) -> str:
    if growth is None:
        return "its input was the same size throughout, so how it grows is not known"
    if growth.error is not None and growth.error > UNSURE:
        return f"its times vary too much to tell how it grows (exponent {growth.exponent:.1f} ± {growth.error:.1f})"
    if growth.fixed_share > 0.9:
        return f"{growth.fixed_share:.0%} of it is the same whatever its input"
    fixed = f"; {growth.fixed_share:.0%} of it is the same whatever its input" if growth.fixed_share >= 0.01 else ""
    exponent = f"{growth.exponent:.2f}{_error(growth.error, False)}"
    return f"grows with its input with exponent {exponent} (1: in proportion){fixed}"


def _spent(explained: Explanation) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    for name, share in explained.spent.items():
        if share >= 0.005:
            style = "green" if name == "running" else "yellow"
            table.add_row(
                Text("█" * max(1, round(share * BAR)), style), Text(f"{share:4.0%}"), MEANINGS.get(name, name)
            )
    return Group(Text("where the engines' time went:"), table)


def _costs(findings: list[Finding] | None) -> RenderableType:
    if findings is None:
        return Text(WITHHELD)
    if not findings:
        return Text(NOTHING)
    shown: list[RenderableType] = []
    for number, finding in enumerate(findings, 1):
        shown += [
            Text.assemble(f"{number}. ", (short(finding.cause, NAME), "bold"), f"  {_gain(finding.share)}"),
            Text(f"   {short(finding.evidence, 400)}"),
        ]
    return Group(*shown)


def _gain(share: float | None) -> str:
    if share is None:
        return "what a mend would save is not known"
    if share >= 0.99:
        return "a mend would save nearly all of the time"
    return f"a mend would save {share:.0%} of the time at the most: {1 / (1 - share):.1f} times as fast"
