"""What tasks were sent: functions and arguments as ipyparallel serialised them, each part once, signed by their owner.

Nothing here unpickles anything. A payload is given back only if this machine's owner wrote it (design: trust).
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from harness.errors import BadInput, CannotWork
from harness.store import wary

CAP = 16 * 2**20
"""Bytes of one task's payload that are kept at most; of a larger one only its size is."""
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


def keep(run: Path, task: int, parts: Iterable[Any], key: bytes) -> None:
    """Write a task's message parts (anything with a buffer) to `payloads/`; a part that is there already is not."""
    views = [memoryview(part).cast("B") for part in parts]
    size = sum(view.nbytes for view in views)
    about: dict[str, Any] = {"task": task, "bytes": size}
    if size > CAP:
        about["left_out"] = f"larger than {CAP} bytes"
    else:
        about["parts"] = [_keep_part(run / "payloads", view) for view in views]
        about["signature"] = _signature(run, about, key)
    _write(run / "payloads" / f"task-{task}.json", json.dumps(about).encode())


def load(run: Path, task: int, key: bytes | None) -> list[bytes]:
    """The parts of a task's payload; BadInput if it was not kept, or not written and signed by this key's owner.

    Without a key any payload is given back: only for a user who said that it can be trusted.
    """
    file = run / "payloads" / f"task-{task}.json"
    if not file.exists():
        raise BadInput(f"{run.name} keeps no payload of task {task}; `harness show {run.name} --events` lists tasks")
    about = json.loads(_content(file))
    if "left_out" in about:
        raise BadInput(f"the payload of task {task} was not kept: {about['left_out']}; run it again with less data")
    if key is not None and not hmac.compare_digest(about.get("signature", ""), _signature(run, about, key)):
        raise BadInput(f"{file} was not written and signed on this machine by you; --trust opens it all the same")
    found = []
    for name in about["parts"]:
        content = _content(run / "payloads" / Path(name).name)
        if hashlib.sha256(content).hexdigest() != name:
            raise BadInput(f"{run / 'payloads' / name} was changed after it was written; it is not opened")
        found.append(content)
    return found


def _content(file: Path) -> bytes:
    try:
        return wary.content(file)
    except OSError as problem:
        raise BadInput(f"{file} cannot be read ({problem.strerror}); it is not opened") from None


def _signature(run: Path, about: dict[str, Any], key: bytes) -> str:
    signed = json.dumps([run.name, about["task"], about.get("parts")]).encode()
    return hmac.new(key, signed, "sha256").hexdigest()


def _keep_part(folder: Path, view: memoryview) -> str:
    name = hashlib.sha256(view).hexdigest()
    if not (folder / name).exists():
        _write(folder / name, view)
    return name


def _write(file: Path, content: Any) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as written:
        written.write(content)
