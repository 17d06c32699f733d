"""A recorded task run again on this machine, in a process of its own, and whether it ends as it did."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from harness import store
from harness.cluster.process import signal_name
from harness.engine.capture import EXECUTE
from harness.engine.frames import blame
from harness.engine.libraries import is_plumbing
from harness.errors import BadInput
from harness.recorder import Target
from harness.recorder.replaying import Order
from harness.store import Event, Run, payloads
from harness.triage.whence import versions

DEADLINE = 10.0
"""Seconds that a replay may take if the run had no deadline of its own."""
LOADING = 60.0
"""Seconds for the process to start and import what the task needs."""
STDERR = 2
"""Where what a task prints goes: standard output is for how the replay ended."""
_SENT = re.compile(r".*/ipykernel_\d+/\d+\.py|<ipython-input-\S+>")
"""The file's name that text to execute has, other ones here and on an engine."""
_FRAME = re.compile(r'File "(?P<file>.+)", line (?P<line>\d+) in (?P<function>\S+)')


@dataclass(frozen=True)
class End:
    """How a task ended: `returned`, `raised`, `died` or `hung`; what of, and where in the user's code."""

    how: str
    what: str = ""
    message: str = ""
    file: str | None = None
    line: int | None = None
    function: str | None = None

    def like(self, other: "End") -> bool:
        """Whether both ended the same way: same kind, same type or signal, same line where both have one."""
        places = {(end.file, end.line) for end in (self, other) if end.line is not None}
        return (self.how, self.what) == (other.how, other.what) and len(places) <= 1


@dataclass(frozen=True)
class Replayed:
    """The end that was recorded, the end of the replay (None: left under pdb), and what was different around them."""

    task: int
    recorded: End
    now: End | None
    differences: list[str]

    @property
    def same(self) -> bool:
        return self.now is not None and self.now.like(self.recorded)


def replay(run: Run, task: int, *, key: bytes | None, debug: bool = False, deadline: float | None = None) -> Replayed:
    """Run a task of a run again: function, arguments, environment and working folder as recorded.

    key: the owner's, by which the payload must be signed; None opens any payload. debug: under pdb, on this terminal.
    deadline: seconds, the run's own by default.

    Raises BadInput if the run has no such task, keeps no payload of it, or does not trust it.
    """
    manifest = run.manifest
    begun = [event for event in run.of_kind("begin", "received") if event.task == task]
    if not begun and not any(event.task == task for event in run.events):
        raise BadInput(f"{run.name} has no task {task}; `harness show {run.name} --events` lists tasks")
    parts = payloads.load(run.folder, task, key)
    recorded = recorded_end(run, task)
    limit = deadline or manifest.deadline or DEADLINE
    with tempfile.TemporaryDirectory(prefix="replay-") as place:
        folder = Path(place)
        for number, part in enumerate(parts):
            (folder / f"part-{number}").write_bytes(part)
        order = Order(
            parts=[str(folder / f"part-{number}") for number in range(len(parts))],
            module=_module(manifest),
            file=manifest.file,
            result=str(folder / "result.json"),
            stacks=str(folder / "stacks.txt"),
            deadline=limit,
            pdb=debug,
            parent=os.getpid(),
        )
        (folder / "order.json").write_bytes(msgspec.json.encode(order))
        cwd, differences = _cwd(run, begun[-1].engine if begun else None)
        status = _process(folder / "order.json", cwd, manifest.environment, None if debug else limit + LOADING)
        now = _end(folder, status, limit)
    return Replayed(task, recorded, now, differences + _names(run, begun) + different(run))


def recorded_end(run: Run, task: int) -> End:
    """How the task ended in the run; raises BadInput if the run does not say, as one that was cut off."""
    outcome = run.outcome
    for death in outcome.deaths if outcome else ():
        if death.task == task:
            what = death.signal_name or f"exit code {death.exit_code}"
            return End("died", what, "", death.file, death.line, death.function)
    for hang in outcome.hangs if outcome else ():
        if hang.task == task:
            return End("hung", "", "", hang.file, hang.line, hang.function)
    if (described := run.traceback(str(task))) is not None:
        return End("raised", described.type, described.message, *_place(msgspec.to_builtins(described.frames)))
    ended = [event for event in run.of_kind("end") if event.task == task]
    if ended and ended[-1].data.get("status") == "ok":
        return End("returned")
    raise BadInput(f"{run.name} does not say how task {task} ended; `harness show {run.name} --events --task {task}`")


