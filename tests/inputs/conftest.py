"""What tests of the inputs share: the rated texts, fetched once into the clone's cache."""

import pytest

from harness.errors import CannotWork
from harness.inputs import rated


@pytest.fixture(scope="session")
def rated_texts() -> None:
    """The rated texts are in data/cache: fetched through pip if they are not there; skips where pip can't."""
    try:
        rated.tweets()
    except CannotWork as unreachable:
        pytest.skip(f"needs the rated texts: {unreachable}")
