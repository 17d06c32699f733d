"""Orders that differ in nothing are tried once, and still every end that any order within the bound has is reached."""

import random
from typing import Any

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from harness.explore.search import _bounded, _Progress, follow, priorities
from tests.explore.simulated import Program, SimulatedSession, exhaustive

THINGS = st.sampled_from(["x", "y", "x/z"])
OPERATIONS = st.tuples(
    st.sampled_from(["read", "write", "read", "write", "sleep", "replace", "try", "set", "wait"]), THINGS
)


@st.composite
def operations(draw: Any, threads: bool = True, most: int = 3) -> tuple:
    """A few operations, some of them with a lock held, perhaps two threads that have some as well."""
    made: list = draw(st.lists(OPERATIONS, max_size=most))
    if draw(st.booleans()):
        lock, kind = draw(st.sampled_from("mn")), draw(st.sampled_from(["lock", "lock", "shared lock"]))
        begin = draw(st.integers(0, len(made)))
        made = [*made[:begin], (kind, lock), *made[begin:], ("unlock", lock)]
        if draw(st.booleans()):
            other = "n" if lock == "m" else "m"
            made.insert(begin + 1, ("lock", other))
            made.append(("unlock", other))
    if threads and draw(st.integers(0, 3)) == 0:
        made.insert(draw(st.integers(0, len(made))), ("thread", draw(operations(threads=False, most=2))))
    return tuple(made)


PROGRAMS = st.builds(
    Program,
    tasks=st.lists(operations(), min_size=2, max_size=3).map(tuple),
    engines=st.integers(2, 3),
    early=st.booleans(),
)


def reduced(session: SimulatedSession, bound: int) -> set[tuple[str, str]]:
    progress = _Progress()
    found = {(one.outcome, one.reason) for one in _bounded(session, bound, progress, lambda: False)}
    assert progress.bound == bound
    return found


BOTH = (("lock", "m"), ("lock", "n"), ("unlock", "m"), ("unlock", "n"))
HELD_UP = Program((
    (("lock", "m"), ("unlock", "m")),
    (("read", "x"), ("try", "x"), *BOTH),
    (("thread", (("read", "x"), *BOTH)), ("lock", "n"), ("unlock", "n")),
))  # fmt: skip
"""To interrupt the holder of a lock lets a third one go before who waits for it."""


@settings(max_examples=25)
@example(HELD_UP, 1)
@given(PROGRAMS, st.integers(0, 2))
def test_whatever_end_any_order_has_is_reached(program: Program, bound: int):
    everything = exhaustive(SimulatedSession(program), bound, most=600)
    assume(everything is not None)
    assert reduced(SimulatedSession(program), bound) == everything


def test_tasks_that_share_nothing_are_tried_in_one_order():
    session = SimulatedSession(Program(((("write", "x"), ("read", "x")), (("write", "y"), ("read", "y")))))
    assert len(reduced(session, 2)) == 1
    assert session.executed == 1


@settings(max_examples=15)
@given(PROGRAMS, st.lists(st.integers(0, 3), max_size=12))
def test_steps_taken_without_asking_are_those_that_would_have_been_granted(program: Program, numbers: list[int]):
    session = SimulatedSession(program)
    drawn = iter(numbers)
    first = session.execute(lambda enabled, last, step: enabled[next(drawn, 0) % len(enabled)])
    chosen = follow(first.choices)
    assert session.execute(chosen) == session.execute(lambda *asked: chosen(*asked)) == first


@settings(max_examples=15)
@given(PROGRAMS, st.integers(0, 99), st.integers(1, 4))
def test_steps_taken_without_asking_fit_the_priorities(program: Program, seed: int, depth: int):
    session = SimulatedSession(program)
    asked, asking = (priorities(random.Random(seed), 12, depth) for _ in range(2))
    assert session.execute(asked) == session.execute(lambda *enabled: asking(*enabled))


def test_who_goes_on_in_any_case_is_not_asked():
    session = SimulatedSession(Program(tasks=((("write", "x"),) * 3,) * 2))
    for chosen in (follow([]), priorities(random.Random(0), 8, 1)):
        assert len(session.execute(chosen).steps) == 8
        assert session.answered == 2
