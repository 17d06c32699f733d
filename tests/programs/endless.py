"""Tasks that wait for what can never come, and for each a healthy one that looks like it; `main(view, how)`."""

import fcntl
import os
import tempfile
import threading
import time
from pathlib import Path

import ipyparallel as ipp


def fail(text):
    raise ValueError(text)


def fail_once(folder):
    """Fail at the first attempt only."""
    try:
        Path(folder, "tried").touch(exist_ok=False)
    except FileExistsError:
        return "served"
    raise ValueError("the first attempt")


def die_once(folder):
    """End the engine at the first attempt only; take a while at the second."""
    try:
        Path(folder, "tried").touch(exist_ok=False)
    except FileExistsError:
        time.sleep(0.7)
        return "served"
    os._exit(3)


@ipp.depend(lambda: False)
def nowhere():
    return "never"


def wait_for(path):
    limit = time.monotonic() + 20
    while not Path(path).exists() and time.monotonic() < limit:
        time.sleep(0.01)
    return path


def lock_order(crossed):
    """Two threads take two locks; crossed, each waits for the other's."""
    first, second = threading.Lock(), threading.Lock()
    theirs = (second, first) if crossed else (first, second)
    both = threading.Barrier(2)

    def other():
        with theirs[0]:
            if crossed:
                both.wait()
            with theirs[1]:
                return

    thread = threading.Thread(target=other, name="other")
    thread.start()
    with first:
        if crossed:
            both.wait()
        with second:
            time.sleep(0 if crossed else 0.7)
    thread.join()
    return "done"


def join_the_stuck():
    """Wait for a thread that waits for what this one holds."""
    lock = threading.RLock()
    with lock:
        thread = threading.Thread(target=lambda: lock.acquire(), name="helper", daemon=True)
        thread.start()
        thread.join()


def lock_again():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def lock_given_back_by_another():
    """Looks like `lock_again`, but a timer releases the lock."""
    lock = threading.Lock()
    threading.Timer(0.7, lock.release).start()
    lock.acquire()
    lock.acquire()
    return "done"


def two_files(mine, other, folder):
    """Lock one file, and when the other engine has locked its own, that one as well."""
    with open(mine, "w") as first, open(other, "a") as second:
        fcntl.flock(first, fcntl.LOCK_EX)
        meet(folder, 2)
        fcntl.flock(second, fcntl.LOCK_EX)
    return "done"


def one_file(path, seconds):
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        time.sleep(seconds)
    return "done"


def meet(folder, count):
    """Wait until so many tasks are here, each on an engine of its own."""
    handle, _ = tempfile.mkstemp(dir=folder)
    os.close(handle)
    while len(os.listdir(folder)) < count:
        time.sleep(0.005)


def ask_others(connection_file, engines, folder, count):
    """Send a task to a load-balanced view, or to one engine, and wait for it."""
    meet(folder, count)
    with ipp.Client(connection_file) as client:
        view = client.load_balanced_view() if engines is None else client[engines]
        return view.apply_async(abs, -3).get()


def main(view, how, *more):
    if how in ("two_files", "ask_others", "ask_itself"):
        Path(more[1] if how != "two_files" else more[0], "met").mkdir()
    crossing = [f"{more[0]}/a", f"{more[0]}/b"] if how == "two_files" else []
    match how:
        case "retries":
            with view.temp_flags(retries=more[0]):
                return view.apply_async(fail, "always").get()
        case "retries_serve":
            with view.temp_flags(retries=3):
                return view.apply_async(fail_once, more[0]).get()
        case "after_a_failure":
            first = view.apply_async(fail, "first")
            with view.temp_flags(after=[first]):
                return view.apply_async(abs, -1).get()
        case "behind_the_stuck":
            with view.temp_flags(retries=5):
                first = view.apply_async(fail, "first")
            with view.temp_flags(after=[first]):
                return view.apply_async(abs, -1).get()
        case "after_a_long_one":
            first = view.apply_async(time.sleep, 1.2)
            with view.temp_flags(after=[first], follow=[first]):
                return view.apply_async(abs, -1).get()
        case "follow_the_dead":
            first = view.apply_async(os.getpid)
            first.get()
            gone = view.client[first.engine_id].apply_async(os._exit, 3)
            gone.wait()
            view.apply_async(abs, -1).get()  # the client may hear of a death before the scheduler, which has by now
            with view.temp_flags(follow=[first]):
                return view.apply_async(abs, -1).get()
        case "die_and_serve":
            with view.temp_flags(retries=1):
                return view.apply_async(die_once, more[0]).get()
        case "two_files":
            return view.map_async(two_files, crossing, crossing[::-1], [f"{more[0]}/met"] * 2).get()
        case "one_file":
            return view.map_async(one_file, [f"{more[0]}/a"] * 2, [0.6, 0.6]).get()
        case "ask_others":
            asked = [view.apply_async(ask_others, more[0], None, f"{more[1]}/met", more[2]) for _ in range(more[2])]
            return [one.get() for one in asked]
        case "ask_itself":
            return view.client[0].apply_async(ask_others, more[0], 0, f"{more[1]}/met", 1).get()
        case _:
            return view.apply_async(globals()[how], *more).get()
