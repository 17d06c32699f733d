"""What task.py promises: from pieces on engines, the shares that one pass over each whole table gives."""

import re
from zipfile import ZipFile

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables
from harness.places import DATA


def reference(tables):
    """Company -> share of its words that stand in one of WordNet's four lists; None for a company without words."""
    listed = set()
    with ZipFile(DATA / "wordnet/corpora/wordnet.zip") as archive:
        for name in ("index.noun", "index.verb", "index.adj", "index.adv"):
            listed.update(re.findall(r"^(\S+) ", archive.read(f"wordnet/{name}").decode(), re.MULTILINE))
    shares = {}
    for company, tweets in tables.items():
        words = re.findall("[a-z]+", " ".join(tweets["Tweet content"]).lower())
        shares[company] = sum(word in listed for word in words) / len(words) if words else None
    return shares


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS, least_rows=1, most_rows=50), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
