"""One run recorded: load the target, follow its tasks, collect what the engines saw."""

from harness.recorder.items import Item, over, read_items
from harness.recorder.recording import Recording, Sent
from harness.recorder.setups import ALL, Setups
from harness.recorder.target import LOADS, Target, function_of, loaded

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
    "read_items",
]
