"""WordNet for NLTK's lemmatizer, offline: the lemma index that is shipped, unless the user has the full one."""

import os
import threading
from pathlib import Path
from zipfile import BadZipFile

import nltk.data
from nltk.corpus import wordnet
from nltk.corpus.util import LazyCorpusLoader
from platformdirs import user_cache_path

from harness import places
from harness.errors import CannotWork
from harness.inputs.lemma_index import ARCHIVE
from harness.inputs.tables import put

SHIPPED = places.DATA / "wordnet"
LOADING = threading.Lock()


def ensure() -> str:
    """Load NLTK's WordNet and return where from. Costs a second once in a process, then nothing.

    A WordNet in the user's own places (`NLTK_DATA`, ~/nltk_data, ...) comes before the shipped index. That holds
    lemmas and exceptions only: `WordNetLemmatizer` works as with the full database, synsets and glosses are absent.
    May be called from any number of threads and processes: one thread loads and the others wait for it, where NLTK by
    itself would let each of them load.
    Raises CannotWork if neither can be loaded.
    """
    with LOADING:
        if isinstance(wordnet, LazyCorpusLoader):
            folder = str(readable())
            if folder not in nltk.data.path:
                nltk.data.path.append(folder)
            try:
                wordnet.ensure_loaded()
            except (LookupError, OSError, ValueError, BadZipFile) as problem:
                raise CannotWork(
                    f"WordNet in {found()} cannot be loaded ({type(problem).__name__}): delete that, "
                    'or download it again with nltk.download("wordnet", force=True)'
                ) from problem
        return str(wordnet.root)


def readable() -> Path:
    """The folder of the shipped index, or of a copy of it that NLTK agrees to read.

    NLTK (3.10) reads no data that another account could have written: a clone made with umask 002, or one that belongs
    to somebody else, as in a class room or a container. Then the index is copied to the user's cache.
    Raises CannotWork if the index is missing or cannot be copied.
    """
    try:
        if is_private(SHIPPED):
            return SHIPPED
        content = (SHIPPED / ARCHIVE).read_bytes()
        copy = user_cache_path("parallel-debugging-sandbox") / "wordnet"
        (copy / ARCHIVE).parent.mkdir(parents=True, exist_ok=True)
        for folder in (copy, (copy / ARCHIVE).parent):
            folder.chmod(0o700)
        if not (copy / ARCHIVE).exists() or (copy / ARCHIVE).read_bytes() != content:
            put(copy / ARCHIVE, content)
        return copy
    except OSError as problem:
        raise CannotWork(
            f"WordNet's index cannot be read: {problem}; restore data/wordnet with git, "
            "or make it yours alone with chmod -R go-w data/wordnet"
        ) from None


def found() -> Path:
    """The database that NLTK comes to first: unpacked before packed, then in the order of its places."""
    candidates = [Path(folder) / name for name in (ARCHIVE.with_suffix(""), ARCHIVE) for folder in nltk.data.path]
    return next((path for path in candidates if path.exists()), SHIPPED)


def is_private(folder: Path) -> bool:
    """Whether only this account and root can write the index, as NLTK demands on POSIX systems."""
    if os.name != "posix":
        return True
    statuses = [path.stat() for path in (folder, (folder / ARCHIVE).parent, folder / ARCHIVE)]
    return all(status.st_uid in (0, os.geteuid()) and not status.st_mode & 0o022 for status in statuses)
