"""The tour's speed: sequential against the direct way of writing it, engines against independent processes."""

import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any

import pandas as pd

from harness import cluster
from harness.analysis import lemmas, parallel, sentiment, statistics, tweets
from harness.analysis.sequential import Analysis
from harness.apps.measured import spread
from harness.apps.tour import steps
from harness.apps.tour.alone import Alone
from harness.apps.tour.journey import REHEARSAL
from harness.errors import CannotWork
from harness.places import TWEETS

ROWS = 3_000  # of each company, for the direct way: with all of them it takes minutes
TEXTS_A_CALL = 32
ROUNDS = 3
ENGINES = 2
DEADLINE = 1800.0  # seconds for each call

COMPANIES = tuple(tweets.COMPANIES)


def run(folder: Path = TWEETS, direct_rows: int | None = ROWS, rows: int | None = None) -> dict[str, Any]:
    """Both comparisons, `direct_rows` and `rows` of each table (None: all); TensorFlow on one thread throughout."""
    return {
        "sequential against direct": against_direct(folder, direct_rows),
        "engines against independent processes": against_independent(folder, rows),
    }


def against_direct(folder: Path = TWEETS, rows: int | None = ROWS) -> dict[str, Any]:
    """Run both ways on the same rows, one after the other in one process that has started up.

    Few rows flatter the direct way: the more lemmas there are, the longer each `+=` takes. Returns seconds, and how
    many times as fast the tour is. Raises CannotWork if the two ways find different things.
    """
    with Alone() as alone:
        alone.call(steps.start_up_on_one_thread, timeout=DEADLINE)
        whole, found = alone.call(steps.analyse_alone, COMPANIES, folder, rows, timeout=DEADLINE)
        tour = _by_step(alone.call(steps.taken, timeout=DEADLINE))
        direct, found_directly = alone.call(analyse_directly, COMPANIES, folder, rows, timeout=DEADLINE)
    for company in COMPANIES:
        one, other = found[company], found_directly[company]
        if (one.statistics, one.lemmas) != (other.statistics, other.lemmas):
            raise CannotWork(f"the two ways find different things about {company}: please report it")
    labels = [
        one != other
        for company in COMPANIES
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


def against_independent(
    folder: Path = TWEETS, rows: int | None = None, engines: int = ENGINES, rounds: int = ROUNDS
) -> dict[str, Any]:
    """The warm analysis in one engine alone, shared among all, and all of it in each at the same time; medians.

    The runs of a round follow each other, so that what else the machine does hits all three.
    """
    alone, shared, at_once = [], [], []
    with cluster.start(engines) as running, running.client() as client:
        everywhere, view = client[:], client.load_balanced_view()
        everywhere.apply_async(steps.start_up_on_one_thread).get(DEADLINE)
        parallel.run(view, COMPANIES, folder, REHEARSAL, timeout=DEADLINE)
        for _ in range(rounds):
            alone.append(client[0].apply_async(steps.time_alone, COMPANIES, folder, rows).get(DEADLINE).seconds)
            everywhere.apply_async(steps.forget).get(DEADLINE)
            begin = time.time()
            parallel.run(view, COMPANIES, folder, rows, timeout=DEADLINE)
            shared.append(time.time() - begin)
            spans = everywhere.apply_async(steps.time_alone, COMPANIES, folder, rows).get(DEADLINE)
            at_once.append(sum(span.seconds for span in spans) / engines)
    speed_up, ceiling = median(alone) / median(shared), engines * median(alone) / median(at_once)
    return {
        "engines": engines,
        "rounds": rounds,
        "seconds alone": spread(alone),
        "seconds shared": spread(shared),
        "seconds at once": spread(at_once),
        "speed-up": speed_up,
        "ceiling": ceiling,
        "speed-up of ceiling": speed_up / ceiling,
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
