"""Schedules of tasks: in which order their steps can come, searched for one that fails, shrunk, saved, replayed."""

from harness.explore.search import Report, search
from harness.explore.session import Session, opened

__all__ = ["Report", "Session", "opened", "search"]
