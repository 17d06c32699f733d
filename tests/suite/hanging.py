"""Tasks that never end, in Python, in C, in the kernel, with and without the GIL; and slow ones that do end."""

import asyncio
import concurrent.futures
import ctypes
import fcntl
import itertools
import os
import queue
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time

import psutil

COMPANY = "amzn"


def busy():
    company = COMPANY
    return all(company for _ in itertools.count())  # where: busy


def busy_for_a_while():
    return sum(row for row in range(300_000))


def sleeps():
    company = COMPANY
    time.sleep(10**6)  # where: sleeps
    return company


def naps():
    time.sleep(0.2)
    return COMPANY


def regex():
    tweet = "a" * 60 + "!"
    return re.match(r"(\w+\s?)+$", tweet)  # where: regex


def regex_that_fits():
    return bool(re.match(r"(\w+\s?)+$", "a" * 60))


def locked_twice():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()  # where: locked_twice


def locked_reentrantly():
    lock = threading.RLock()
    with lock, lock:
        return "twice"


def two_locks():
    first, second, ready = threading.Lock(), threading.Lock(), threading.Event()

    def other():
        with second:
            ready.set()
            with first:
                pass

    with first:
        threading.Thread(target=other, daemon=True).start()
        ready.wait()
        with second:  # where: two_locks
            pass


def two_locks_in_order():
    first, second = threading.Lock(), threading.Lock()

    def other():
        with first, second:
            pass

    thread = threading.Thread(target=other)
    with first, second:
        thread.start()
    thread.join()
    return "both"


def joins_a_sleeper():
    thread = threading.Thread(target=time.sleep, args=(10**6,), daemon=True)
    thread.start()
    thread.join()  # where: joins_a_sleeper


def sleeps_in_c():
    library = ctypes.CDLL(None)
    library.sleep(10**6)  # where: sleeps_in_c


def mutex_in_c():
    library = ctypes.CDLL(None)
    mutex = ctypes.create_string_buffer(64)
    library.pthread_mutex_lock(mutex)
    library.pthread_mutex_lock(mutex)  # where: mutex_in_c


def mutex_with_the_gil():
    library = ctypes.PyDLL(None)
    mutex = ctypes.create_string_buffer(64)
    library.pthread_mutex_lock(mutex)
    library.pthread_mutex_lock(mutex)  # where: mutex_with_the_gil


def mutex_released():
    library = ctypes.CDLL(None)
    mutex = ctypes.create_string_buffer(64)
    for _ in range(2):
        library.pthread_mutex_lock(mutex)
        library.pthread_mutex_unlock(mutex)
    return "free"


def file_locked_twice():
    with tempfile.NamedTemporaryFile() as first, open(first.name) as second:
        fcntl.flock(first, fcntl.LOCK_EX)
        fcntl.flock(second, fcntl.LOCK_EX)  # where: file_locked_twice


def file_locked_in_turn():
    with tempfile.NamedTemporaryFile() as first, open(first.name) as second:
        for file in (first, second):
            fcntl.flock(file, fcntl.LOCK_EX)
            fcntl.flock(file, fcntl.LOCK_UN)
    return "in turn"


def swallows_everything():
    while True:
        try:
            while True:
                time.sleep(0.01)  # where: swallows_everything
        except BaseException:
            continue


def stops_itself():
    os.kill(os.getpid(), signal.SIGSTOP)


def stops_its_family():
    parent = psutil.Process().parent()
    for process in [*parent.children(recursive=True), parent]:
        if process.pid != os.getpid():
            process.suspend()


def stops_and_goes_on():
    child = subprocess.Popen(["sh", "-c", "sleep 0.2; kill -CONT $0", str(os.getpid())])
    os.kill(os.getpid(), signal.SIGSTOP)
    return child.wait()


def event_loop():
    def wait():
        asyncio.run(asyncio.Event().wait())

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    thread.join()  # where: event_loop


def socket_without_sender():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        return ours.recv(1)  # where: socket_without_sender


def socket_with_sender():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.send(b"t")
        return ours.recv(1)


def empty_queue():
    return queue.Queue().get()  # where: empty_queue


def queue_with_a_limit():
    try:
        return queue.Queue().get(timeout=0.05)
    except queue.Empty:
        return "nothing came"


def waits_for_a_child():
    child = subprocess.Popen(["sleep", "1000"])
    return child.wait()  # where: waits_for_a_child


def waits_for_a_short_child():
    return subprocess.Popen(["sleep", "0.1"]).wait()


def waits_for_a_signal():
    signal.pause()  # where: waits_for_a_signal


def signals_blocked():
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    time.sleep(10**6)  # where: signals_blocked


def signals_ignored():
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD}:
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    while True:
        time.sleep(0.01)  # where: signals_ignored


def barrier_of_three():
    barrier = threading.Barrier(3)
    threading.Thread(target=barrier.wait, daemon=True).start()
    barrier.wait()  # where: barrier_of_three


def barrier_of_two():
    barrier = threading.Barrier(2)
    thread = threading.Thread(target=barrier.wait)
    thread.start()
    barrier.wait()
    thread.join()
    return "met"


def pool_waits_for_itself():
    pool = concurrent.futures.ThreadPoolExecutor(1)
    return pool.submit(lambda: pool.submit(len, COMPANY).result()).result()  # where: pool_waits_for_itself


def fifo_without_writer():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "tweets")
        os.mkfifo(path)
        with open(path) as file:  # where: fifo_without_writer
            return file.read()


def pipe_left_open():
    reader, writer = os.pipe()
    child = subprocess.Popen(["cat"], stdin=reader, stdout=subprocess.DEVNULL, pass_fds=[writer])
    os.write(writer, b"tweets")
    os.close(writer)
    return child.wait()  # where: pipe_left_open


def polls_without_end():
    path = os.path.join(tempfile.gettempdir(), "tweets-that-never-come")
    while not os.path.exists(path):
        time.sleep(0.01)  # where: polls_without_end


class Sleeper:
    """Waits for ever where it is unpickled."""

    def __reduce__(self):
        return time.sleep, (10**6,)


def argument_never_unpickled(view):
    return view.apply_async(len, Sleeper()).get()


def argument_unpickled():
    return len([COMPANY])


def half_of_them(view):
    return view.map_async(time.sleep, [0, 10**6, 0, 10**6]).get()


def queued_behind(view):
    return view.map_async(time.sleep, [1000] * 6).get()


def all_of_them_end(view):
    return view.map_async(time.sleep, [0.01] * 6).get()
