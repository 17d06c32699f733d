"""What task.py promises: the three hashtags used most, by company and part of the day, on however many engines."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

TAGS = st.sampled_from(["#AWS", "#aws,", "#Surface!", "no tag # here", "#ad #ad #spon", "#chill.", "#"])


def reference(tables):
    """Company -> part of the day, if it has tweets -> its hashtags, the more frequent first, then by the alphabet."""
    return {company: {part: top(tweets, part) for part in parts(tweets)} for company, tweets in tables.items()}


def parts(tweets):
    return {("night", "morning", "afternoon", "evening")[int(hour[:2]) // 6]: None for hour in sorted(tweets["Hour"])}


def top(tweets, part):
    texts = [
        text
        for hour, text in zip(tweets["Hour"], tweets["Tweet content"], strict=True)
        if part in parts({"Hour": [hour]})
    ]
    counts = Counter(word.rstrip(".,!?") for text in texts for word in text.lower().split() if word.startswith("#"))
    return sorted(counts, key=lambda tag: (-counts[tag], tag))[:3]


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS | TAGS, most_rows=60), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
