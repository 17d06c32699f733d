"""What the mathematics of scaling promises, for any numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.triage.scaling import amdahl, efficiency, fit_amdahl, fit_growth, karp_flatt

fractions = st.floats(0, 1)
seconds = st.floats(1e-3, 1e4)
processors = st.integers(2, 512)


@given(fractions, processors)
def test_by_amdahl_no_processor_does_more_than_its_share_and_none_slows_the_others_down(fraction, count):
    speed_up = amdahl(fraction, count)
    assert 0 < efficiency(speed_up, count) <= 1 + 1e-12
    assert amdahl(fraction, count - 1) <= speed_up * (1 + 1e-12)


@given(fractions, st.lists(processors, min_size=1, max_size=8))
def test_the_serial_fraction_that_karp_and_flatt_find_on_amdahls_curve_is_the_same_everywhere(fraction, counts):
    found = [karp_flatt(amdahl(fraction, count), count) for count in counts]
    assert found == pytest.approx([fraction] * len(counts), abs=1e-9)


@given(fractions, seconds, st.lists(st.integers(1, 64), min_size=2, max_size=6, unique=True), st.integers(1, 3))
def test_a_known_serial_fraction_is_found_again_whatever_the_times_are(fraction, alone, counts, repeats):
    counts = counts * repeats
    fit = fit_amdahl(counts, [alone / amdahl(fraction, count) for count in counts])
    assert fit.fraction == pytest.approx(fraction, abs=1e-6)
    assert fit.error is None if len(counts) == 2 else fit.error == pytest.approx(0, abs=1e-6)


@given(st.floats(0.05, 0.9), st.integers(0, 2**32 - 1))
def test_the_error_of_the_serial_fraction_is_that_of_repeated_measurements(fraction, seed):
    """The fit's error is the spread of fits, within what 200 of them can tell."""
    random, counts = np.random.default_rng(seed), [1, 2, 4, 8] * 3
    curve = np.array([1 / amdahl(fraction, count) for count in counts])
    fits = [fit_amdahl(counts, curve * random.normal(1, 0.02, len(counts))) for _ in range(200)]
    spread = np.std([fit.fraction for fit in fits])
    assert np.mean([fit.error for fit in fits]) == pytest.approx(spread, rel=0.35)


@given(st.floats(0.5, 3), st.floats(0, 3), st.floats(1e-3, 10), st.integers(1, 3))
def test_a_known_growth_is_found_again_and_told_from_what_every_task_does_once(exponent, fixed, scale, repeats):
    sizes = [1.0, 2.0, 4.0, 8.0] * repeats
    growth = fit_growth(sizes, [scale * (fixed + size**exponent) for size in sizes])
    assert growth.exponent == pytest.approx(exponent, abs=0.01)
    assert growth.fixed == pytest.approx(scale * fixed, abs=0.03 * scale)
    assert growth.at(16) == pytest.approx(scale * (fixed + 16**exponent), rel=0.05)


def test_a_task_that_does_the_same_for_any_input_is_all_fixed():
    growth = fit_growth([1, 2, 4], [0.5, 0.5, 0.5])
    assert growth.at(100) == pytest.approx(0.5, rel=0.05)


def test_from_one_number_nothing_is_fitted_and_from_two_sizes_the_whole_time_is_taken_to_grow():
    assert fit_amdahl([2, 2], [1.0, 1.1]) is None
    assert fit_growth([1, 1], [1.0, 1.1]) is None
    assert fit_growth([1, 4], [1.0, 16.0]).exponent == pytest.approx(2)
    assert fit_growth([1, 4], [1.0, 16.0]).fixed == 0
