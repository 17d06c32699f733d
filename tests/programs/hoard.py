"""A task that takes memory and keeps it for a while."""

import time


def take(megabytes):
    kept = b"x" * (megabytes * 1_000_000)
    time.sleep(1)
    return len(kept)


def main(view, engine, megabytes):
    return view.client[engine].apply_sync(take, megabytes)