def different(run: Run) -> list[str]:
    """What is not as it was when the run was recorded: source, versions, environment; one sentence each."""
    manifest, found = run.manifest, []
    if manifest.file and manifest.source_hash:
        file = Path(manifest.file)
        if not file.is_file():
            found.append(f"{file} is gone")
        elif Target(file, manifest.target).source_hash != manifest.source_hash:
            found.append(
                f"{file} has been edited since: the task's function runs as it was sent, what it calls as it is now"
            )
    now = versions()
    for name, version in manifest.versions.items():
        if now.get(name) != version:
            found.append(f"{name} is {now.get(name, 'missing')}, and was {version}")
    here = payloads.environment()
    for name in sorted(here.keys() - manifest.environment.keys()):
        found.append(f"${name} is set here, and was not; it is left out of the replay")
    return found


def _module(manifest: store.Manifest) -> str | None:
    """The name under which engines imported the target's file, by its recorded source."""
    if manifest.file is None or manifest.source_hash is None:
        return None
    return Target.module_of(Path(manifest.file), manifest.source_hash)


def _cwd(run: Run, engine: int | None) -> tuple[str | None, list[str]]:
    ready = [event for event in run.of_kind("engine-ready") if event.engine == engine]
    cwd = ready[-1].data.get("cwd") if ready else None
    if cwd is None or Path(cwd).is_dir():
        return cwd, []
    return None, [f"the engine's working folder {cwd} is gone; this one is used"]


def _names(run: Run, begun: list[Event]) -> list[str]:
    """Text to execute works with what earlier tasks left on its engine."""
    if not begun or begun[-1].data.get("function") != EXECUTE:
        return []
    engine, time = begun[-1].engine, begun[-1].time
    earlier = {one.task for one in run.of_kind("begin") if one.engine == engine and one.time < time}
    left = f"names that {len(earlier)} earlier tasks may have left on engine {engine} are not here"
    return [left] if earlier else []


def _process(order: Path, cwd: str | None, environment: dict[str, str], timeout: float | None) -> int | None:
    """Run the replay's process to its end; its exit status, negative for a signal, None if it had to be killed."""
    outside = {name: value for name, value in os.environ.items() if name not in payloads.ENVIRONMENT}
    command = [sys.executable, "-m", "harness.recorder.replaying", str(order)]
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env={**outside, **environment},
        stdin=None if timeout is None else subprocess.DEVNULL,
        stdout=None if timeout is None else STDERR,
        start_new_session=timeout is not None,
    )
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if timeout is not None:
            _kill_group(process)


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def _end(folder: Path, status: int | None, limit: float) -> End | None:
    with contextlib.suppress(OSError, msgspec.DecodeError):  # it is not there, or was cut off when the process died
        return _of_report(msgspec.json.decode((folder / "result.json").read_bytes()))
    stacks = folder / "stacks.txt"
    text = stacks.read_text(encoding="utf-8", errors="backslashreplace") if stacks.exists() else ""
    found = [match.groupdict() for line in _thread(text).splitlines() if (match := _FRAME.search(line))]
    place = _place([{**frame, "line": int(frame["line"])} for frame in found[::-1]])
    if status is None or (status == 1 and text.startswith("Timeout")):
        return End("hung", "", f"not ended after {limit:g} s", *place)
    return End("died", signal_name(-status) if status < 0 else f"exit code {status}", "", *place)


def _thread(text: str) -> str:
    """The stack, of those that faulthandler wrote, of the thread that a fatal signal hit; else the main thread's."""
    stacks = re.split(r"^(?=(?:Current thread|Thread) 0x)", text, flags=re.MULTILINE)
    return next((stack for stack in stacks if stack.startswith("Current thread")), stacks[-1])


def _of_report(report: dict[str, Any]) -> End | None:
    if report.get("left"):
        return None
    if (raised := report["raised"]) is None:
        return End("returned", "", report["returned"])
    return End("raised", raised["type"], raised["message"], *_place(raised["frames"]))


def _place(frames: list[dict[str, Any]]) -> tuple[str | None, int | None, str | None]:
    """File, line and function to look at first; None where only the plumbing has any, which is another one here."""
    at = blame(frames)
    if at is None or is_plumbing(at["file"]):
        return None, None, None
    return "<executed text>" if _SENT.fullmatch(at["file"]) else at["file"], at["line"], at["function"]
