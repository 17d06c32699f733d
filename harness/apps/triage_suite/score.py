"""How well the harness judged: what was wrong about each case, the confusion matrix, F1, false alarms."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from harness.apps.triage_suite.cases import Case
from harness.apps.triage_suite.worker import Seen

NOTHING = "(harness failed)"
Judged = Sequence[tuple[Case, Seen]]


def faults(case: Case, seen: Seen) -> list[str]:
    """What the harness got wrong about a case, a phrase each."""
    if seen.failed:
        return [f"harness failed: {seen.failed.strip().splitlines()[-1]}"]
    found = []
    if seen.outcome != case.outcome and not (case.unknown and seen.outcome == "unknown"):
        found.append(f"outcome {seen.outcome}, not {case.outcome} ({seen.reason})")
        return found
    signs = set(seen.signs)
    if missing := case.signs - signs:
        found.append(f"no sign {', '.join(sorted(missing))}")
    if more := signs - case.signs - case.maybe:
        found.append(f"false sign {', '.join(sorted(more))}")
    if case.type is not None and seen.type != case.type:
        found.append(f"type {seen.type}, not {case.type}")
    line = case.line()
    if line is not None and (seen.line, seen.file) != (line, str(case.file)):
        found.append(f"place {seen.file}:{seen.line}, not line {line}")
    if case.ended is not None and seen.ended != case.ended:
        found.append(f"engine ended by {seen.ended}, not {case.ended}")
    return found


def confusion(judged: Judged) -> dict[str, Counter[str]]:
    """True outcome → how often each outcome was given; an accepted `unknown` counts as right."""
    matrix: dict[str, Counter[str]] = {}
    for case, seen in judged:
        given = NOTHING if seen.failed else seen.outcome
        if case.unknown and given == "unknown":
            given = case.outcome
        matrix.setdefault(case.outcome, Counter())[given] += 1
    return matrix


def macro_f1(matrix: dict[str, Counter[str]]) -> float:
    """The mean over the true outcomes of F1, which is 2 tp / (2 tp + fp + fn)."""
    if not matrix:
        return 0.0
    total = 0.0
    for name, given in matrix.items():
        right = given[name]
        missed = given.total() - right
        false = sum(other[name] for outcome, other in matrix.items() if outcome != name)
        total += 2 * right / (2 * right + false + missed)
    return total / len(matrix)


def summary(judged: Judged) -> dict[str, Any]:
    """All figures of a run of the suite, and `holds`: whether what is needed of it does."""
    matrix = confusion(judged)
    wrong = {f"{c.family}.{c.name} ({s.view})": "; ".join(found) for c, s in judged if (found := faults(c, s))}
    alarms = [s for c, s in judged if c.healthy and not s.failed and (set(s.signs) - c.maybe or s.outcome != "ok")]
    unknown = [s for c, s in judged if s.outcome == "unknown" and not c.unknown and c.outcome != "unknown"]
    harness = [s for _, s in judged if s.failed]
    after = {f"{s.family}.{s.name} ({s.view})": s.after.strip() for _, s in judged if s.after}
    stayed = {f"{s.family}.{s.name} ({s.view})": list(s.stayed) for _, s in judged if s.stayed}
    given = sorted({name for row in matrix.values() for name in row})
    return {
        "holds": bool(judged) and not (wrong or alarms or unknown or harness or after or stayed),
        "cases": len({(c.family, c.name) for c, _ in judged}),
        "runs": len(judged),
        "healthy runs": sum(c.healthy for c, _ in judged),
        "confusion, true outcome: given": {
            name: ", ".join(f"{one} {matrix[name][one]}" for one in given if matrix[name][one])
            for name in sorted(matrix)
        },
        "macro-F1": macro_f1(matrix),
        "false alarms": len(alarms),
        "unknown where not allowed": len(unknown),
        "harness failures": len(harness),
        "wrong": wrong,
        "next run affected": after,
        "processes left after a run": stayed,
        "slowest": {
            f"{s.family}.{s.name} ({s.view})": f"{s.seconds:.1f} s"
            for _, s in sorted(judged, key=lambda pair: -pair[1].seconds)[:5]
        },
    }
