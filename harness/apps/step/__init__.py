"""`harness step`: the learner decides who takes the next step, on a screen of its own or by keys given beforehand."""

from harness.apps.step.app import StepApp
from harness.apps.step.hand import Hand

__all__ = ["Hand", "StepApp"]
