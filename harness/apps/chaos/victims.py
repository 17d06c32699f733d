"""The processes of a run that can be hit: the harness, its child with the program, a part of the cluster."""

import contextlib
import random

import psutil

ZYGOTE = "harness.cluster.zygote"


def of_token(name: str, token: str) -> list[psutil.Process]:
    """The processes, zombies apart, that were started with this variable in their environment."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.status() != psutil.STATUS_ZOMBIE and process.environ().get(name) == token:
                found.append(process)
    return found


def of_cluster(processes: list[psutil.Process]) -> dict[str, list[psutil.Process]]:
    """The processes of clusters among these, by their part."""
    parts: dict[str, list[psutil.Process]] = {"zygote": [], "controller": [], "scheduler": [], "engine": []}
    for process in processes:
        with contextlib.suppress(psutil.Error):
            if ZYGOTE not in process.cmdline() or _is_zygote(process.parent()):
                continue
            parts["zygote"].append(process)
            for child in process.children():
                below = child.children()
                parts["controller" if below else "engine"].append(child)
                parts["scheduler"] += below
    return parts


def _is_zygote(process: psutil.Process | None) -> bool:
    return process is not None and ZYGOTE in process.cmdline()


def of_command(harness: psutil.Process) -> list[psutil.Process]:
    """The harness that was started, then what it forked to run the program in, if that is there."""
    own = harness.cmdline()
    return [harness, *(child for child in harness.children() if child.cmdline() == own)]


def choose(part: str, harness: psutil.Process, among: list[psutil.Process], chance: random.Random) -> psutil.Process:
    """A process of this part of the clusters among these; the harness itself while there is none."""
    if part in ("harness", "program"):
        return of_command(harness)[0 if part == "harness" else -1]
    found = of_cluster(among)[part]
    return chance.choice(found) if found else harness
