"""A run directory made by an attacker: looking at it executes nothing, writes nothing outside, and ends."""

import io
import json
import os
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.places import CLONE
from harness.store import Run
from tests.golden import copied

LOOKS = [
    ["runs"],
    ["runs", "--json"],
    ["show", "RUN"],
    ["show", "RUN", "--json"],
    ["show", "RUN", "--traceback"],
    ["show", "RUN", "--stacks"],
    ["show", "RUN", "--events"],
    ["show", "RUN", "--tasks"],
    ["show", "RUN", "--timeline"],
    ["timeline", "RUN"],
    ["timeline", "RUN", "--json"],
    ["timeline", "RUN", "--png", "PNG", "--html", "HTML", "--trace", "TRACE"],
    ["logs", "RUN"],
    ["logs", "RUN", "--merge"],
    ["logs", "RUN", "--raw"],
    ["diff", "RUN", "OTHER"],
    ["runs", "export", "RUN", "--to", "EXPORT"],
    ["runs", "prune", "--keep", "0", "--dry-run"],
]
# every look in one process, which may take neither much memory nor write or execute anything outside
LOOKER = """
import io, json, os, resource, sys
import matplotlib.font_manager  # makes its cache, if there is none yet, before anybody looks
allowed, looks = json.loads(sys.argv[1])
from harness.cli import _status

EXECUTES = ("pickle.find_class", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork")
CHANGES = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.chmod", "os.truncate", "os.symlink", "shutil.rmtree")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
seen, on = [], False

def inside(path):
    return os.path.realpath(os.fsdecode(path)).startswith(allowed)

def watch(event, arguments):
    if not on:
        return
    if event in EXECUTES or (event == "exec" and arguments[0].co_filename.startswith(allowed)):
        seen.append(f"{event} {arguments}")
    if event == "open" and isinstance(arguments[0], (str, bytes)) and (arguments[2] or 0) & WRITING:
        if not inside(arguments[0]):
            seen.append(f"writes {arguments[0]}")
    if event in CHANGES and not inside(arguments[0]):
        seen.append(f"{event} {arguments[0]}")

sys.addaudithook(watch)
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
for look in looks:
    sys.stdout = sys.stderr = out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
    on = True
    try:
        status = _status(look)
    except BaseException as problem:
        status = f"{type(problem).__name__}: {problem}"
    on = False
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    out.flush()
    text = out.buffer.getvalue().decode()
    print(json.dumps({"look": look, "status": status, "seen": seen[:5], "text": text[:200_000]}), flush=True)
    seen.clear()
"""
SECRET = "the content of a file elsewhere"


class Bomb:
    def __reduce__(self):
        return os.system, ("touch exploded",)


def links(run: Run, outside: Path) -> None:
    for path in [path for path in run.folder.rglob("*") if path.is_file()]:
        path.unlink()
        path.symlink_to(outside / "secret")
    manifest_of(run)


def links_of_folders(run: Run, outside: Path) -> None:
    for name in ("events", "tracebacks", "stacks", "payloads"):
        folder = run.folder / name
        folder.mkdir(exist_ok=True)
        folder.rename(outside / name)
        folder.symlink_to(outside / name)
        (outside / name / "1.json").write_text(json.dumps({"type": "E", "message": SECRET}))


def devices(run: Run, outside: Path) -> None:
    for path in [path for path in run.folder.rglob("*") if path.is_file() and path.name != "manifest.json"]:
        path.unlink()
        path.symlink_to("/dev/zero")


def fifos(run: Run, outside: Path) -> None:
    for path in [path for path in run.folder.rglob("*") if path.is_file() and path.name != "manifest.json"]:
        path.unlink()
        os.mkfifo(path)


def giants(run: Run, outside: Path) -> None:
    for path in [path for path in run.folder.rglob("*") if path.is_file() and path.name != "manifest.json"]:
        os.truncate(path, 40 * 2**30)  # sparse: takes no room


def giant_manifest(run: Run, outside: Path) -> None:
    os.truncate(run.folder / "manifest.json", 40 * 2**30)


