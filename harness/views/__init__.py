"""A run shown as text or pixels; pure functions of a run."""

from harness.views.events import events
from harness.views.frames import not_imported, stacks, traceback
from harness.views.listing import entries, listing
from harness.views.sections import sections
from harness.views.tasks import tasks
from harness.views.text import plain, visible
from harness.views.timelines.screen import timeline
from harness.views.verdict import verdict

__all__ = [
    "entries",
    "events",
    "listing",
    "not_imported",
    "plain",
    "sections",
    "stacks",
    "tasks",
    "timeline",
    "traceback",
    "verdict",
    "visible",
]
