"""File descriptors closed, used up or replaced beneath everybody; and files that are closed properly."""

import os
import resource
import tempfile


def all_closed():
    os.closerange(3, 1024)
    return "closed"


def _limit(number):
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (number, before[1]))
    return before


def used_up():
    before, files = _limit(256), []
    try:
        while True:
            files.append(os.open(os.devnull, os.O_RDONLY))  # where: used_up
    finally:
        for file in files:
            os.close(file)
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def used_up_and_left():
    _limit(256)
    try:
        while True:
            kept.append(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        return error.errno


kept = []


def many_closed_properly():
    for _ in range(500):
        with open(os.devnull) as file:
            file.read()
    return "closed"


def input_replaced():
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    return "replaced"


def file_closed_below():
    with tempfile.TemporaryFile() as file:
        os.close(file.fileno())
        file.write(b"tweets")
        file.flush()  # where: file_closed_below


def file_written():
    with tempfile.TemporaryFile() as file:
        file.write(b"tweets")
        file.seek(0)
        return file.read()


def standard_error_shut():
    os.close(2)
    return "shut"
