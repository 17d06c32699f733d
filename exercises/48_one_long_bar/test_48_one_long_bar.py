"""What task.py promises: the mentions that one pass over the tables finds, and no task that is most of the work."""

import re
from difflib import get_close_matches

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

PRODUCTS = ["alexa", "android", "azure", "chromecast", "echo", "kindle", "netflix", "office", "pixel", "prime", "xbox"]
NAMED = st.sampled_from(["my Kindel died", "ECHO echo", "netflx & chill", "Xbox, office", "primed", "an eco"])


def reference(tables):
    """Company -> product -> how often the company's tweets name it, spelt right or nearly so."""
    counts = {company: {} for company in tables}
    for company, tweets in tables.items():
        for word in re.findall(r"[a-z]{3,}", " ".join(tweets["Tweet content"]).lower()):
            for product in get_close_matches(word, PRODUCTS, 1, 0.8):
                counts[company][product] = counts[company].get(product, 0) + 1
    return counts


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    """No task takes more than 40 % of the CPU time of all, too: exercise.toml says so below `[cost]`."""
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS | NAMED, least_rows=1), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
