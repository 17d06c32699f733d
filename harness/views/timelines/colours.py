"""The colours of a timeline: of companies, of other groups, of how tasks ended, of phases."""

from collections.abc import Sequence

from harness.store.spans import DIED, FAILED, OK, OPEN
from harness.views.timelines.model import OTHERS

COMPANIES = {"amzn": "#d9822b", "googl": "#3b7dd8", "msft": "#3a9a5b", "nflx": "#c9508f"}
OTHER = ("#56b4e9", "#b08d12", "#8e6fb8", "#2a9d8f", "#a0705a", "#7a8f2a", "#d97a9a", "#5f7fbf")
REST = "#8a94a0"
STATUSES = {OK: "#00000000", FAILED: "#d01c2a", DIED: "#7a0010", OPEN: "#e0b000"}
PHASES = {
    "unpack": "#5b6770",
    "wait": "#c9ced4",
    "import": "#8e6fb8",
    "run": "#ffffff00",
    "pack": "#2b3138",
}


def colour_of(group: str, groups: Sequence[str]) -> str:
    """A group's colour: a company's own, else the one of its place among the others of `groups`."""
    if group in COMPANIES:
        return COMPANIES[group]
    if group == OTHERS or group not in groups:
        return REST
    others = [name for name in groups if name not in COMPANIES]
    return OTHER[others.index(group) % len(OTHER)]
