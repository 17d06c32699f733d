"""Two files that belong together: how many retweets there were in all, and a line for each company with its own."""

import fcntl
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from loguru import logger


@contextmanager
def alone(file):
    """The file, opened; until it is closed nobody else gets it from here."""
    with open(file, "r+b", buffering=0) as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield opened


def book(company, retweets, folder):
    """Add a company to the total and to the parts. Returns by how much they disagree when it looks afterwards."""
    with alone(folder / "total.txt") as total:
        so_far = int(total.read())
        total.seek(0)
        total.write(b"%9d" % (so_far + retweets))
    with alone(folder / "parts.txt") as parts:
        parts.seek(0, 2)
        parts.write(b"%d %s\n" % (retweets, company.encode()))
    with alone(folder / "total.txt") as total, alone(folder / "parts.txt") as parts:
        whole = int(total.read())
        added_up = sum(int(line.split()[0]) for line in parts.read().splitlines())
    logger.info("{}: {} retweets booked; {} in all, the parts are {}", company, retweets, whole, added_up)
    return whole - added_up


def main(view, tables):
    """tables: company -> DataFrame of any length. Returns the total, and for each company the disagreement it saw."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "total.txt").write_bytes(b"%9d" % 0)
        (folder / "parts.txt").touch()
        retweets = [int(tweets["RTs"].sum()) for tweets in tables.values()]
        seen = view.map_async(book, list(tables), retweets, [folder] * len(tables)).get()
        return {"total": int((folder / "total.txt").read_bytes()), "off by": dict(zip(tables, seen, strict=True))}
