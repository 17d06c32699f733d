"""The classes that a cause is named by: what each means and how to tell it from its neighbours."""

from functools import cache
from pathlib import Path

import msgspec


class Cause(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One class of causes. `seen` says what the evidence looks like; `neighbours` are classes it is mistaken for."""

    family: str
    means: str
    seen: str
    neighbours: dict[str, str] = {}


@cache
def causes() -> dict[str, Cause]:
    """All classes by name, from causes.toml."""
    path = Path(__file__).with_name("causes.toml")
    return msgspec.toml.decode(path.read_bytes(), type=dict[str, Cause])
