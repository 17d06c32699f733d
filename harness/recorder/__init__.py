"""One run recorded: load the target, follow its tasks, collect what the engines saw."""

from typing import TYPE_CHECKING, Any

from harness.recorder.items import Item, over, read_items
from harness.recorder.setups import ALL, Setups
from harness.recorder.target import LOADS, Target, function_of, loaded, parameters

if TYPE_CHECKING:
    from harness.recorder.recording import Recording, Sent

__all__ = [
    "ALL",
    "LOADS",
    "Item",
    "Recording",
    "Sent",
    "Setups",
    "Target",
    "function_of",
    "loaded",
    "over",
    "parameters",
    "read_items",
]


def __getattr__(name: str) -> Any:
    # they need ipyparallel, which takes longer to import than `harness list` may take
    if name in ("Recording", "Sent"):
        from harness.recorder import recording

        return getattr(recording, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
