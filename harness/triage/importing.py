"""A user's file that could not be imported: told apart from a failure of the harness, and described."""

from pathlib import Path

import msgspec

from harness.engine.frames import describe_exception
from harness.recorder import Target
from harness.store import Frame, Traceback


def failed_import(error: BaseException, target: Target) -> Traceback | None:
    """What the target's file raised when it was imported, without the harness's and Python's own frames.

    None if the exception did not come from there. A syntax error's place becomes its last frame.
    """
    described = msgspec.convert(describe_exception(error), type=Traceback)
    if isinstance(error, ValueError) and b"\0" in target.file.read_bytes():
        # what Python before 3.12 says of a file that is no text; later ones call it a SyntaxError of line 1
        no_text = Frame(file=str(target.file), line=1, function="<module>")
        return msgspec.structs.replace(described, type="SyntaxError", frames=[no_text], frames_left_out=0)
    frames = described.frames
    first = next((index for index, frame in enumerate(frames) if Path(frame.file) == target.file), None)
    theirs = [frame for frame in frames[first:] if not _of_import(frame.file)] if first is not None else []
    if isinstance(error, SyntaxError) and (theirs or Path(error.filename or target.file) == target.file):
        file, source = error.filename or str(target.file), (error.text or "").strip()
        theirs.append(Frame(file=file, line=error.lineno or 1, function="<module>", source=source))
        described = msgspec.structs.replace(described, message=error.msg)
    return msgspec.structs.replace(described, frames=theirs, frames_left_out=0) if theirs else None


def _of_import(file: str) -> bool:
    return file.startswith("<frozen importlib") or "/importlib/" in file
