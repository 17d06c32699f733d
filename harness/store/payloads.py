"""What tasks were sent: functions and arguments as ipyparallel serialised them, each part once, signed by their owner.

Nothing here unpickles anything. A payload is given back only if this machine's owner wrote it (design: trust).
"""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from harness.errors import BadInput, CannotWork
from harness.store import wary

CAP = 16 * 2**20
"""Bytes of one task's payload that are kept at most; of a larger one only its size is."""
INLINE = 4096
"""Bytes of a part that stands in its task's line, if it has not come before."""
SMALL = 64
"""Bytes of a part that stands in each line that has it: its name is no shorter, and a file takes far more."""
_REMEMBERED = 10_000
_LINES = Path("payloads") / "tasks.jsonl"
_DIGEST = re.compile("[0-9a-f]{64}")
ENVIRONMENT = ("LANG", "LC_ALL", "TZ", "PYTHONHASHSEED", "OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "KERAS_BACKEND")
"""Variables that are written into a run's manifest; no others are."""


def environment() -> dict[str, str]:
    """The variables of the allow-list that are set."""
    return {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}


def signing_key(file: Path | None = None) -> bytes:
    """This user's key on this machine, 32 bytes in a file that only its owner can read; made when first asked for."""
    file = file or Path.home() / ".config" / "parallel-debugging-sandbox" / "key"
    try:
        return file.read_bytes() if file.exists() else _new_key(file)
    except OSError as problem:
        raise CannotWork(f"cannot read or make the key {file}: {problem.strerror}; make its folder writable") from None


def _new_key(file: Path) -> bytes:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        written.write(secrets.token_bytes(32))
    try:
        os.link(draft, file)  # the first of several processes wins, and all read its key
    except FileExistsError:
        return file.read_bytes()
    finally:
        draft.unlink()
    return file.read_bytes()


class Keeper:
    """Keeps what tasks of one run were sent: a line for each in `payloads/tasks.jsonl`.

    A part that comes again is kept once, in a file named after its content. What is small, or came once and is not
    large, stands in the line.
    """

    def __init__(self, run: Path, key: bytes) -> None:
        self._run = run
        self._mac = _mac(key)
        self._lines: int | None = None
        self._seen: dict[str, bool] = {}
        self._times: dict[bytes, tuple[int, int]] = {}

    def keep(self, task: int, parts: Iterable[Any]) -> bytes:
        """Keep a task's message parts (anything with a buffer); returns its line, for `write`. Raises OSError."""
        views = [memoryview(part).cast("B") for part in parts]
        size = sum(view.nbytes for view in views)
        about: dict[str, Any] = {"task": task, "bytes": size}
        if size > CAP:
            for view in views:
                self._counted(view, hashlib.sha256(view))
            about["left_out"] = f"larger than {CAP} bytes"
        else:
            inline: dict[str, str] = {}
            about["parts"] = [self._kept(view, inline) for view in views]
            about["signature"] = _signature(self._run.name, task, about["parts"], self._mac)
            about["inline"] = inline
        return msgspec.json.encode(about) + b"\n"

    def write(self, lines: bytes) -> None:
        """Append lines that `keep` returned. Raises OSError."""
        if self._lines is None:
            self._lines = os.open(self._run / _LINES, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(self._lines, lines)

    def _kept(self, view: memoryview, inline: dict[str, str]) -> str:
        digest = hashlib.sha256(view)
        self._counted(view, digest)
        name = digest.hexdigest()
        if name in inline:
            return name
        in_a_file = self._seen.get(name)
        if view.nbytes <= SMALL or (in_a_file is None and view.nbytes <= INLINE):
            inline[name] = base64.b64encode(view).decode()
        elif not in_a_file:
            _write(self._run / "payloads" / name, view)
        if view.nbytes <= SMALL:
            return name
        if len(self._seen) >= _REMEMBERED:
            self._seen = {one: True for one, written in self._seen.items() if written}
        self._seen[name] = name not in inline
        return name

    def _counted(self, view: memoryview, digest: "hashlib._Hash") -> None:
        if view.nbytes < INLINE:
            return
        name = digest.digest()
        if name in self._times or len(self._times) < _REMEMBERED:
            self._times[name] = (view.nbytes, self._times.get(name, (0, 0))[1] + 1)

    def repeated(self, engines: int) -> int:
        """Bytes of parts that were sent more often than so many times, beyond that; of parts of 4 KiB or more."""
        return sum(size * max(0, times - engines) for size, times in self._times.values())

    def close(self) -> None:
        """Let go of the files; what is kept after this is kept anew."""
        self._seen = {}
        if self._lines is not None:
            os.close(self._lines)
            self._lines = None


def listed(run: Path) -> Iterator[dict[str, Any]]:
    """What is said of each task's payload: `task`, `bytes`, and `parts` or why they were `left_out`.

    Of a run directory that somebody else wrote nothing is to be believed; what makes no sense is left out.
    """
    for line in _lines_of(run):
        try:
            about = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(about, dict) and isinstance(about.get("task"), int) and isinstance(about.get("bytes"), int):
            yield about


def _lines_of(run: Path) -> Iterator[bytes]:
    try:
        yield from wary.lines(run / _LINES)
    except OSError:
        return


def load(run: Path, task: int, key: bytes | None) -> list[bytes]:
    """The parts of a task's payload; BadInput if it was not kept, or not written and signed by this key's owner.

    Without a key any payload is given back: only for a user who said that it can be trusted.
    """
    about = next((one for one in listed(run) if one["task"] == task), None)
    if about is None:
        raise BadInput(f"{run.name} keeps no payload of task {task}; `harness show {run.name} --events` lists tasks")
    if "left_out" in about:
        raise BadInput(f"the payload of task {task} was not kept: {about['left_out']}; run it again with less data")
    if key is not None and not _is_signed(run, about, key):
        where = f"the payload of task {task} in {run / _LINES}"
        raise BadInput(f"{where} was not written and signed on this machine by you; --trust opens it all the same")
    found = []
    for name in about.get("parts") or []:
        content = _part(run, str(name), about.get("inline"))
        if hashlib.sha256(content).hexdigest() != name:
            raise BadInput(f"part {name} of task {task}'s payload was changed after it was written; it is not opened")
        found.append(content)
    return found


def _part(run: Path, name: str, inline: object) -> bytes:
    if isinstance(inline, dict) and isinstance(text := inline.get(name), str):
        with contextlib.suppress(ValueError):
            return base64.b64decode(text)
    return _content(run / "payloads" / Path(name).name)


def _content(file: Path) -> bytes:
    try:
        return wary.content(file)
    except OSError as problem:
        raise BadInput(f"{file} cannot be read ({problem.strerror}); it is not opened") from None


def _mac(key: bytes) -> hmac.HMAC:
    return hmac.new(key, digestmod="sha256")  # hmac.digest lets other threads go first, which takes longer


def _is_signed(run: Path, about: dict[str, Any], key: bytes) -> bool:
    parts = about.get("parts")
    if not isinstance(parts, list) or not all(isinstance(name, str) and _DIGEST.fullmatch(name) for name in parts):
        return False
    signature = str(about.get("signature")).encode(errors="replace")  # whoever wrote it may have written anything
    return hmac.compare_digest(signature, _signature(run.name, about["task"], parts, _mac(key)).encode())


def _signature(run: str, task: int, parts: list[str], mac: hmac.HMAC) -> str:
    """mac: of the key and nothing else; a copy is made in a fraction of the time that another one takes."""
    signed = mac.copy()
    listed = ", ".join([f'"{name}"' for name in parts])  # as JSON, which takes json.dumps three times as long
    signed.update(f"[{json.dumps(run)}, {task}, [{listed}]]".encode())
    return signed.hexdigest()


def _write(file: Path, content: Any) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as written:
        written.write(content)
