"""How good a sentiment network is on texts that it never saw."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist, median
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from harness.inputs import network
from harness.inputs.parts import Parts

POLAR = 0.5  # mean rating, either way, from which people agree that there is a sentiment
RESAMPLES = 10_000
CONFIDENCE = 0.95

Interval = tuple[float, float]


@dataclass(frozen=True)
class Figures:
    """Agreement of the network with people on `texts` texts; a text counts as positive where its rating is over 0.

    `confusion[rated][classified]` counts texts; 0 stands for not positive, 1 for positive. Both intervals are
    95 % intervals over the draw of texts; the network is taken as it is.
    """

    texts: int
    accuracy: float
    accuracy_interval: Interval
    balanced_accuracy: float
    balanced_accuracy_interval: Interval
    confusion: tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Evaluation:
    """The figures on all texts of a test, and on its polar ones: a mean rating of at least 0.5 either way."""

    all: Figures
    polar: Figures


def figures(ratings: ArrayLike, probabilities: ArrayLike) -> Figures:
    """Compare mean ratings (−4 to 4) with probabilities of positive (0 to 1), one a text, at least one."""
    positive, classified = np.asarray(ratings) > 0, np.asarray(probabilities) >= 0.5
    confusion = tuple(tuple(int(np.sum((positive == r) & (classified == c))) for c in (0, 1)) for r in (0, 1))
    right, texts = confusion[0][0] + confusion[1][1], positive.size
    hits = [(row[label], sum(row)) for label, row in enumerate(confusion) if sum(row)]
    return Figures(
        texts=texts,
        accuracy=right / texts,
        accuracy_interval=wilson(right, texts),
        balanced_accuracy=float(np.mean([hit / count for hit, count in hits])),
        balanced_accuracy_interval=bootstrap(hits),
        confusion=confusion,  # type: ignore[arg-type]
    )


def wilson(successes: int, trials: int) -> Interval:
    """Wilson's score interval for a proportion (E.B. Wilson, JASA 22, 1927), at 95 %."""
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    share, shrink = successes / trials, 1 + z**2 / trials
    middle = (share + z**2 / (2 * trials)) / shrink
    half = z / shrink * (share * (1 - share) / trials + z**2 / (4 * trials**2)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def bootstrap(hits: Sequence[tuple[int, int]]) -> Interval:
    """Percentile interval of the mean recall over classes, at 95 % (B. Efron, Annals of Statistics 7, 1979).

    `hits` gives (right, texts) for each class. Texts are redrawn within their class, 10,000 times; the number
    right among n redrawn texts is binomial, so it is drawn directly. Fixed seed.
    """
    random = np.random.default_rng(0)
    recalls = [random.binomial(texts, right / texts, RESAMPLES) / texts for right, texts in hits]
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(np.mean(recalls, axis=0), [tail, 1 - tail])
    return float(low), float(high)


def evaluate(model: Any, test: pd.DataFrame) -> Evaluation:
    """The figures of `model` on `test` (columns `text` and `rating`)."""
    ratings, probabilities = test["rating"].to_numpy(), network.probabilities(model, test["text"])
    polar = np.abs(ratings) >= POLAR
    return Evaluation(figures(ratings, probabilities), figures(ratings[polar], probabilities[polar]))


def over_seeds(
    parts: Parts,
    seeds: Sequence[int] = network.SEEDS,
    settings: network.Settings = network.DEFAULT,
    fitted: Callable[[int, Evaluation], None] = lambda *_: None,
) -> dict[int, Evaluation]:
    """Fit a network from each of `seeds` and evaluate it on `parts.test`; `fitted` is told of each."""
    evaluations = {}
    for seed in seeds:
        evaluations[seed] = evaluate(network.fit(parts, seed, settings, verbose=0).model, parts.test)
        fitted(seed, evaluations[seed])
    return evaluations


def medians(evaluations: dict[int, Evaluation]) -> tuple[float, float]:
    """The median accuracy and the median balanced accuracy on polar texts."""
    polar = [evaluation.polar for evaluation in evaluations.values()]
    return median(one.accuracy for one in polar), median(one.balanced_accuracy for one in polar)
