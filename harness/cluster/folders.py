"""The private folders that running clusters keep their sockets, connection files and outputs in."""

import contextlib
import json
import os
import shutil
import stat
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from harness.cluster.process import state_and_birth
from harness.errors import CannotWork

RECORD = "owner.json"
SOCKET = "zygote.sock"
LONGEST = 60
"""Longest name of a temporary directory we use: a socket's path may have some 100 bytes in all."""
GRACE = 60.0
"""Seconds that a folder may exist before it has a record."""

Identity = tuple[int, float]
"""A process id with the process's birth: no later process has the same."""


@dataclass(frozen=True)
class Record:
    """Whose folder this is: the process that runs the cluster, and the process or the state file that wants it."""

    backend: str
    runner: Identity
    owner: Identity | None
    state: str | None


def identify(pid: int) -> Identity:
    """The identity of a running process. Raises ProcessLookupError if there is none."""
    return pid, state_and_birth(pid)[1]


def is_alive(identity: Identity) -> bool:
    """Whether that very process still runs; a zombie does not."""
    return _state_of(identity) not in (None, "Z", "X")


def is_stopped(identity: Identity) -> bool:
    """Whether that very process was stopped, as by SIGSTOP, and not continued yet."""
    return _state_of(identity) == "T"


def _state_of(identity: Identity) -> str | None:
    """The letter that `ps` shows for that very process; None if it has ended."""
    try:
        state, birth = state_and_birth(identity[0])
    except ProcessLookupError:
        return None
    return state if birth == identity[1] else None


def root() -> Path:
    """This user's folder for all of them, mode 0700, made if need be.

    Raises CannotWork if somebody else owns it or could enter it.
    """
    base = tempfile.gettempdir()
    user = os.getuid() if hasattr(os, "getuid") else "user"
    folder = Path(base if len(base) <= LONGEST else "/tmp", f"harness-{user}")
    folder.mkdir(mode=0o700, exist_ok=True)
    if not is_private(folder):
        raise CannotWork(f"{folder} is not a private folder of yours: remove it, or set TMPDIR to a folder of your own")
    return folder


def is_private(folder: Path) -> bool:
    """Whether this is a folder, owned by this user, that nobody else may enter."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    if not hasattr(os, "getuid"):
        return stat.S_ISDIR(found.st_mode)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not stat.S_IMODE(found.st_mode) & 0o077


def create() -> Path:
    """A new empty folder for one cluster."""
    return Path(tempfile.mkdtemp(dir=root(), prefix=""))


def write_record(folder: Path, record: Record) -> None:
    """Say whose folder it is."""
    draft = folder / f"{RECORD}.draft"
    draft.write_text(json.dumps(asdict(record)))
    draft.replace(folder / RECORD)


def read_record(folder: Path) -> Record | None:
    """Whose folder it is; None if that is not (yet) known."""
    try:
        fields = json.loads((folder / RECORD).read_text())
        owner = fields["owner"] and tuple(fields["owner"])
        return Record(fields["backend"], tuple(fields["runner"]), owner, fields["state"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def sweep() -> None:
    """Remove the folders of clusters that ended without removing them."""
    for folder in root().iterdir():
        record = read_record(folder)
        with contextlib.suppress(FileNotFoundError):
            if record is None:
                unwanted = time.time() - folder.stat().st_mtime > GRACE
            else:
                unwanted = not any(is_alive(each) for each in (record.runner, record.owner) if each)
            if unwanted:
                shutil.rmtree(folder, ignore_errors=True)
