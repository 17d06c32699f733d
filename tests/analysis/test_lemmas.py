"""The lemmas against counting tweet by tweet, and their merging."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tweet_tables import TEXTS

from harness.analysis import lemmas


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The shares were falling, cats running", {"share": 1, "fall": 1, "cat": 1, "run": 1}),
        ("it was better, and has been", {"good": 1}),
        ("lives and leaves, or dies", {"live": 1, "leave": 1, "die": 1}),
        ("$AMZN @someone https://t.co/x1 RT 5% 2016", {}),
        ("#Earnings: Amazon’s and amazon's EARNINGS", {"earnings": 2, "amazon": 2}),
        ("株価が上がった हिन्दी أرباح", {"株価が上がった": 1, "हिन्दी": 1, "أرباح": 1}),
        ("sooooo goooood", {"sooo": 1, "goood": 1}),
        ("", {}),
        ("😀 :) 😀", {}),
    ],
)
def test_words_are_counted_by_their_lemma(text, found):
    assert lemmas.count([text]) == found


@settings(deadline=None)
@given(texts=st.lists(TEXTS, max_size=20))
def test_counting_tokens_first_finds_what_counting_tweet_by_tweet_finds(texts):
    total = Counter()
    for text in texts:
        words = (lemmas.lemma(token) for token in lemmas.tokenizer()(lemmas.clean(text)))
        total.update(word for word in words if word)
    assert lemmas.count(texts) == total


@settings(deadline=None)
@given(texts=st.lists(TEXTS, max_size=20), cut=st.integers(0, 20))
def test_the_lemmas_of_two_parts_add_up_to_those_of_both(texts, cut):
    assert lemmas.count(texts[:cut]) + lemmas.count(texts[cut:]) == lemmas.count(texts)


def test_each_different_token_is_looked_up_once_however_many_tweets_have_it():
    lemmas.lemma.cache_clear()
    lemmas.count(["great shares falling"] * 1000)
    looked_up = lemmas.lemma.cache_info()
    assert (looked_up.hits, looked_up.misses) == (0, 3)


@settings(deadline=None)
@given(counts=st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 3)), n=st.integers(0, 9))
def test_the_top_is_the_same_in_whatever_order_lemmas_were_met(counts, n):
    forwards, backwards = Counter(counts), Counter(dict(reversed(counts.items())))
    assert lemmas.top(forwards, n) == lemmas.top(backwards, n)
    assert [count for _, count in lemmas.top(forwards, n)] == sorted(counts.values(), reverse=True)[:n]
