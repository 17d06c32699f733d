"""Engines whose process ends during a task, after it, or because of a neighbour; and tasks that only look like that."""

import ctypes
import os
import resource
import signal
import subprocess
import sys
import threading
import time


def exit_code():
    os._exit(5)


def exit_of_a_child():
    child = os.fork()
    if child == 0:
        os._exit(5)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def exit_code_zero():
    os._exit(0)


def killed():
    os.kill(os.getpid(), signal.SIGKILL)


def kills_its_child():
    child = subprocess.Popen(["sleep", "60"])
    child.kill()
    return child.wait()


def terminated_and_sleeps():
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(10**6)  # where: terminated_and_sleeps


def hung_up():
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # ignored by all that nohup started
    os.kill(os.getpid(), signal.SIGHUP)
    time.sleep(60)


def broken_pipe_signal():
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    reader, writer = os.pipe()
    os.close(reader)
    os.write(writer, b"tweets")


def broken_pipe_handled():
    reader, writer = os.pipe()
    os.close(reader)
    try:
        os.write(writer, b"tweets")
    except BrokenPipeError:
        return "nobody reads"
    finally:
        os.close(writer)


def null_pointer():
    ctypes.string_at(0)  # where: null_pointer


def pointer_read():
    kept = ctypes.create_string_buffer(b"tweets")
    return ctypes.string_at(ctypes.addressof(kept))


def aborted():
    os.abort()  # where: aborted


def stack_overflow():
    sys.setrecursionlimit(10**9)
    nested = []
    for _ in range(1_000_000):
        nested = [nested]
    repr(nested)  # where: stack_overflow


def illegal_signal():
    os.kill(os.getpid(), signal.SIGILL)
    time.sleep(60)


def alarm_unhandled():
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    time.sleep(60)


def alarm_called_off():
    signal.setitimer(signal.ITIMER_REAL, 30)
    time.sleep(0.01)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return "in time"


def cpu_limit():
    used = int(time.process_time()) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (used, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    while True:
        pass


def cpu_within_limit():
    before = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (3600, before[1]))
    try:
        return sum(range(100_000))
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, before)


def from_a_thread():
    threading.Thread(target=os._exit, args=(6,)).start()
    time.sleep(60)


def last_words():
    print("the last tweet was row 7")
    sys.stdout.flush()
    os._exit(9)


def soon():
    threading.Timer(0.15, os._exit, (8,)).start()
    return os.getpid()


def wait_a_little(seconds):
    time.sleep(seconds)
    return os.getpid()


def after_its_reply(view):
    engine = view.client[0]
    engine.apply_sync(soon)
    return engine.apply_sync(wait_a_little, 30)


def between_tasks(view):
    first, second = view.client[0], view.client[1]
    first.apply_sync(soon)
    return second.apply_sync(wait_a_little, 0.6)


def timer_called_off():
    timer = threading.Timer(30, os._exit, (8,))
    timer.start()
    timer.cancel()
    timer.join()
    return "still here"


def kill(pid):
    os.kill(pid, signal.SIGKILL)
    time.sleep(0.3)
    return pid


def kills_the_neighbour(view):
    neighbour = view.client[1].apply_sync(os.getpid)
    return view.client[0].apply_sync(kill, neighbour)


def asks_the_neighbour(view):
    neighbour = view.client[1].apply_sync(os.getpid)
    return view.client[0].apply_sync(os.kill, neighbour, 0)


def all_die(view):
    return view.client[:].apply_sync(os._exit, 7)


def die_one_after_the_other(view):
    return view.map_async(os._exit, [7] * 6).get()


def death_is_handled(view):
    try:
        return view.client[0].apply_sync(os._exit, 3)
    except Exception as error:
        return type(error).__name__


def calls_exec():
    os.execvp("true", ["true"])


def calls_exec_in_a_child():
    return subprocess.run(["true"], check=True).returncode
