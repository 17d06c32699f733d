"""Files of a run directory opened warily: it may come from somebody else, and be made to look like what it is not."""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

MOST = 256 * 2**20
"""Bytes of a file that is read whole."""
LONGEST = 4 * 2**20
"""Bytes of a line of events; what comes after a longer one is not the harness's."""


def is_plain(path: Path) -> bool:
    """Whether this is a file proper in a folder proper: no link leads to it, and reading it can't wait for anybody."""
    try:
        return stat.S_ISREG(path.lstat().st_mode) and not _in_linked_part(path)
    except OSError:
        return False


def opened(path: Path) -> BinaryIO:
    """The file, for reading. Raises OSError for what is not plain: a link, a pipe, a device, a folder."""
    if _in_linked_part(path):
        raise OSError(errno.ELOOP, "is in a folder that is a link", str(path))
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "is not a plain file", str(path))
    return os.fdopen(descriptor, "rb")


def content(path: Path) -> bytes:
    """All of a file. Raises OSError for what is not plain or has more than 256 MB."""
    with opened(path) as file:
        if os.fstat(file.fileno()).st_size > MOST:
            raise OSError(errno.EFBIG, "is too large to be read", str(path))
        return file.read()


def lines(path: Path) -> Iterator[bytes]:
    """A file's lines, as far as they are of a length that the harness writes. Raises OSError for what is not plain."""
    with opened(path) as file:
        while (line := file.readline(LONGEST)) and (len(line) < LONGEST or line.endswith(b"\n")):
            yield line


def _in_linked_part(path: Path) -> bool:
    """Whether the file's folder is a part of a run directory, such as `events`, that is a link to another place."""
    folder = os.path.dirname(path)
    return os.path.basename(folder) in ("events", "tracebacks", "stacks", "payloads") and os.path.islink(folder)
