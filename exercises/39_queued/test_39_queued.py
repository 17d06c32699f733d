"""What task.py promises: a mood for each language that a company is talked about in, or None; and that it ends."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from harness.course.exercise import load_file
from harness.course.strategies import TEXTS, search, tables

WORDS = load_file(Path(__file__).parents[2] / "solutions" / "39_queued" / "original.py").WORDS
SAYINGS = st.sampled_from(["love my #echo", "das ist toll", "la peor serie", "adoro Narcos", "最高", "good good down"])
LANGUAGES = st.lists(st.sampled_from(["en", "en", "es", "de", "ja", "und", "xx", "tl"]), min_size=12, max_size=12)


def spoken(tables, languages):
    """The tables, with a language for each tweet."""
    for tweets in tables.values():
        tweets["Tweet language (ISO 639-1)"] = languages[: len(tweets)]
    return tables


def reference(tables):
    """Company -> language -> words of praise less words of blame; None for a language without words."""
    moods = {company: {} for company in tables}
    for company, tweets in tables.items():
        for language, text in zip(tweets["Tweet language (ISO 639-1)"], tweets["Tweet content"], strict=True):
            if language not in WORDS:
                moods[company][language] = None
                continue
            praise, blame = WORDS[language]
            score = sum((word in praise) - (word in blame) for word in text.lower().split())
            moods[company][language] = moods[company].get(language, 0) + score
    return moods


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=st.builds(spoken, tables(TEXTS | SAYINGS, least_rows=1), LANGUAGES), engines=st.integers(1, 2))
def test_any_languages_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
