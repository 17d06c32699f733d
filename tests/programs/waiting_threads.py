"""Threads of one task that wait for each other by every means that Python has; `broken_…` can wait for ever."""

import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor


def together(*functions):
    threads = [threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def event():
    ready, said = threading.Event(), []

    def say():
        said.append(1)
        ready.set()

    def hear():
        ready.wait()
        said.append(said[-1] + 1)

    together(hear, say)
    return said == [1, 2]


def broken_event():
    """Who clears the event may clear what was set already."""
    ready = threading.Event()

    def hear():
        ready.clear()
        ready.wait()

    together(hear, ready.set)
    return True


def condition(looks=True):
    changed, there = threading.Condition(), []

    def give():
        with changed:
            there.append(1)
            changed.notify()

    def take():
        with changed:
            if looks:
                changed.wait_for(lambda: there)
            else:
                changed.wait()
            there.pop()

    together(take, give)
    return there == []


def broken_condition():
    """Who waits without a look waits for ever if it was told before."""
    return condition(looks=False)


def semaphore(least=1):
    seats, inside, most = threading.Semaphore(least), [], []

    def sit():
        with seats:
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.01)
            inside.pop()

    together(sit, sit)
    return max(most) == 1


def broken_semaphore():
    return semaphore(2)


def queues(kind=queue.Queue):
    tweets, taken = kind(), []

    def take():
        while (tweet := tweets.get()) is not None:
            taken.append(tweet)

    def put():
        for tweet in (1, 2, None):
            tweets.put(tweet)

    together(take, put)
    return taken == [1, 2]


def simple_queues():
    return queues(queue.SimpleQueue)


def broken_queues():
    """Two full queues, each filled by who should empty the other one."""
    there, back = queue.Queue(1), queue.Queue(1)

    def ask():
        for _ in range(4):
            there.put(1)
        for _ in range(4):
            back.get()

    def answer():
        for _ in range(4):
            there.get()
            back.put(1)

    together(ask, answer)
    return True


def barrier(parties=2):
    meeting, seen = threading.Barrier(parties), []

    def come():
        seen.append(0)
        meeting.wait()
        seen.append(len(seen))

    together(come, come)
    return min(seen[2:]) >= 2


def broken_barrier():
    """Three are awaited, and two come."""
    return barrier(3)


def executor():
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda number: number + 1, [1, 2])) == [2, 3]


def polling():
    """Who asks again and again is no livelock: the other one goes on meanwhile."""
    done = []

    def wait():
        while not done:
            time.sleep(0.01)

    together(wait, lambda: done.append(1))
    return True


def broken_polling():
    """Nobody ever does what it waits for."""
    while True:
        time.sleep(0.01)


def impatient():
    """A wait with a time limit may end before what it waits for; a program that minds is wrong."""
    ready = threading.Event()
    heard = []
    together(lambda: heard.append(ready.wait(5)), ready.set)
    return heard == [True]


def main(view, name):
    assert view.apply_async(globals()[name]).get() is True
