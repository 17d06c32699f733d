"""NLTK's own WordNetLemmatizer works from the clone: offline, for anybody's clone, and not before the user's own."""

import gzip
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from nltk.stem import WordNetLemmatizer

from harness import places
from harness.cli import main
from harness.errors import BadInput
from harness.inputs import lemma_index, wordnet

LEMMAS = [
    ("tweets", "n", "tweet"),
    ("companies", "n", "company"),
    ("children", "n", "child"),
    ("buying", "v", "buy"),
    ("bought", "v", "buy"),
    ("crashes", "v", "crash"),
    ("better", "a", "good"),
    ("worse", "a", "bad"),
    ("harder", "r", "hard"),
    ("sooooo", "n", "sooooo"),
]
PRINT_LEMMAS = """
from harness.inputs import wordnet
print(wordnet.ensure())
from nltk.stem import WordNetLemmatizer
print(WordNetLemmatizer().lemmatize("tweets"), WordNetLemmatizer().lemmatize("blorps"))
"""
NO_NETWORK = """
import sys
def refuse(event, _):
    if event in ("socket.connect", "socket.getaddrinfo", "urllib.Request"):
        raise ConnectionRefusedError(event)
sys.addaudithook(refuse)
"""
IN_THREADS = """
import sys, threading
from harness.inputs import wordnet
from nltk.stem import WordNetLemmatizer
opened = []
sys.addaudithook(lambda event, what: event == "open" and str(what[0]).endswith("wordnet.zip") and opened.append(1))
start, lemmas = threading.Barrier({threads}), []
def work():
    start.wait(30)
    wordnet.ensure()
    lemmas.append(WordNetLemmatizer().lemmatize("buying", "v"))
threads = [threading.Thread(target=work) for _ in range({threads})]
for thread in threads: thread.start()
for thread in threads: thread.join(60)
print(*lemmas)
print(len(opened))
"""


def python(program: str, home: Path, clone: Path = places.CLONE, **environment: object) -> list[str]:
    """What a fresh Python with this clone and an own home prints, by line."""
    started = start(program, home, clone, **environment)
    out, err = started.communicate(timeout=120)
    assert started.returncode == 0, err
    return out.splitlines()


def start(program: str, home: Path, clone: Path = places.CLONE, **environment: object) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NLTK_DATA", "XDG_CACHE_HOME")}
    given = {name: str(value) for name, value in environment.items()}
    return subprocess.Popen(
        [sys.executable, "-c", program],
        env=kept | {"HOME": str(home), "PYTHONPATH": str(clone)} | given,
        cwd=home,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def users_wordnet(folder: Path) -> Path:
    """A database with one noun of its own, as `nltk.download` would leave it in a place of the user's."""
    archive = folder / lemma_index.ARCHIVE
    archive.parent.mkdir(parents=True, mode=0o755)
    files = dict.fromkeys((*lemma_index.FACTS, *lemma_index.EMPTY), b"") | {
        "index.noun": b"blorp n 1 0 1 0 00000001  \n",
        "lexnames": b"00\tadj.all\t3\n",
    }
    archive.write_bytes(lemma_index.zipped(files))
    archive.chmod(0o600)
    return archive


@pytest.fixture
def others_clone(tmp_path: Path) -> Path:
    """A clone as umask 002 leaves it: NLTK does not read data that a group could have written."""
    clone = tmp_path / "clone"
    for part in ("harness/inputs", "data/wordnet"):
        shutil.copytree(places.CLONE / part, clone / part, ignore=shutil.ignore_patterns("__pycache__"))
    for module in ("__init__", "errors", "places"):
        shutil.copy(places.CLONE / "harness" / f"{module}.py", clone / "harness")
    for path in (clone / "data" / "wordnet").rglob("*"):
        path.chmod(path.stat().st_mode | 0o020)
    (clone / "data" / "wordnet").chmod(0o775)
    return clone


@pytest.mark.parametrize(("word", "part_of_speech", "lemma"), LEMMAS)
def test_words_have_their_lemmas(word, part_of_speech, lemma):
    wordnet.ensure()
    assert WordNetLemmatizer().lemmatize(word, part_of_speech) == lemma


def test_it_works_in_an_empty_home_without_a_network(tmp_path):
    origin, lemmas = python(NO_NETWORK + PRINT_LEMMAS, tmp_path)
    assert origin == str(wordnet.SHIPPED / "corpora" / "wordnet.zip" / "wordnet")
    assert lemmas == "tweet blorps"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["home", "NLTK_DATA"])
def test_the_users_own_wordnet_takes_precedence(tmp_path, place):
    folder = tmp_path / "nltk_data"
    archive = users_wordnet(folder)
    environment = {"NLTK_DATA": folder} if place == "NLTK_DATA" else {}
    home = tmp_path if place == "home" else tmp_path / "empty"
    home.mkdir(exist_ok=True)
    origin, lemmas = python(PRINT_LEMMAS, home, **environment)
    assert origin.startswith(str(archive))
    assert lemmas == "tweets blorp"


