"""The folder of tables: written whole or not at all, and nothing replaced without a copy."""

import csv
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from harness.errors import BadInput, CannotWork
from harness.inputs.schema import COLUMNS

MARKER = ".made"


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows, in the order of `schema.COLUMNS`, as the text of a table: UTF-8, commas, a header."""
    lines: list[str] = []
    # Before 3.13 the writer quotes only the line ends that it writes itself. A lone carriage return in a text would end
    # the row for a reader, so it is told to write both, and the table gets one.
    writer = csv.writer(SimpleNamespace(write=lines.append), lineterminator="\r\n")
    writer.writerows((COLUMNS, *rows))
    return "".join(line.removesuffix("\r\n") + "\n" for line in lines).encode()


def digest(content: bytes) -> str:
    """What the marker remembers a made table by."""
    return hashlib.sha256(content).hexdigest()


def prepare(folder: Path) -> None:
    """Make the folder of tables. Raises BadInput if a file has its place, CannotWork if it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise BadInput(f"{folder} cannot be a folder, a file has its place: name another with --out") from None
    except OSError as problem:
        raise CannotWork(f"cannot make the folder {folder}: {problem.strerror}") from None


def put(path: Path, content: bytes) -> None:
    """Write a file so that its name holds either the old bytes or all of the new, whatever is interrupted.

    Raises CannotWork where the folder can't be written or the disk is full; the old file is then untouched.
    """
    beside = None
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
        beside = None
    except OSError as problem:
        raise CannotWork(f"cannot write {path}: {problem.strerror}; what was there is unchanged") from None
    finally:
        if beside:
            Path(beside).unlink(missing_ok=True)


def set_aside(path: Path) -> Path:
    """Copy a table to a name of its own beside it, and return that name: <company>.<UTC time>.bak.csv."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    copy = path.with_name(f"{path.stem}.{stamp}.bak.csv")
    try:
        put(copy, path.read_bytes())
    except OSError as problem:
        raise CannotWork(f"cannot copy {path} to keep it: {problem.strerror}; nothing was changed") from None
    return copy


def replace(path: Path, content: bytes, ours: str | None = None) -> Path | None:
    """Put a table in its place; return the copy of what stood there, or None where none was needed.

    A copy is needed unless the two are the same, or the digest of the old one is `ours`: it was made, and can be again.
    """
    copy = None
    if path.exists():
        old = digest(path.read_bytes())
        if old not in (ours, digest(content)):
            copy = set_aside(path)
    put(path, content)
    return copy


def made_digests(folder: Path) -> Mapping[str, str]:
    """The digests of the tables that `harness data make` left here, by company; empty if it never ran."""
    try:
        return dict(json.loads((folder / MARKER).read_text(encoding="utf-8"))["sha256"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return {}


def mark(folder: Path, **what: object) -> None:
    """Write the marker: all is made."""
    put(folder / MARKER, (json.dumps(what, indent=1, sort_keys=True) + "\n").encode())
