"""The rated texts: fetched through pip once, verified, cached, read with their damage mended."""

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from harness.errors import CannotWork
from harness.inputs import rated

TABLES = {
    "tweets": "1\t2.5\tTom &amp; I &lt;3  this\r\n2\t-1.25\tugh, no\r\n3\t0.0\tespa\u00f1ol ;)",
    "movieReviewSnippets": "1\t-2.0\tCube?s ''horrible'' film\r\n2\t1.5\tWhat?see it",
    "amazonReviewSnippets": "1_1\t0.4\tplays A &amp;amp; B .",
    "nytEditorialSnippets": "1_1\t-0.15\tSays who?",
}
LEXICON = "good\t1.9\t0.9\t[2, 1]\r\n:-(\t-1.5\t0.5\t[-1, -2]\r\n"


def tar_gz(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return out.getvalue()


@pytest.fixture
def small_package(tmp_path, monkeypatch) -> Path:
    """A cache that holds a package laid out as the real one, with the texts of TABLES."""
    inner = tar_gz({rated._TABLE.format(name): text.encode() for name, text in TABLES.items()})
    package = tar_gz({rated._INNER: inner, rated._LEXICON: LEXICON.encode()})
    monkeypatch.setattr(rated, "SHA256", hashlib.sha256(package).hexdigest())
    (tmp_path / rated.ARCHIVE).write_bytes(package)
    return tmp_path


@pytest.fixture
def no_index(tmp_path_factory, monkeypatch) -> None:
    """pip as on a machine without a network."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path_factory.mktemp("empty")))


def test_reads_what_the_cached_package_holds(small_package):
    assert rated.cached(small_package)
    tweets = rated.tweets(small_package)
    assert tweets["text"].tolist() == ["Tom & I <3 this", "ugh, no", "español ;)"]
    assert tweets["rating"].tolist() == [2.5, -1.25, 0.0]
    snippets = rated.snippets(small_package)
    assert snippets.columns.tolist() == ["text", "rating", "source"]
    assert snippets["source"].tolist() == ["movie review", "movie review", "product review", "editorial"]
    assert rated.lexicon(small_package).to_dict("list") == {"text": ["good", ":-("], "rating": [1.9, -1.5]}


def test_mends_damage_and_leaves_the_rest(small_package):
    texts = rated.snippets(small_package)["text"].tolist()
    assert texts == ['Cube\'s "horrible" film', "What?see it", "plays A & B .", "Says who?"]


@pytest.mark.usefixtures("no_index")
def test_without_network_and_cache_says_so_in_one_line(tmp_path):
    with pytest.raises(
        CannotWork, match=r"^the rated texts are not in data/cache .*vaderSentiment==3\.3\.2"
    ) as failure:
        rated.tweets(tmp_path)
    assert "\n" not in str(failure.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("no_index")
def test_a_damaged_cache_is_not_read(tmp_path):
    (tmp_path / rated.ARCHIVE).write_bytes(b"half a pack")
    assert not rated.cached(tmp_path)
    with pytest.raises(CannotWork):
        rated.snippets(tmp_path)


def test_the_real_package_is_fetched_whole(tmp_path):
    try:
        tweets = rated.tweets(tmp_path)
    except CannotWork as offline:
        pytest.skip(f"needs a package index: {offline}")
    assert rated.cached(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [rated.ARCHIVE]
    assert len(tweets) == 4200
    assert tweets["rating"].between(-4, 4).all()
    assert len(rated.lexicon(tmp_path)) == 7520
    assert rated.snippets(tmp_path)["source"].value_counts().to_dict() == {
        "movie review": 10605,
        "editorial": 5190,
        "product review": 3708,
    }
