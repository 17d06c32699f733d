"""One run recorded: load the target, follow its tasks, collect what the engines saw."""

from harness.recorder.recording import Recording, Sent
from harness.recorder.target import Target, function_of, loaded

__all__ = ["Recording", "Sent", "Target", "function_of", "loaded"]
