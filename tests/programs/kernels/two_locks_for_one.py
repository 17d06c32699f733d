"""A part and a total that belong together each have a lock of their own; the twin has one for both."""

import harness


def move(stock, sold, one, other):
    """Sell one of two."""
    with one:
        stock.write_text(str(int(stock.read_text()) - 1))
    with other:
        sold.write_text(str(int(sold.read_text()) + 1))


def move_at_once(stock, sold, one, other):
    with one:
        stock.write_text(str(int(stock.read_text()) - 1))
        sold.write_text(str(int(sold.read_text()) + 1))


def count(stock, sold, one, other):
    with one, other:
        return int(stock.read_text()) + int(sold.read_text())


def both(view, function):
    shared = harness.SharedFile("2"), harness.SharedFile("0"), harness.Lock(), harness.Lock()
    moved = view.apply_async(function, *shared)
    seen = view.apply_async(count, *shared).get()
    moved.get()
    return seen


def broken(view):
    assert both(view, move) == 2


def correct(view):
    assert both(view, move_at_once) == 2
