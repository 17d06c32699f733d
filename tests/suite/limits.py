"""Resource limits met or left lowered: memory, processor, files, recursion; and limits that suffice."""

import contextlib
import resource
import sys

MEGABYTE = 2**20


def _taken():
    """Address space of this process, bytes."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


@contextlib.contextmanager
def _limited(what, to):
    before = resource.getrlimit(what)
    resource.setrlimit(what, (to, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(what, before)


def memory_asked_at_once():
    with _limited(resource.RLIMIT_AS, _taken() + 64 * MEGABYTE):
        return len(bytearray(512 * MEGABYTE))  # where: memory_asked_at_once


def memory_eaten_up():
    tweets = []
    with _limited(resource.RLIMIT_AS, _taken() + 64 * MEGABYTE):
        while True:
            tweets.append(bytearray(100_000))  # where: memory_eaten_up


def memory_suffices():
    with _limited(resource.RLIMIT_AS, _taken() + 512 * MEGABYTE):
        return len(bytearray(8 * MEGABYTE))


def memory_limit_left():
    resource.setrlimit(resource.RLIMIT_AS, (_taken() + 256 * MEGABYTE, resource.RLIM_INFINITY))
    return "limited"


def memory_error_raised():
    raise MemoryError  # where: memory_error_raised


def files_limited():
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, soft))
    return "limited"


def file_size_limited():
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    return "limited"


def file_size_limited_then_fails():
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    raise ValueError("nothing can be written now")  # where: file_size_limited_then_fails


def recursion_limit_left():
    sys.setrecursionlimit(120)
    return "shallow"


def recursion_limit_put_back():
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(before + 500)
    try:
        return before > 0
    finally:
        sys.setrecursionlimit(before)


def recursion_limit_then_fails():
    sys.setrecursionlimit(120)
    return {}["amzn"]  # where: recursion_limit_then_fails


def core_limit_same():
    resource.setrlimit(resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE))
    return "the same"
