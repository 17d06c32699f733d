"""Human-rated English texts, fetched through pip from vaderSentiment's source package and cached.

C.J. Hutto and E. Gilbert, *VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media
Text*, ICWSM 2014; MIT licence. At least 20 people rated each text, from −4 (extremely negative) to 4
(extremely positive).
"""

import hashlib
import html
import io
import os
import re
import signal
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import pandas as pd

from harness import places
from harness.errors import CannotWork

REQUIREMENT = "vaderSentiment==3.3.2"
ARCHIVE = "vaderSentiment-3.3.2.tar.gz"
SHA256 = "5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9"
PIP_DEADLINE = 120  # seconds

_INNER = "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz"
_LEXICON = "vaderSentiment-3.3.2/vaderSentiment/vader_lexicon.txt"
_TABLE = "hutto_ICWSM_2014/{}_GroundTruth.txt"
_SNIPPETS = {
    "movie review": "movieReviewSnippets",
    "product review": "amazonReviewSnippets",
    "editorial": "nytEditorialSnippets",
}


def cached(cache: Path = places.CACHE) -> bool:
    """Whether the texts can be read without a network: `cache` holds the package, undamaged."""
    archive = cache / ARCHIVE
    return archive.is_file() and hashlib.sha256(archive.read_bytes()).hexdigest() == SHA256


def tweets(cache: Path = places.CACHE) -> pd.DataFrame:
    """The 4,200 rated tweets in the package's order; fetched first where the cache has none.

    About 4,000 follow tweets from Twitter's public timeline, with user names and links replaced, and about
    200 were written to vary punctuation, capitals and intensifiers, so some differ in nothing else.

    Columns: `text` (str) and `rating` (float, the mean of the human ratings, −4 to 4).
    Raises CannotWork where there is neither network nor cache.
    """
    return _read("tweets", _fetched(cache))


def snippets(cache: Path = places.CACHE) -> pd.DataFrame:
    """The 19,503 rated sentences from reviews and editorials; fetched first where the cache has none.

    Columns: `text` (str), `rating` (float, as in `tweets`) and `source` (`movie review`, `product review`
    or `editorial`). Raises CannotWork where there is neither network nor cache.
    """
    archive = _fetched(cache)
    tables = [_read(name, archive).assign(source=source) for source, name in _SNIPPETS.items()]
    return pd.concat(tables, ignore_index=True)


def lexicon(cache: Path = places.CACHE) -> pd.DataFrame:
    """The 7,520 words, abbreviations and emoticons rated one by one, by ten people each.

    Columns: `text` (str, as rated: `g00d`, `:-)`) and `rating` (float, as in `tweets`). Raises CannotWork
    where there is neither network nor cache.
    """
    with tarfile.open(_fetched(cache)) as package:
        lines = _member(package, _LEXICON).decode("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line.strip()]
    return _table([text for text, *_ in rows], [rating for _, rating, *_ in rows])


def mended(text: str) -> str:
    """`text` without HTML entities, `?s` that was `'s`, `''` that was a quotation mark, and stray blanks."""
    # Twice, as some texts were escaped twice: "Hirschl &amp;amp; Adler".
    text = html.unescape(html.unescape(text)).replace("''", '"')
    text = re.sub(r"(?<=[a-z])\?s\b", "'s", text)
    return " ".join(text.split())


def _fetched(cache: Path) -> Path:
    archive = cache / ARCHIVE
    if cached(cache):
        return archive
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="fetching-") as folder:
        _download(Path(folder))
        # One rename on one file system: a reader sees the whole package or none.
        (Path(folder) / ARCHIVE).replace(archive)
    return archive


def _download(folder: Path) -> None:
    """Let pip put the source package into `folder`; raise CannotWork where it can't.

    pip asks every source package for its metadata, which runs its setup.py. So the requirement carries the
    package's hash: pip compares it right after the download and runs nothing of any other package.
    """
    pinned = folder / "requirements.txt"
    pinned.write_text(f"{REQUIREMENT} --hash=sha256:{SHA256}\n")
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
    ]
    command += [
        "--no-deps",
        "--no-binary",
        ":all:",
        "--no-build-isolation",
        "--require-hashes",
        "--retries",
        "2",
    ]
    command += ["--dest", str(folder), "--requirement", str(pinned)]
    pip = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        said, _ = pip.communicate(timeout=PIP_DEADLINE)
    except BaseException as stopped:
        # setup.py runs in a process of its own: the group is what has to go.
        os.killpg(pip.pid, signal.SIGKILL)
        pip.communicate()
        if isinstance(stopped, subprocess.TimeoutExpired):
            raise _unreachable(f"pip took longer than {PIP_DEADLINE} s") from None
        raise
    if pip.returncode != 0 or not cached(folder):
        errors = [line for line in said.splitlines() if line.startswith("ERROR")]
        raise _unreachable((errors or ["pip said nothing"])[-1].removeprefix("ERROR: "))


def _unreachable(why: str) -> CannotWork:
    return CannotWork(
        f"the rated texts are not in {places.CACHE.relative_to(places.CLONE)} and pip could not fetch "
        f"{REQUIREMENT} ({why}): connect to a package index once, or give a Sentiment140 file"
    )


def _read(name: str, archive: Path) -> pd.DataFrame:
    with tarfile.open(archive) as package:
        inner = io.BytesIO(_member(package, _INNER))
    with tarfile.open(fileobj=inner) as resources:
        lines = _member(resources, _TABLE.format(name)).decode("utf-8").split("\n")
    rows = [line.split("\t") for line in lines if line]
    return _table([mended(text) for _, _, text in rows], [rating for _, rating, _ in rows])


def _table(texts: list[str], ratings: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"text": pd.Series(texts, dtype="str"), "rating": [float(rating) for rating in ratings]})


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    if file is None:
        raise CannotWork(f"{name} in {ARCHIVE} is not a file: delete data/cache and run again")
    return file.read()
