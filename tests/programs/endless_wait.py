"""A task waits for an event that no other one sets."""

import harness


def main(view):
    view.apply_async(harness.Event.wait, harness.Event()).get()
