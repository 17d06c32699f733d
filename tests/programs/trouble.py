"""Tasks that go wrong in every way the four outcomes know, for tests; `main(view, how)` runs the one named."""

import contextlib
import ctypes
import os
import re
import signal
import sys
import time

import ipyparallel as ipp


class Unprintable(Exception):
    def __str__(self):
        raise RuntimeError("no text for you")


def regex(text):
    return bool(re.match(r"(\w+\s?)+$", text))


def sleep(seconds):
    time.sleep(seconds)


def segfault(company):
    print("last words of", company)
    if company == "msft":
        ctypes.string_at(0)
    return company


def leave(code):
    os._exit(code)


def exit_in_task(code):
    sys.exit(code)


def want_of_memory():
    """End as a C++ library does that got no memory, after having had much."""
    taken = bytearray(b"x" * 100 * 2**20)
    os.write(2, b"terminate called after throwing an instance of 'std::bad_alloc'\n")
    os.abort()
    return taken


def stop_itself():
    os.kill(os.getpid(), signal.SIGSTOP)


def unprintable():
    raise Unprintable("x")


def lone_surrogate():
    raise ValueError("lone \ud800")


def kill_parent():
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)


def kill_and_wait(pid):
    os.kill(pid, signal.SIGKILL)
    time.sleep(60)


def invert(number):
    return 1 / number


def make_a_mess():
    os.chdir("/")
    os.environ["LEFT_BEHIND"] = "1"
    sys.path.insert(0, "/nowhere")
    sys.setrecursionlimit(777)


def unpicklable():
    return (number for number in range(3))


def caused():
    try:
        {}["netflix"]
    except KeyError as missing:
        raise RuntimeError("no such company") from missing


def many():
    raise ExceptionGroup("two rows", [ValueError("row 3"), TypeError("row 9")])


@ipp.interactive  # any engine can take it, at any time
def swallow_or_clean_up(file):
    import contextlib
    import time
    from pathlib import Path

    while file is None:
        with contextlib.suppress(BaseException):
            time.sleep(1000)
    try:
        time.sleep(1000)
    finally:
        time.sleep(0.3)
        Path(file).write_text("cleaned up")


def main(view, how, *more):
    match how:
        case "regex":
            return view.map_async(regex, ["good day", "a" * 60 + "!", "fine"]).get()
        case "queue":
            return view.map_async(sleep, [1000] * 8).get()
        case "client_spins":
            view.apply_async(sleep, 0)
            while True:
                pass
        case "send_nothing":
            return time.sleep(1000)
        case "kill":
            return view.apply_async(kill_and_wait, *more).get()
        case "stop_itself":
            return view.apply_async(stop_itself).get()
        case "segfault":
            return view.map_async(segfault, ["amzn", "googl", "msft", "nflx"]).get()
        case "leave_all":
            return view.client[:].apply_sync(leave, 7)
        case "leave_one":
            return view.apply_async(leave, 7).get()
        case "leave_each":
            return view.map_async(leave, [7] * 6).get()
        case "exit_in_task":
            return view.apply_async(exit_in_task, 3).get()
        case "swallow_or_clean_up":
            return view.map_async(swallow_or_clean_up, [None, *more]).get()
        case "sends_again":
            while True:
                with contextlib.suppress(Exception):
                    view.map_async(swallow_or_clean_up, [None, None]).get()
        case "would_try_again":
            with view.temp_flags(retries=5):
                view.map_async(swallow_or_clean_up, [None, None])
            return "done"
        case "nobody_asks":
            view.map_async(invert, [1, 0, 2])
            return "done"
        case "handled":
            try:
                view.apply_async(invert, 0).get()
            except Exception:
                return "handled"
        case "client_raises_too":
            view.apply_async(unpicklable).wait()
            return {}["nothing else was sent"]
        case "client_raises":
            return {}["nothing was sent"]
        case _:
            return view.apply_async(globals()[how]).get()
