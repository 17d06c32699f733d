"""A searched schedule as one HTML page: engines as columns, steps as rows, conflicts and waits marked; no script."""

from collections.abc import Sequence
from html import escape

from harness.views.schedules import Row
from harness.views.text import LINE, short

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9")
"""Of actors, told apart by those who see colours otherwise too (Okabe and Ito, "Color universal design", 2008)."""
_STYLE = """
:root { color-scheme: light dark; --line: #8886; --hot: #d5000018; --red: #c62828; }
@media (prefers-color-scheme: dark) { :root { --hot: #ff525230; --red: #ff8a80; } }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
h1 { font-size: 1.3rem; } p { max-width: 50rem; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .6rem; vertical-align: top; overflow-wrap: anywhere; }
thead th { border-bottom: 2px solid var(--line); }
tbody td + td, thead th + th { border-left: 1px solid var(--line); }
tr.taken td, tr.taken th { border-top: 2px dashed var(--red); }
td.step { border-left: 5px solid; } td.clash { background: var(--hot); }
tr.waits td { border-top: 2px solid var(--red); color: var(--red); font-weight: 600; }
small { display: block; opacity: .8; } .red { color: var(--red); font-weight: 600; }
code { font-size: .9em; }
"""


def page(
    title: str, outcome: str, reason: str, rows: Sequence[Row], waits: Sequence[tuple[str, str, str]], about: str
) -> str:
    """The page's text. waits: in a deadlock, who waits for what that is held by whom. about: what was run, from when.

    Nothing of what is given can become markup, and the page asks for nothing beyond itself.
    """
    engines = sorted({row.engine for row in rows})
    actors = list(dict.fromkeys([row.actor for row in rows] + [who for who, _, _ in waits]))
    colour = {actor: COLOURS[number % len(COLOURS)] for number, actor in enumerate(actors)}
    where = {row.actor: row.engine for row in rows}
    head = "".join(f"<th scope=col>engine {engine}</th>" for engine in engines)
    body = "\n".join(_row(row, engines, colour) for row in rows)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{_text(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{_text(title)}</h1>
<p><span class="{"" if outcome == "ok" else "red"}">{_text(outcome.upper())}</span> {_text(reason)}</p>
{_ring(waits)}
<div class="scroll">
<table>
<thead><tr><th scope=col>step</th>{head}<th scope=col>where</th></tr></thead>
<tbody>
{body}
{_waiting(waits, engines, where)}
</tbody>
</table>
</div>
<p><small>Read downwards: one step at a time, of whichever engine has it. <b>✱</b> marks accesses that conflict: another
one touches the same thing and one of both changes it. A dashed line: the one before could have gone on, and was
interrupted.</small></p>
<p><small>{_text(about)}</small></p>
</body>
</html>
"""


def _row(row: Row, engines: Sequence[int], colour: dict[str, str]) -> str:
    marks = f"<small>✱ conflicts with {_steps(row.clashes)}</small>" if row.clashes else ""
    told = f"<b>{_text(row.actor)}</b> {_text(row.text)}{marks}"
    cells = [
        f'<td class="step{" clash" if row.clashes else ""}" style="border-left-color: {colour[row.actor]}">{told}</td>'
        if engine == row.engine
        else "<td></td>"
        for engine in engines
    ]
    taken = ' class="taken"' if row.preempts else ""
    return f"<tr{taken}><th scope=row>{row.number}</th>{''.join(cells)}<td><code>{_text(row.place)}</code></td></tr>"


def _waiting(waits: Sequence[tuple[str, str, str]], engines: Sequence[int], where: dict[str, int]) -> str:
    """The last row of a deadlock: what each engine's actors wait for."""
    if not waits:
        return ""
    cells = []
    for engine in engines:
        here = [f"{who} waits for {what}, held by {whom}" for who, what, whom in waits if where.get(who) == engine]
        cells.append(f"<td>{'<br>'.join(map(_text, here))}</td>")
    return f'<tr class="waits"><th scope=row>end</th>{"".join(cells)}<td></td></tr>'


def _ring(waits: Sequence[tuple[str, str, str]]) -> str:
    """Who waits for whom, as far as one can go: a ring is a deadlock."""
    if not waits:
        return ""
    of = {who: (what, whom) for who, what, whom in waits}
    told, at, seen = "", waits[0][0], set[str]()
    while at in of and at not in seen:
        seen.add(at)
        what, whom = of[at]
        told += f"<b>{_text(at)}</b> —waits for {_text(what)}→ "
        at = whom
    return f"<p>Who waits for whom: {told}<b>{_text(at)}</b></p>"


def _steps(numbers: Sequence[int], most: int = 8) -> str:
    listed = ", ".join(str(number) for number in numbers[:most])
    return f"step{'s' if len(numbers) > 1 else ''} {listed}{' …' if len(numbers) > most else ''}"


def _text(text: str) -> str:
    return escape(short(text, LINE))
