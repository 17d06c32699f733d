"""Lines of a run are in its files as they come, those of a flood soon after; none is lost, none overtakes another."""

import threading

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.store import bursts
from harness.store.bursts import Bursts


class Kept:
    def __init__(self):
        self.lines = {"events": [], "payloads": []}
        self.writes = 0

    def __call__(self, to, lines):
        self.writes += 1
        self.lines[to] += lines


@settings(deadline=None, max_examples=30)
@given(lines=st.lists(st.sampled_from(["events", "payloads"]), max_size=500), at_once=st.integers(0, 300))
def test_every_line_is_written_once_in_the_order_of_its_file(lines, at_once):
    kept = Kept()
    pending = Bursts(kept)
    pending._credit = float(at_once)
    for number, to in enumerate(lines):
        pending.add(to, number)
    pending.flush()
    for to, found in kept.lines.items():
        assert found == [number for number, one in enumerate(lines) if one == to]


def test_lines_that_come_now_and_then_are_written_at_once():
    kept = Kept()
    pending = Bursts(kept)
    for number in range(bursts.AT_ONCE):
        pending.add("events", number)
        assert len(kept.lines["events"]) == number + 1


def test_a_flood_is_written_in_bursts_without_anybody_asking(eventually):
    kept = Kept()
    pending = Bursts(kept)
    for number in range(10_000):
        pending.add("events", number)
    eventually(lambda: len(kept.lines["events"]) == 10_000)
    assert kept.writes < 5_000


def test_lines_of_several_threads_all_come():
    kept = Kept()
    pending = Bursts(kept)
    threads = [threading.Thread(target=lambda: [pending.add("events", "x") for _ in range(1_000)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pending.flush()
    assert len(kept.lines["events"]) == 4_000
