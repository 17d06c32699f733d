"""The tables of the exercise: made tweets, different with the seed; the symptom shows with any of them."""

from harness.course.tables import small


def tables(seed):
    """Company -> table of made tweets."""
    return small(seed)
