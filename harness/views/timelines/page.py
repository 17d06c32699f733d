"""A timeline as one HTML page that zooms to any task, drawn by plotly, and asks for nothing beyond itself."""

import base64
import hashlib
import html as markup
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from harness.store import Run
from harness.store.spans import DIED, FAILED, OK, OPEN, PHASES, Files, Span
from harness.views.text import counted, duration, short, size
from harness.views.timelines.colours import PHASES as PHASE_COLOURS
from harness.views.timelines.colours import REST, STATUSES, colour_of
from harness.views.timelines.columns import Scale, most_waiting
from harness.views.timelines.merged import merged
from harness.views.timelines.model import Timeline

MOST_LANES = 256
MOST_SPANS = 150_000
"""Attempts at tasks that the page holds one by one; of more, neighbours are merged."""
MOST_WAITING = 4000
_NAMES = {OK: "ok", FAILED: "failed", DIED: "engine died with it", OPEN: "not ended"}
_STEPS = 2**32 - 1
_SCRIPT = Path(__file__).with_name("page.js")
_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 1.5rem; color: #1c2329; background: #fff; }
h1 { font-size: 1.25rem; margin: 0 0 .3rem; overflow-wrap: anywhere; } p { margin: .2rem 0; max-width: 60rem; }
#timeline { width: 100%; } #note { color: #56616b; min-height: 1.45em; }
"""


def html(run: Run, timeline: Timeline) -> Iterator[bytes]:
    """The page, piece by piece. Nothing of what a run holds can become markup or script in it."""
    from plotly.offline import get_plotlyjs

    scripts = [_normal(get_plotlyjs()), _normal(_SCRIPT.read_text(encoding="utf-8"))]
    hashes = " ".join(f"'sha256-{_hash(script)}'" for script in scripts)
    policy = f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:"
    title = markup.escape(f"{short(run.manifest.target, 60)}: {_outcome(run)}")
    head = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>{_STYLE}</style></head><body>
<h1>{title}</h1>
<p>{markup.escape(_about(timeline))}</p>
{"".join(f"<p>At the end: {markup.escape(line)}</p>" for line in timeline.waits)}
<p id="note">Drag to zoom in, double-click to zoom out, turn the wheel; what a bar is, is said when you point at it.</p>
<p><button id="whole" type="button">The whole run</button></p>
<div id="timeline"></div>
<noscript><p>The timeline is drawn by a script in this page, which has to be allowed.</p></noscript>
<script id="data" type="application/json">"""
    yield head.encode()
    yield _as_data(_content(timeline))
    for script in scripts:
        yield b"</script>\n<script>" + script.encode()
    yield b"</script>\n</body></html>\n"


def _normal(script: str) -> str:
    """A script as browsers see it in a page, so that its hash is that of what they see."""
    return script.replace("\r\n", "\n").replace("\r", "\n")


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _as_data(content: Mapping[str, Any]) -> bytes:
    text = json.dumps(content, separators=(",", ":"))  # ASCII only
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e").encode()


def _outcome(run: Run) -> str:
    return short(run.outcome.outcome, 12) if run.outcome else "cut off"


def _about(timeline: Timeline) -> str:
    of = f"{counted(len(timeline.spans), 'attempt')} at tasks on {counted(len(timeline.engines), 'engine')}"
    merged = f"; neighbours are merged, as the page holds {MOST_SPANS}" if len(timeline.spans) > MOST_SPANS else ""
    left_out = f"; the first {MOST_LANES} engines are shown" if len(timeline.engines) > MOST_LANES else ""
    most = f"; at most {size(max(use.all_memory for use in timeline.uses))} of memory" if timeline.uses else ""
    return f"{of}, {duration(timeline.length)}{most}{merged}{left_out}."


def _content(timeline: Timeline) -> dict[str, Any]:
    engines = timeline.engines[:MOST_LANES]
    busy = timeline.busy
    kept = set(engines)
    spans = [span for span in timeline.spans if span.engine in kept]
    if len(spans) > MOST_SPANS:
        spans = merged(timeline, engines, MOST_SPANS)
    origin = timeline.origin
    return {
        "start": timeline.start - origin,
        "length": timeline.length,
        "lanes": [f"{short(f'engine {engine}', 16)}  {busy[engine]:.0%}" for engine in engines],
        "groups": [[_text(group or "(not begun)"), colour_of(group, timeline.groups)] for group in timeline.groups],
        "statuses": [[_NAMES[status], STATUSES[status]] for status in _NAMES],
        "marks": [
            {
                "time": mark.time - origin,
                "lane": engines.index(mark.engine) if mark.engine in kept else None,
                "text": _text(mark.text),
                "line": mark.kind in ("deadline", "endless"),
            }
            for mark in timeline.marks
        ],
        "cores": timeline.cores,
        "uses": _uses(timeline),
        "waiting": _waiting(timeline),
        **_tasks(timeline, spans, engines),
    }


