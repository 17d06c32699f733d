"""`harness watch`: the course beside its instructions, and a new verdict each time a file is saved."""

from harness.apps.watch.app import WatchApp

__all__ = ["WatchApp"]
