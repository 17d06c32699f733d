"""Where a result differs from its reference: exact, for the types an analysis returns."""

import math
from collections.abc import Mapping
from typing import Any

from harness.engine.values import short
from harness.store import Difference


def first_difference(got: Any, expected: Any, where: str = "result") -> Difference | None:
    """The first place, depth first, where two values differ; None if they are the same.

    Numbers are compared exactly, NaN equals NaN, int equals float of the same value. Mappings are compared whatever
    the order of their keys; sequences in order; tables and arrays by shape, labels and values.
    """
    if type(got).__module__.startswith(("pandas", "numpy")) and hasattr(got, "shape") and got.shape != ():
        return _of_arrays(got, expected, where)
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        for key in expected:
            if key not in got:
                return Difference(where=f"{where}[{key!r}]", got="missing", expected=short(expected[key]))
            if found := first_difference(got[key], expected[key], f"{where}[{key!r}]"):
                return found
        if more := [key for key in got if key not in expected]:
            return Difference(where=f"{where}[{more[0]!r}]", got=short(got[more[0]]), expected="no such key")
        return None
    if isinstance(expected, (list, tuple)) and isinstance(got, (list, tuple)):
        for index, (one, other) in enumerate(zip(got, expected, strict=False)):
            if found := first_difference(one, other, f"{where}[{index}]"):
                return found
        if len(got) != len(expected):
            return Difference(where=f"len({where})", got=str(len(got)), expected=str(len(expected)))
        return None
    return None if _same(got, expected) else Difference(where=where, got=short(got), expected=short(expected))


def _same(got: Any, expected: Any) -> bool:
    if isinstance(got, bool) is not isinstance(expected, bool):
        return False
    try:
        if isinstance(got, float) and isinstance(expected, float) and math.isnan(got) and math.isnan(expected):
            return True
        return bool(got == expected)
    except (TypeError, ValueError):
        return False


def _of_arrays(got: Any, expected: Any, where: str) -> Difference | None:
    if type(got) is not type(expected) or got.shape != expected.shape:
        return Difference(where=where, got=short(got), expected=short(expected))
    if hasattr(got, "equals"):
        if got.equals(expected):
            return None
        got, expected = got.to_dict(), expected.to_dict()
        return first_difference(got, expected, where) or Difference(
            where=where, got=short(got), expected=short(expected)
        )
    return first_difference(got.tolist(), expected.tolist(), where)
