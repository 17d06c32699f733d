"""The sequential tour against the direct way of writing it: a Counter added and a few tweets predicted at a time."""

import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from harness.analysis import lemmas, sentiment, statistics, tweets
from harness.analysis.sequential import Analysis
from harness.apps.tour import steps
from harness.apps.tour.alone import Alone
from harness.errors import CannotWork
from harness.places import TWEETS

ROWS = 3_000  # of each company; with all of them the direct way takes minutes
TEXTS_A_CALL = 32
DEADLINE = 1800.0  # seconds for each way


def run(
    rows: int | None = ROWS, companies: Iterable[str] = tuple(tweets.COMPANIES), folder: Path = TWEETS
) -> dict[str, Any]:
    """Run both ways on the same rows, one after the other in one process that has started up.

    Both use one thread and find the same. Few rows flatter the direct way: the more lemmas there are, the longer each
    `+=` takes. Returns seconds, and how many times as fast the tour is.

    Raises CannotWork if the two ways find different things.
    """
    companies = tuple(companies)
    with Alone() as alone:
        alone.call(steps.start_up_on_one_thread, timeout=DEADLINE)
        whole, found = alone.call(steps.analyse_alone, companies, folder, rows, timeout=DEADLINE)
        tour = _by_step(alone.call(steps.taken, timeout=DEADLINE))
        direct, found_directly = alone.call(analyse_directly, companies, folder, rows, timeout=DEADLINE)
    for company in companies:
        if (found[company].statistics, found[company].lemmas) != (
            found_directly[company].statistics,
            found_directly[company].lemmas,
        ):
            raise CannotWork(f"the two ways find different things about {company}: please report it")
    labels = [
        one != other
        for company in companies
        for one, other in zip(found[company].positive, found_directly[company].positive, strict=True)
    ]
    total = sum(direct.values())
    return {
        "tweets": len(labels),
        "seconds, the direct way": {**direct, "all": total},
        "seconds, the sequential tour": {**tour, "all": whole.seconds},
        "labels that differ": sum(labels),
        "times as fast": total / whole.seconds,
    }


def analyse_directly(
    companies: Iterable[str], folder: Path, rows: int | None
) -> tuple[dict[str, float], dict[str, Analysis]]:
    """The three tasks as one writes them first; seconds of each step, and what was found."""
    steps.taken()
    found = {}
    for company in companies:
        table = tweets.load(company, folder, rows)
        texts = table[tweets.TEXT]
        described = statistics.describe(table)
        found[company] = Analysis(described, count_directly(texts.dropna()), classify_directly(texts))
    return _by_step(steps.taken()), found


def count_directly(texts: Iterable[str]) -> Counter[str]:
    """Lemmas counted tweet by tweet: every word is looked up, and each tweet's Counter is added to the total."""
    begin = time.time()
    tokenize = lemmas.tokenizer()
    total = Counter[str]()
    for text in texts:
        words = (lemmas.lemma.__wrapped__(token) for token in tokenize(lemmas.clean(text)))
        total += Counter(word for word in words if word)
    steps.note(steps.Span("lemmas", begin, time.time()))
    return total


def classify_directly(texts: pd.Series) -> list[bool | None]:
    """Sentiment asked 32 texts at a time, by `predict`."""
    import tensorflow as tf

    begin = time.time()
    labels: list[bool | None] = [None] * len(texts)
    asked = texts.reset_index(drop=True).dropna()
    for first in range(0, len(asked), TEXTS_A_CALL):
        few = asked.iloc[first : first + TEXTS_A_CALL]
        positive = sentiment.network().predict(tf.constant(few.tolist()), verbose=0).reshape(-1)
        for row, probability in zip(few.index, positive, strict=True):
            labels[row] = bool(probability >= 0.5)
    steps.note(steps.Span("sentiment", begin, time.time()))
    return labels


def _by_step(spans: list[steps.Span]) -> dict[str, float]:
    return {step: sum(span.seconds for span in spans if span.step == step) for step in steps.STEPS}
