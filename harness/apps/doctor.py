"""What on this machine is missing or wrong for the sandbox, and the mend; each check is one small function."""

import ctypes
import importlib.metadata
import json
import os
import platform
import signal
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from packaging.requirements import InvalidRequirement, Requirement

from harness import places
from harness.errors import HarnessError

SUPPORTED = ((3, 11), (3, 14))
PORTS = 32
"""A controller binds some twenty ports on loopback, and clients and engines connect to them."""
ENGINE_WITH_TENSORFLOW = 0.6e9
"""Bytes resident after `import tensorflow` (2.21, CPU): measured 553 MB; two engines and the client have one each."""
MEMORY = 3 * ENGINE_WITH_TENSORFLOW
SLEEP = "20.25"
"""Seconds after which the process to be traced ends by itself."""
_SEIZE, _ALL_CHILDREN = 0x4206, 0x40000000


@dataclass(frozen=True)
class Finding:
    """What one check found. `needed`: whether the sandbox does not work without it. `mend` is empty if all is well."""

    check: str
    ok: bool
    found: str
    mend: str = ""
    needed: bool = True


def examine() -> list[Finding]:
    """All checks, in order. A check that itself fails becomes a finding that says so."""
    findings = []
    for name, check in CHECKS.items():
        try:
            findings.append(check())
        except Exception as problem:
            found = f"the check failed: {type(problem).__name__}: {problem}"
            findings.append(Finding(name, False, found, "tell the authors, with this line", needed=False))
    return findings


def python() -> Finding:
    version = sys.version_info[:2]
    lowest, above = SUPPORTED
    found = f"{platform.python_version()} in {sys.prefix}"
    mend = f"install Python {lowest[0]}.{lowest[1]} to {above[0]}.{above[1] - 1}, delete .venv and run make again"
    return Finding("python", lowest <= version < above, found, mend)


