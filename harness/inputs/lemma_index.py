"""The part of WordNet 3.0 that a lemmatizer needs, packed from Debian's package into what NLTK loads."""

import gzip
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from harness.errors import BadInput
from harness.inputs.tables import prepare, put

ARCHIVE = Path("corpora") / "wordnet.zip"
LICENCE = "LICENSE"
PARTS = ("noun", "verb", "adj", "adv")
CATEGORIES = {"noun": 1, "verb": 2, "adj": 3, "adv": 4}  # lexnames(5WN)
FACTS = (*(f"index.{part}" for part in PARTS), *(f"{part}.exc" for part in PARTS))
# NLTK's reader opens these; it needs no line of them to lemmatize.
EMPTY = (*(f"data.{part}" for part in PARTS), "index.sense")
LEXNAMES = "lexnames"
DATE = (1980, 1, 1, 0, 0, 0)  # a zip's first day: the same bytes whenever it is packed


def pack(unpacked: Path, folder: Path) -> int:
    """Write `folder`/corpora/wordnet.zip and `folder`/LICENSE; return the archive's size in bytes.

    `unpacked` holds the files of Debian's package wordnet-base, as `dpkg-deb -x wordnet-base_*.deb DIR` leaves them.
    Raises BadInput if it does not.
    """
    database = unpacked / "usr" / "share" / "wordnet"
    manual = unpacked / "usr" / "share" / "man" / "man5" / "lexnames.5WN.gz"
    for needed in (*(database / name for name in FACTS), manual):
        if not needed.is_file():
            raise BadInput(f"no {needed}: unpack Debian's wordnet-base with dpkg-deb -x and name that folder")
    files = {name: (database / name).read_bytes() for name in FACTS} | dict.fromkeys(EMPTY, b"")
    files[LEXNAMES] = lexnames(gzip.decompress(manual.read_bytes()).decode())
    archive = folder / ARCHIVE
    prepare(archive.parent)
    put(folder / LICENCE, licence(files["index.noun"].decode()))
    put(archive, zipped(files))
    return archive.stat().st_size


def lexnames(manual: str) -> bytes:
    """The file `lexnames` (number, name, syntactic category), from the table in its manual page."""
    listed = re.findall(r"^(\d\d)\t((noun|verb|adj|adv)\.\w+)", manual, re.MULTILINE)
    return "".join(f"{number}\t{name}\t{CATEGORIES[part]}\n" for number, name, part in listed).encode()


def licence(index: str) -> bytes:
    """WordNet's licence, from the numbered lines that every index opens with."""
    numbered = (re.match(r"  \d+ (.*)", line) for line in index.splitlines())
    return "".join(found[1].rstrip() + "\n" for found in numbered if found).encode()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as an archive whose only folder is `wordnet`."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"wordnet/{name}", DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return packed.getvalue()
