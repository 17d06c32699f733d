"""The labels: one for every text, the same in whatever part a tweet is."""

import platform
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tweet_tables import TEXTS

from harness.analysis import sentiment
from harness.errors import BadInput

OPINIONS = [
    "I love it, great day :)",
    "worst service ever, I hate it",
    "so good, thank you!",
    "terrible, sad and angry",
]


def column(texts: list[str | None]) -> pd.Series:
    return pd.Series(texts, dtype="str")


def test_opinions_are_told_apart_and_a_tweet_without_text_has_none():
    assert sentiment.classify(column([OPINIONS[0], None, *OPINIONS[1:]])) == [True, None, False, True, False]
    assert sentiment.classify(column([])) == []
    assert sentiment.classify(column([None])) == [None]


@settings(deadline=None, max_examples=25)
@given(texts=st.lists(st.none() | TEXTS, max_size=20), cut=st.integers(0, 20))
def test_every_tweet_gets_the_label_it_gets_in_any_part(texts, cut):
    together = sentiment.classify(column(texts))
    assert together == sentiment.classify(column(texts[:cut])) + sentiment.classify(column(texts[cut:]))
    assert [label is None for label in together] == [text is None for text in texts]


def test_the_network_varies_with_the_batch_by_far_less_than_what_counts_as_close():
    texts = [f"{opinion} {number}" for number in range(600) for opinion in OPINIONS]
    together = sentiment.probabilities(texts)
    apart = np.concatenate([sentiment.probabilities(texts[first : first + 7]) for first in range(0, len(texts), 7)])
    assert np.abs(together - apart).max() < sentiment.CLOSE / 10


@settings(deadline=None)
@given(
    probabilities=st.lists(st.floats(-2e-6, 2e-6).map(lambda offset: 0.5 + offset), min_size=1, max_size=12),
    cut=st.integers(0, 12),
)
def test_a_close_call_does_not_depend_on_its_batch(probabilities, cut):
    """The stand-in for the network rounds differently in every batch, more than a real one does."""

    def uneven(texts):
        return np.array([float(text) + 1e-6 * np.sin(len(texts) + place) for place, text in enumerate(texts)])

    texts = [str(probability) for probability in probabilities]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sentiment, "probabilities", uneven)
        together = sentiment.classify(column(texts))
        assert together == sentiment.classify(column(texts[:cut])) + sentiment.classify(column(texts[cut:]))


def test_the_share_of_positive_tweets_is_that_of_those_with_a_text():
    assert sentiment.share_positive([True, False, None, True, True]) == 0.75
    assert sentiment.share_positive([None]) is None
    assert sentiment.share_positive([]) is None


def test_a_missing_network_gets_one_line_with_the_next_step(tmp_path):
    with pytest.raises(BadInput, match="run `harness model fit`"):
        sentiment.network(tmp_path / "none.keras")


FREED = """
import ctypes, sys
from harness.analysis import sentiment

if sys.argv[1] == "kept":
    sentiment.keep_memory()
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
blocks = [libc.malloc(2**20) for _ in range(100)]
for block in blocks:
    ctypes.memset(block, 1, 2**20)
for block in reversed(blocks):
    libc.free(block)
print(int(open("/proc/self/statm").read().split()[1]) * 4096 // 2**20)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is told to keep memory")
def test_memory_that_a_batch_took_stays_for_the_next():
    held = {
        how: int(subprocess.run([sys.executable, "-c", FREED, how], capture_output=True, text=True, check=True).stdout)
        for how in ("kept", "as it comes")
    }
    assert held["kept"] - held["as it comes"] >= 90  # MB of the 100
