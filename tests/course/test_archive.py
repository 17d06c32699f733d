"""The stand-in for an archive: what it keeps, and what it says of it."""

import itertools

import pytest

from harness.course.archive import LOST, STORED, Archive, fate


def rows_that_are(wanted):
    """A batch with this fate."""
    return next(rows for number in itertools.count() if fate(rows := [["amzn", f"tweet {number}"]]) == wanted)


def test_rows_under_a_key_take_the_place_of_earlier_ones(tmp_path):
    archive, plain = Archive(tmp_path), rows_that_are(2)
    archive.append(plain, key="first")
    archive.append(plain, key="first")
    archive.append(plain, key="second")
    archive.append(plain)
    assert archive.rows() == plain * 3


@pytest.mark.parametrize(("happens", "kept"), [(STORED, 1), (LOST, 0)])
def test_what_was_not_confirmed_may_be_stored_or_not(tmp_path, happens, kept):
    archive, rows = Archive(tmp_path), rows_that_are(happens)
    with pytest.raises(TimeoutError):
        archive.append(rows)
    assert archive.rows() == rows * kept
    archive.append(rows)
    assert archive.rows() == rows * (kept + 1)
