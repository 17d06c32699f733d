"""A search over inputs as well as orders of steps: Hypothesis draws and shrinks what main is given."""

import copy
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, find, settings
from hypothesis.errors import NoSuchExample
from hypothesis.strategies import SearchStrategy

from harness.explore.search import BOUND, SCHEDULES_OF_EACH, SECONDS, Report, first_failure, search
from harness.explore.session import Session

EXAMPLES = 30


@dataclass(frozen=True)
class Found:
    """What a search over inputs covered. value: the smallest input found that fails, None if none did, see `report`.

    report: of the search with that input, shrunk; None if no input failed. inputs: how many were tried in all.
    """

    value: Any
    report: Report | None
    inputs: int


def search_inputs(
    session: Session,
    strategy: SearchStrategy[Any],
    *,
    reference: Callable[[Any], Any] | None = None,
    bound: int = BOUND,
    examples: int = EXAMPLES,
    schedules: int = SCHEDULES_OF_EACH,
    seconds: float = SECONDS,
    seed: int = 0,
) -> Found:
    """Search `examples` inputs from the strategy, `schedules` orders of each; main gets the input behind its view.

    reference: of an input, what main should return. The first input that fails is shrunk by Hypothesis as long as some
    order fails with it, then the order is shrunk. After `seconds` no more inputs are tried.
    """
    begin, tried = time.monotonic(), 0

    def give(value: Any) -> None:
        session.give(lambda: (copy.deepcopy(value),), None if reference is None else lambda: reference(value))

    def fails(value: Any) -> bool:
        nonlocal tried
        if repr(value) in failed or time.monotonic() - begin > seconds:
            return repr(value) in failed
        tried += 1
        give(value)
        if first_failure(session, bound=bound, schedules=schedules, seed=seed) is None:
            return False
        failed[repr(value)] = value
        return True

    failed: dict[str, Any] = {}
    chosen = settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False
    )
    try:
        smallest = find(strategy, fails, settings=chosen, random=random.Random(seed))
    except NoSuchExample:
        return Found(None, None, tried)
    give(smallest)
    return Found(smallest, search(session, bound=bound, seconds=seconds, seed=seed), tried)
