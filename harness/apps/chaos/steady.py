"""The program that is disturbed: many short tasks; the number of each whose reply was seen is written down at once."""

import os
import time
from typing import Any

TASKS = 120


def letters(tweet: str) -> int:
    """How many letters a tweet has, slowly."""
    time.sleep(0.02)
    return sum(map(str.isalpha, tweet))


def main(view: Any) -> int:
    """Send all tasks, then ask for one answer after the other."""
    seen = os.open(os.environ["CHAOS_SEEN"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    total = 0
    for number, sent in enumerate([view.apply_async(letters, "good day") for _ in range(TASKS)], 1):
        total += sent.get()
        os.write(seen, b"%d\n" % number)
    return total