def _text(text: str) -> str:
    """Text for plotly, which reads some markup."""
    return markup.escape(text, quote=False)


def _uses(timeline: Timeline) -> dict[str, list[float]]:
    last = [timeline.uses[-1].end] if timeline.uses else []
    client = [use.memory.get(None, 0) for use in timeline.uses]
    return {
        "time": [round(time - timeline.origin, 4) for time in [*(use.start for use in timeline.uses), *last]],
        "ours": [round(use.all_cores, 3) for use in timeline.uses],
        "machine": [round(use.machine, 3) for use in timeline.uses],
        "engines": [round((use.all_memory - own) / 1e6, 1) for use, own in zip(timeline.uses, client, strict=True)],
        "client": [round(own / 1e6, 1) for own in client],
    }


def _waiting(timeline: Timeline) -> list[list[float]]:
    """Times and numbers of waiting tasks, the most in each column if they change too often."""
    changes = timeline.waiting
    if len(changes) > MOST_WAITING:
        scale = Scale(timeline, MOST_WAITING)
        changes = [
            (scale.start + at * scale.width, waiting) for at, waiting in enumerate(most_waiting(timeline, scale))
        ]
    return [[round(time - timeline.origin, 6) for time, _ in changes], [waiting for _, waiting in changes]]


def _tasks(timeline: Timeline, spans: Sequence[Span], engines: Sequence[int]) -> dict[str, Any]:
    """The attempts as columns of numbers, compressed; times in steps of `unit` seconds from the timeline's start."""
    unit = timeline.length / _STEPS
    functions = list(dict.fromkeys(span.function for span in spans))[:255]
    failures = ["", *list(dict.fromkeys(span.failure for span in spans if span.failure))[:2000]]
    phases = [*PHASES, *sorted({name for span in spans for name in span.phases} - set(PHASES))[:10]]
    phases = [name for name in phases if any(name in span.phases for span in spans)]
    lane_of, group_of = _places(engines), _places(timeline.groups)
    function_of, failure_of, status_of = _places(functions), _places(failures), _places(list(_NAMES))
    columns: dict[str, Any] = {
        "start": np.array([(span.start - timeline.start) / unit for span in spans]).astype("<u4"),
        "length": np.array([min(span.length / unit, _STEPS) for span in spans]).astype("<u4"),
        "task": np.array([span.task for span in spans], "<i4"),
        "waited": np.array([float("nan") if span.waited is None else span.waited for span in spans], "<f4"),
        **_files(spans),
        "lane": np.array([lane_of[span.engine] for span in spans], "<u2"),
        "failure": np.array([failure_of.get(span.failure, 0) for span in spans], "<u2"),
    }
    for number, name in enumerate(phases):
        shares = [span.phases.get(name, 0.0) / span.length if span.length else 0.0 for span in spans]
        columns[f"phase{number}"] = (np.clip(shares, 0, 1) * 65535).astype("<u2")
    columns["group"] = np.array([group_of.get(span.group, 0) for span in spans], "u1")
    columns["status"] = np.array([status_of[span.status] for span in spans], "u1")
    columns["function"] = np.array([function_of.get(span.function, 255) for span in spans], "u1")
    content = b"".join(column.tobytes() for column in columns.values())
    return {
        "unit": unit,
        "tasks": len(spans),
        "columns": [[name, column.dtype.str[1:]] for name, column in columns.items()],
        "content": base64.b64encode(zlib.compress(content)).decode(),
        "functions": [_text(name) for name in functions],
        "failures": [_text(failure) for failure in failures],
        "phases": [[_text(PHASES.get(name, name)), PHASE_COLOURS.get(name, REST), name == "run"] for name in phases],
    }


def _files(spans: Sequence[Span]) -> dict[str, Any]:
    """Columns of what tasks opened for reading; none where none did."""
    if not any(span.files for span in spans):
        return {}
    found = [span.files or Files() for span in spans]
    return {
        "opened": np.array([min(files.opened, 2**31 - 1) for files in found], "<i4"),
        "bytes": np.array([files.size for files in found], "<f4"),
    }


def _places(names: Sequence[Any]) -> dict[Any, int]:
    return {name: place for place, name in enumerate(names)}
