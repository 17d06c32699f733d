"""What the client's own code does wrong around its tasks; and a client that does nothing odd."""

import ctypes
import itertools
import os
import sys
import threading
import time

COMPANIES = ["amzn", "googl", "msft", "nflx"]


def raises(view):
    lengths = dict(zip(COMPANIES, view.map_sync(len, COMPANIES), strict=True))
    return lengths["ibm"]  # where: raises


def returns(view):
    lengths = dict(zip(COMPANIES, view.map_sync(len, COMPANIES), strict=True))
    return lengths["amzn"]


def raises_before_sending(view):
    return COMPANIES.index("ibm")  # where: raises_before_sending


def spins(view):
    view.apply_async(len, "amzn")
    return all(True for _ in itertools.count())  # where: spins


def waits_for_a_lock(view):
    view.apply_sync(len, "amzn")
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()  # where: waits_for_a_lock


def swallows_everything(view):
    view.apply_sync(len, "amzn")
    while True:
        try:
            time.sleep(0.01)
        except BaseException:
            continue


def waits_a_little(view):
    view.apply_sync(len, "amzn")
    time.sleep(0.2)
    return "waited"


def exits(view):
    view.apply_sync(len, "amzn")
    sys.exit(3)  # where: exits


def ends_its_process(view):
    view.apply_sync(len, "amzn")
    os._exit(3)


def reads_a_null_pointer(view):
    view.apply_sync(len, "amzn")
    ctypes.string_at(0)  # where: reads_a_null_pointer


def holds_the_interpreter(view):
    view.apply_sync(len, "amzn")
    library = ctypes.PyDLL(None)
    mutex = ctypes.create_string_buffer(64)
    library.pthread_mutex_lock(mutex)
    library.pthread_mutex_lock(mutex)  # where: holds_the_interpreter


def result_cannot_be_shown(view):
    class Lengths:
        def __repr__(self):
            raise RuntimeError("not to be shown")

    view.apply_sync(len, "amzn")
    return Lengths()


def result_cannot_be_compared(view):
    class Lengths:
        def __eq__(self, other):
            raise RuntimeError("not to be compared")

    view.apply_sync(len, "amzn")
    return Lengths()


def result_compares_for_ever(view):
    class Lengths:
        def __eq__(self, other):
            while True:
                time.sleep(0.01)

    view.apply_sync(len, "amzn")
    return Lengths()


def four():
    return 4


def reference_raises():
    raise RuntimeError("no reference today")


def reference_fails(view):
    return view.apply_sync(len, "amzn")


def four_letters(view):
    return view.apply_sync(len, "amzn")


def closes_the_client(view):
    view.apply_sync(len, "amzn")
    view.client.close()
    return "closed"


def sends_from_threads(view):
    found = []
    threads = [threading.Thread(target=lambda: found.append(view.apply_async(len, "amzn").get())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def text_raises(view):
    class NoText(Exception):
        def __str__(self):
            raise RuntimeError("the text is computed, and that failed")

    raise NoText("in the client")  # where: text_raises


def folder_changed(view):
    before = os.getcwd()
    view.apply_sync(len, "amzn")
    os.chdir("/")
    os.chdir(before)
    return "back"
