"""What task.py promises: the shares that a plain look at each word gives, however long the words are."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

ENDS = ["", "!", "!!!", "?", "...", "'s", "-", "''", "é", " up", " #up"]
LONG = st.builds(
    lambda before, start, letter, length, end: f"{before}{start}{letter * length}{end}",
    st.sampled_from(["", "down ", "so "]),
    st.sampled_from(["", "#", "$", "@", "n", "Q3-", "'"]),
    st.sampled_from(["o", "a-b", "x_", "é"]),
    st.integers(20, 70),
    st.sampled_from(ENDS),
)


def reference(tables):
    """Company -> share of its tweets that are plain; no tweets at all give None."""
    shares = {}
    for company, tweets in tables.items():
        plain = [all(is_word(word) for word in text.split()) for text in tweets["Tweet content"]]
        shares[company] = sum(plain) / len(plain) if plain else None
    return shares


def is_word(word):
    """A mention, or a word with or without # or $: ASCII letters, digits and _, single - or ' after any of them."""
    if word[0] == "@":
        return is_letters(word[1:])
    *parts, last = word.removeprefix("#" if word[0] == "#" else "$").replace("'", "-").split("-")
    return all(is_letters(part) for part in parts) and (is_letters(last) or (last == "" and len(parts) > 0))


def is_letters(part):
    return part.isascii() and part.replace("_", "a").isalnum()


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS | LONG, most_rows=24), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