def packages() -> Finding:
    """The installed versions against requirements.txt."""
    path = places.CLONE / "requirements.txt"
    mend = f"{Path(sys.executable).name} -m pip install -r {path}"
    try:
        lines = [line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()]
        wanted = [Requirement(line) for line in lines if line and not line.startswith("-")]
    except FileNotFoundError:
        return Finding("packages", False, f"{path} is missing", "git checkout -- requirements.txt")
    except InvalidRequirement as problem:
        return Finding("packages", False, f"{path}: {problem}", "git checkout -- requirements.txt")
    wrong, checked = [], 0
    for one in wanted:
        if one.marker is not None and not one.marker.evaluate():
            continue
        checked += 1
        try:
            installed = importlib.metadata.version(one.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{one.name} is not installed")
            continue
        if not one.specifier.contains(installed, prereleases=True):
            wrong.append(f"{one.name} is {installed}, wanted {one.specifier}")
    return Finding("packages", not wrong, "; ".join(wrong) or f"{checked} as pinned in requirements.txt", mend)


def wordnet() -> Finding:
    from nltk.stem import WordNetLemmatizer

    from harness.inputs import wordnet as index

    try:
        where = index.ensure()
    except HarnessError as problem:
        found, _, mend = str(problem).partition("; ")
        return Finding("wordnet", False, found, mend or "git checkout -- data/wordnet")
    lemma = WordNetLemmatizer().lemmatize("mice")
    found = f"{where}: mice -> {lemma}"
    return Finding("wordnet", lemma == "mouse", found, "remove that WordNet, or download it again with NLTK")


def model() -> Finding:
    """Whether the sentiment network is there as a Keras file. It is not loaded: that takes TensorFlow 8 s."""
    path = places.MODELS / "sentiment.keras"
    mend = "git checkout -- models/sentiment.keras, or fit it anew: harness model fit"
    if not path.exists():
        return Finding("model", False, f"{path} is missing", mend)
    try:
        with zipfile.ZipFile(path) as archive:
            parts = set(archive.namelist())
            damaged = archive.testzip()
    except (zipfile.BadZipFile, OSError) as problem:
        return Finding("model", False, f"{path} cannot be read: {problem}", mend)
    missing = {"metadata.json", "config.json", "model.weights.h5"} - parts
    wrong = f", without {', '.join(sorted(missing))}" if missing else f", {damaged} is damaged" if damaged else ""
    return Finding("model", not wrong, f"{path}, {path.stat().st_size / 1e6:.1f} MB{wrong}", mend)


def tables() -> Finding:
    from harness.inputs.schema import COMPANIES

    missing = [name for name in COMPANIES if not (places.TWEETS / f"{name}.csv").exists()]
    if missing:
        found = f"no tweets of {', '.join(missing)} in {places.TWEETS}"
        return Finding("data", False, found, "harness data make")
    try:
        made = json.loads((places.TWEETS / ".made").read_text(encoding="utf-8"))
        found = f"{made['rows']:,} tweets a company, texts {made['texts']}, seed {made['seed']}"
    except FileNotFoundError:
        found = "tables are there; they were imported, or making them did not end"
    except (ValueError, KeyError, TypeError):
        return Finding("data", False, f"{places.TWEETS / '.made'} is damaged", "harness data make")
    return Finding("data", True, found)


def ports() -> Finding:
    mend = "let processes bind ports of 127.0.0.1 (firewall, sandbox or container settings)"
    with ExitStack() as stack:
        try:
            for _ in range(PORTS):
                one = stack.enter_context(socket.socket())
                one.bind(("127.0.0.1", 0))
                one.listen()
            with socket.create_connection(one.getsockname(), timeout=2):
                pass
        except OSError as problem:
            return Finding("ports", False, f"loopback does not serve: {problem}", mend)
    return Finding("ports", True, f"{PORTS} free on 127.0.0.1, and it answers")


def cores() -> Finding:
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    mend = "give the machine or container 2 or more; everything works on 1, without a speed-up"
    return Finding("cores", count >= 2, f"{count} usable", mend, needed=False)


def memory() -> Finding:
    free = psutil.virtual_memory().available
    limit = _container_limit()
    if limit is not None:
        free = min(free, limit)
    mend = "close other programs; the tour's engines load TensorFlow, some 0.6 GB each"
    return Finding("memory", free >= MEMORY, f"{free / 1e9:.1f} GB available, {MEMORY / 1e9:.1f} GB wanted", mend)


def _container_limit() -> int | None:
    """What a memory control group (version 2) leaves to this process, in bytes; None without a limit."""
    folder = Path("/sys/fs/cgroup")
    try:
        limit = (folder / "memory.max").read_text().strip()
        used = int((folder / "memory.current").read_text())
    except (OSError, ValueError):
        return None
    return int(limit) - used if limit.isdigit() else None


def tracing() -> Finding:
    """Whether a process that is not this one's child can be traced: tried, on a process started for it."""
    if sys.platform != "linux":
        return Finding("ptrace", True, "not checked: Linux only", needed=False)
    shell = subprocess.run(["sh", "-c", f"sleep {SLEEP} >/dev/null 2>&1 & echo $!"], capture_output=True, timeout=10)
    pid = int(shell.stdout)
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        refused = libc.ptrace(ctypes.c_long(_SEIZE), ctypes.c_int(pid), None, None) != 0
        why = os.strerror(ctypes.get_errno())
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(pid, _ALL_CHILDREN)
    if not refused:
        return Finding("ptrace", True, "processes of this user can be traced", needed=False)
    mend = "only outside tools such as py-spy want it; sysctl kernel.yama.ptrace_scope=0, or the capability SYS_PTRACE"
    return Finding("ptrace", False, f"tracing is refused ({why})", mend, needed=False)


def leftovers() -> Finding:
    from harness import cluster

    left = cluster.leftovers()
    if not left:
        return Finding("leftovers", True, "no processes of clusters that nobody owns")
    pids = " ".join(str(one.pid) for one in left[:20])
    found = f"{len(left)} processes of clusters that nobody owns"
    return Finding("leftovers", False, found, f"kill {pids}", needed=False)


CHECKS: dict[str, Callable[[], Finding]] = {
    "python": python,
    "packages": packages,
    "wordnet": wordnet,
    "model": model,
    "data": tables,
    "ports": ports,
    "cores": cores,
    "memory": memory,
    "ptrace": tracing,
    "leftovers": leftovers,
}
