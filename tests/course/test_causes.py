"""The classes of causes: each says how to tell it from others that exist."""

import pytest

from harness.course.causes import causes


@pytest.mark.parametrize("name", causes())
def test_a_class_is_told_from_one_to_three_others(name):
    cause = causes()[name]
    assert 1 <= len(cause.neighbours) <= 3
    assert name not in cause.neighbours
    assert set(cause.neighbours) <= set(causes())
    assert cause.means.endswith(".")
    assert cause.seen.endswith(".")
