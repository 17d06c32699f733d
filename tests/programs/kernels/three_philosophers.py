"""Three threads of one task need the locks on their left and right; in the twin the last one turns round."""

import threading


def dine(turned):
    forks = [threading.Lock() for _ in range(3)]

    def eat(left, right):
        with forks[left], forks[right]:
            pass

    seats = [(0, 1), (1, 2), (0, 2) if turned else (2, 0)]
    threads = [threading.Thread(target=eat, args=seat) for seat in seats]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return True


def broken(view):
    assert view.apply_async(dine, False).get()


def correct(view):
    assert view.apply_async(dine, True).get()
