"""Two tasks add numbers to a total in a file, one after the other if there are few: more are added without a lock."""

from hypothesis import strategies as st

import harness

numbers = st.lists(st.integers(0, 9), max_size=4)


def add(total, number):
    total.write_text(str(int(total.read_text()) + number))


def add_safely(total, number, lock):
    with lock:
        add(total, number)


def main(view, numbers):
    total, lock = harness.SharedFile("0"), harness.Lock()
    if len(numbers) < 2:
        view.map_async(add_safely, [total] * len(numbers), numbers, [lock] * len(numbers)).get()
    else:
        view.map_async(add, [total] * len(numbers), numbers).get()
    assert int(total.read_text()) == sum(numbers)
