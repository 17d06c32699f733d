"""Child processes: forked, left, orphaned, returning twice; and ones that are waited for."""

import multiprocessing
import os
import subprocess
import sys
import time


def left_running():
    return subprocess.Popen(["sleep", "600"]).pid


def waited_for():
    return subprocess.run([sys.executable, "-c", "print(2)"], capture_output=True, check=True).stdout


def forked_and_left():
    child = os.fork()
    if child == 0:
        time.sleep(600)
        os._exit(0)
    return child


def orphan_left():
    child = os.fork()
    if child == 0:
        if os.fork() == 0:
            os.setsid()
            time.sleep(600)
        os._exit(0)
    os.waitpid(child, 0)
    return "gone"


def returns_twice():
    child = os.fork()
    return "child" if child == 0 else "parent"


def raises_in_the_child():
    if os.fork() == 0:
        raise ValueError("in the child")
    return "parent"


def child_exits_by_exception():
    child = os.fork()
    if child == 0:
        try:
            raise ValueError("in the child")
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def child_killed_by_python():
    child = multiprocessing.get_context("fork").Process(target=os.abort)
    child.start()
    child.join()
    return child.exitcode


def _processes(seconds):
    context = multiprocessing.get_context("fork")
    return [context.Process(target=time.sleep, args=(seconds,)) for _ in range(2)]


def two_joined():
    processes = _processes(0.01)
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return [process.exitcode for process in processes]


def two_left():
    kept.extend(_processes(600))
    for process in kept:
        process.start()
    return len(kept)


kept = []


def child_kills_the_group():
    subprocess.run(["sh", "-c", "kill -9 0"], check=False)
    time.sleep(60)


def child_in_its_own_group():
    return subprocess.run(["sh", "-c", "kill -9 0"], check=False, start_new_session=True).returncode


def many_children():
    children = [subprocess.Popen(["sleep", "600"]) for _ in range(20)]
    return len(children)


def many_children_ended():
    children = [subprocess.Popen(["true"]) for _ in range(20)]
    return sum(child.wait() for child in children)