def names_that_climb(run: Run, outside: Path) -> None:
    event = {
        "id": "e0-1",
        "kind": "raised",
        "time": 1.0,
        "task": 1,
        "data": {
            "type": "E",
            "message": "m",
            "file": "../../outside/secret",
            "line": 1,
            "traceback": "../../outside/t",
        },
    }
    (outside / "t.json").write_text(json.dumps({"type": "Stolen", "message": SECRET}))
    for path in (run.folder / "events").glob("*.jsonl"):
        path.write_text(json.dumps(event) + "\n")
    outcome = json.loads((run.folder / "outcome.json").read_text())
    for failure in outcome["failures"]:
        failure.update(traceback="../../outside/t", file=str(outside / "secret"), line=1)
    (run.folder / "outcome.json").write_text(json.dumps(outcome))
    manifest_of(run, run="../../outside", target="../../../outside", variant="/etc")


def bombs(run: Run, outside: Path) -> None:
    for path in [path for path in run.folder.rglob("*") if path.is_file() and path.name != "manifest.json"]:
        path.write_bytes(pickle.dumps(Bomb()))
    (run.folder / "conftest.py").write_text("import os; os.system('touch exploded')")
    (run.folder / "sitecustomize.py").write_text("import os; os.system('touch exploded')")


def manifest_of(hostile: Run, **changed: object) -> None:
    fields = {
        "format": 1,
        "run": hostile.name,
        "target": "t",
        "engines": 2,
        "backend": "forked",
        "started": 1.0,
        "ended": 2.0,
    }
    (hostile.folder / "manifest.json").unlink(missing_ok=True)
    (hostile.folder / "manifest.json").write_text(json.dumps({**fields, **changed}))


@pytest.mark.parametrize(
    "attack", [links, links_of_folders, devices, fifos, giants, giant_manifest, names_that_climb, bombs]
)
def test_looking_at_a_hostile_run_executes_nothing_writes_nothing_outside_and_ends(
    workspace: Path, attack: Callable[[Run, Path], None]
) -> None:
    outside, here = workspace.parent / f"{workspace.name}-outside", workspace / "here"
    outside.mkdir()
    here.mkdir()
    (outside / "secret").write_text(SECRET)
    hostile, other = copied("exception", workspace), copied("crash", workspace)
    (hostile.folder / "samples.jsonl").write_text('{"time": 1.0, "cores": 1, "busy": 1.0}\n')
    attack(hostile, outside)
    before = {path: path.lstat().st_mtime_ns for path in outside.rglob("*")}
    named = {"RUN": hostile.name, "OTHER": other.name, "EXPORT": str(here / "export.zip")}
    named |= {"PNG": str(here / "run.png"), "HTML": str(here / "run.html"), "TRACE": str(here / "run.json")}
    looks = [[named.get(word, word) for word in look] for look in LOOKS]
    ended = subprocess.run(
        [sys.executable, "-c", LOOKER, json.dumps([str(workspace), looks])],
        capture_output=True,
        text=True,
        timeout=150,
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(CLONE), "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    told = [json.loads(line) for line in ended.stdout.splitlines()]
    assert len(told) == len(looks), f"ended in {looks[len(told)] if len(told) < len(looks) else None}: {ended.stderr}"
    for one in told:
        assert one["seen"] == [], one["look"]
        assert one["status"] in (0, 1, 2), (one["look"], one["status"], one["text"][-500:])
        assert SECRET not in one["text"], one["look"]
        assert "Traceback (most recent call last)" not in one["text"], one["look"]
    assert {path: path.lstat().st_mtime_ns for path in outside.rglob("*")} == before
    assert list(workspace.rglob("exploded")) == []
    if (archive := here / "export.zip").exists():
        with zipfile.ZipFile(io.BytesIO(archive.read_bytes())) as exported:
            for name in exported.namelist():
                assert ".." not in name
                assert SECRET not in exported.read(name).decode(errors="replace")