def test_threads_may_ask_for_it_at_once_and_it_is_loaded_once(tmp_path):
    lemmas, opened = python(IN_THREADS.format(threads=8), tmp_path)
    assert lemmas == " ".join(["buy"] * 8)
    assert int(opened) > 0
    assert opened == python(IN_THREADS.format(threads=1), tmp_path)[1]


def test_a_clone_that_nltk_distrusts_works_through_a_private_copy_in_processes_at_once(tmp_path, others_clone):
    home = tmp_path / "home"
    home.mkdir()
    started = [start(PRINT_LEMMAS, home, others_clone) for _ in range(3)]
    ended = [(process, *process.communicate(timeout=120)) for process in started]
    for process, out, err in ended:
        assert process.returncode == 0, err
        assert err == ""
        origin, lemmas = out.splitlines()
        assert origin.startswith(str(home))
        assert lemmas == "tweet blorps"
    copies = [path for path in home.rglob("*") if path.is_file()]
    assert [path.name for path in copies] == ["wordnet.zip"]
    assert copies[0].read_bytes() == (wordnet.SHIPPED / lemma_index.ARCHIVE).read_bytes()


def test_a_missing_index_is_one_line_that_says_what_to_do(tmp_path, others_clone):
    (others_clone / "data" / "wordnet" / lemma_index.ARCHIVE).unlink()
    failed = start(PRINT_LEMMAS, tmp_path, others_clone)
    last_line = failed.communicate(timeout=60)[1].splitlines()[-1]
    assert last_line.startswith("harness.errors.CannotWork: ")
    assert "restore data/wordnet with git" in last_line


def test_a_damaged_wordnet_of_the_users_is_named(tmp_path):
    archive = users_wordnet(tmp_path / "nltk_data")
    archive.write_bytes(archive.read_bytes()[:500])
    last_line = start(PRINT_LEMMAS, tmp_path).communicate(timeout=60)[1].splitlines()[-1]
    assert last_line.startswith("harness.errors.CannotWork: ")
    assert str(archive) in last_line


def test_the_shipped_index_holds_facts_only_and_its_licence():
    with zipfile.ZipFile(wordnet.SHIPPED / lemma_index.ARCHIVE) as archive:
        assert archive.testzip() is None
        files = {name.removeprefix("wordnet/"): archive.read(name) for name in archive.namelist()}
    assert set(files) == {*lemma_index.FACTS, *lemma_index.EMPTY, "lexnames"}
    assert all(files[name] == b"" for name in lemma_index.EMPTY)
    names = [line.split("\t") for line in files["lexnames"].decode().splitlines()]
    assert [int(number) for number, _, _ in names] == list(range(45))
    assert all(b"|" not in files[name] for name in lemma_index.FACTS), "a gloss follows a bar"
    licence = (wordnet.SHIPPED / "LICENSE").read_text()
    assert "WordNet 3.0 Copyright 2006 by Princeton University" in licence
    assert "Princeton University and LICENSEE agrees to preserve same" in licence


def test_packing_again_gives_the_shipped_bytes(tmp_path):
    """What was unpacked is rebuilt from the shipped index itself, so that no package is needed."""
    database = tmp_path / "usr" / "share" / "wordnet"
    manual = tmp_path / "usr" / "share" / "man" / "man5" / "lexnames.5WN.gz"
    for folder in (database, manual.parent):
        folder.mkdir(parents=True)
    with zipfile.ZipFile(wordnet.SHIPPED / lemma_index.ARCHIVE) as archive:
        for name in lemma_index.FACTS:
            (database / name).write_bytes(archive.read(f"wordnet/{name}"))
        manual.write_bytes(gzip.compress(b".TS\n" + archive.read("wordnet/lexnames") + b".TE\n"))
    with pytest.raises(SystemExit) as ended:
        main(["data", "wordnet", "--from", str(tmp_path), "--out", str(tmp_path / "packed")])
    assert ended.value.code == 0
    packed, shipped = (
        zipfile.ZipFile(folder / lemma_index.ARCHIVE) for folder in (tmp_path / "packed", wordnet.SHIPPED)
    )
    with packed, shipped:
        assert {name: packed.read(name) for name in packed.namelist()} == {
            name: shipped.read(name) for name in shipped.namelist()
        }
    assert (tmp_path / "packed" / "LICENSE").read_bytes() == (wordnet.SHIPPED / "LICENSE").read_bytes()


def test_a_folder_that_is_no_package_is_refused(tmp_path):
    with pytest.raises(BadInput, match="dpkg-deb -x"):
        lemma_index.pack(tmp_path, tmp_path / "packed")
    assert not (tmp_path / "packed").exists()
