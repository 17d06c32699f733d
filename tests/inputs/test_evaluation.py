"""The figures of an evaluation: counted right, with intervals that hold what they promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.inputs import evaluation


def test_figures_of_a_test_that_can_be_counted_by_hand():
    found = evaluation.figures([3, 2, 1, 0.2, -1, -2, 0, -0.3], [0.9, 0.8, 0.2, 0.5, 0.1, 0.7, 0.4, 0.49])
    assert found.confusion == ((3, 1), (1, 3))
    assert (found.texts, found.accuracy, found.balanced_accuracy) == (8, 0.75, 0.75)


def test_balanced_accuracy_is_not_moved_by_guessing_the_larger_class():
    found = evaluation.figures([1] * 90 + [-1] * 10, [0.9] * 100)
    assert (found.accuracy, found.balanced_accuracy) == (0.9, 0.5)


def test_wilsons_interval_has_the_published_values():
    # R.G. Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263 and 0 of 20.
    assert evaluation.wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert evaluation.wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


@given(st.lists(st.tuples(st.floats(-4, 4), st.floats(0, 1)), min_size=1, max_size=60))
def test_every_figure_lies_within_its_interval_and_every_text_is_counted_once(pairs):
    ratings, probabilities = zip(*pairs, strict=True)
    found = evaluation.figures(ratings, probabilities)
    assert sum(map(sum, found.confusion)) == found.texts == len(pairs)
    low, high = found.accuracy_interval
    assert 0 <= low <= found.accuracy <= high <= 1
    low, high = found.balanced_accuracy_interval
    assert 0 <= low <= found.balanced_accuracy <= high <= 1


def test_the_bootstrap_interval_holds_the_true_value_about_as_often_as_it_says():
    random = np.random.default_rng(1)
    truth, held = (0.9 + 0.7) / 2, 0
    for _ in range(300):
        low, high = evaluation.bootstrap([(random.binomial(300, 0.9), 300), (random.binomial(150, 0.7), 150)])
        held += low <= truth <= high
    assert 0.91 <= held / 300 <= 0.99
