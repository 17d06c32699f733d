"""What task.py promises: on engines, the most frequent hashtags that are counted here one after the other."""

import re

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

TAGS = st.lists(st.sampled_from(["#aws", "#AWS", "#a", "#b", "#c_1", "#d", "#e", "#f", "#", "a#b"]), min_size=1)
TAGGED = TAGS.map(" ".join)


def reference(tables):
    """Company -> its five most frequent hashtags with their numbers; of equals, the one that appears first."""
    found = {}
    for company, tweets in tables.items():
        tags = re.findall(r"#\w+", "\n".join(tweets["Tweet content"]).lower())
        ranked = sorted(dict.fromkeys(tags), key=tags.count, reverse=True)
        found[company] = [(tag, tags.count(tag)) for tag in ranked[:5]]
    return found


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS | TAGGED), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
