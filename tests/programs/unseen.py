"""Two threads of one task add to a number that is nothing but a global: only its lines can be told apart."""

import threading

total = 0


def add():
    global total
    seen = total
    total = seen + 1


def both():
    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return total


def main(view):
    assert view.apply_async(both).get() == 2
