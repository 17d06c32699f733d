"""The script of one tool, in an interpreter of its own: from nothing to the result, then once more when told to.

It answers with one JSON object a line on the descriptor that it is given, which no tool prints to.
"""

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from harness.apps.peers.job import Job, digest
from harness.apps.peers.setups import LOOPBACK, PEERS, PIPES, Open


def main() -> None:
    """Do the job with the tool named by the first argument; then what each line of standard input says."""
    name, folder, rows, workers, descriptor = sys.argv[1:]
    peer = PEERS[name]
    job = Job(Path(folder), int(rows) if rows else None, int(workers))
    with os.fdopen(int(descriptor), "w", buffering=1) as answers, peer.opened(job) as tool:
        tell(answers, digest=digest(tool.tour()))
        orders: dict[str, Callable[[], dict[str, Any]]] = {
            "warm": lambda: timed(tool),
            "sent": lambda: {"bytes": sent(peer.sends, tool)},
            "alone 0": lambda: {"seconds": tool.alone(0) if tool.alone else None},
            "alone 1": lambda: {"seconds": tool.alone(1) if tool.alone else None},
        }
        for line in sys.stdin:
            if (order := line.strip()) == "end":
                break
            tell(answers, **orders[order]())


def tell(answers: Any, **fields: Any) -> None:
    """Answer one order."""
    answers.write(json.dumps(fields) + "\n")


def timed(tool: Open) -> dict[str, Any]:
    """Seconds of one tour, and a digest of what it found."""
    begin = time.perf_counter()
    found = tool.tour()
    seconds = time.perf_counter() - begin
    return {"seconds": seconds, "digest": digest(found)}


def sent(how: str | None, tool: Open) -> int | None:
    """Bytes that one tour sends between processes, as far as Linux counts them; None if it does not.

    By the loopback interface, which counts what all programs of this machine send to each other; or by the writes of
    this process and its descendants, which for pools go to pipes.
    """
    before = _count(how)
    tool.tour()
    after = _count(how)
    return None if before is None or after is None else after - before


def _count(how: str | None) -> int | None:
    import psutil

    with contextlib.suppress(AttributeError, KeyError, psutil.Error):
        if how == LOOPBACK:
            return psutil.net_io_counters(pernic=True)["lo"].bytes_sent
        if how == PIPES:
            me = psutil.Process()
            return sum(process.io_counters().write_chars for process in (me, *me.children(recursive=True)))
    return None


if __name__ == "__main__":
    main()
