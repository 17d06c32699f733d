"""Files that a verb makes where its user says: new ones only, whole or not at all."""

from collections.abc import Iterable
from pathlib import Path

import click

from harness.errors import BadInput, CannotWork

NEW_FILE = click.Path(dir_okay=False, path_type=Path)


def refuse_existing(file: Path, option: str) -> None:
    """Raises BadInput if the file is there, be it a link to nowhere."""
    if file.exists() or file.is_symlink():
        raise _exists(file, option)


def write_new(file: Path, option: str, pieces: Iterable[bytes]) -> None:
    """Write a new file; nothing is left of one that could not be written whole.

    Raises BadInput if it is there, CannotWork if it can't be written.
    """
    try:
        with file.open("xb") as written:
            try:
                for piece in pieces:
                    written.write(piece)
            except BaseException:
                file.unlink(missing_ok=True)
                raise
    except FileExistsError:
        raise _exists(file, option) from None
    except OSError as problem:
        raise CannotWork(f"cannot write {file}: {problem.strerror}; name another place with {option}") from problem


def _exists(file: Path, option: str) -> BadInput:
    return BadInput(f"{file} exists already; name another file with {option}")
