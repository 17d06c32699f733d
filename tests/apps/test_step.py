"""`harness step`: a key is a step, undo is exact, what is blocked says by whom, and what is saved can be replayed."""

import asyncio
from pathlib import Path

import pytest
from textual.widgets import Static

from harness import views
from harness.apps.step import Hand, StepApp, shown
from harness.errors import BadInput
from harness.explore import keeping, opened
from harness.explore.search import replayed
from harness.explore.stepping import Position
from harness.recorder import Target

KERNELS = Path(__file__).parent.parent / "programs" / "kernels"


@pytest.fixture
def session(cluster):
    """Opens a kernel's broken program."""
    with cluster.client() as client:
        contexts = []

        def open_one(kernel: str):
            target = Target(KERNELS / f"{kernel}.py", kernel, function="broken")
            contexts.append(opened(target, client))
            return contexts[-1].__enter__()

        yield open_one
        for context in contexts:
            context.__exit__(None, None, None)


@pytest.fixture
def hand(session, workspace):
    """The learner's hand on a kernel."""

    def of(kernel: str) -> Hand:
        one = session(kernel)
        return Hand(one, lambda schedule: keeping.keep(schedule, one.target, workspace / "runs", {}))

    return of


def told(position: Position) -> tuple:
    """What a learner sees of a position, without the folders' names."""
    return tuple(
        views.plain(part) for part in (shown.steps(position), shown.ahead(position, {}), shown.shared(position))
    )


def test_each_step_can_be_taken_back_exactly(hand):
    one, seen = hand("lost_update"), []
    for key in "1112222211":
        seen.append(told(one.position))
        one.press(key)
    for before in reversed(seen):
        one.press("u")
        assert told(one.position) == before
    with pytest.raises(BadInput, match="no step to take back"):
        one.press("u")


def test_a_lost_update_in_the_learners_hand(hand):
    one = hand("lost_update")
    for key in "111222":
        one.press(key)
    assert "count  '0'" in views.plain(shown.shared(one.position))
    one.press("2")
    assert "count  ''" in views.plain(shown.shared(one.position))
    one.press("2")
    assert "count  '2'" in views.plain(shown.shared(one.position))
    one.press("f")
    assert one.position.ended.outcome == "exception"
    assert "count  '1'" in views.plain(shown.shared(one.position))
    with pytest.raises(BadInput, match="has ended"):
        one.press("1")


def test_a_blocked_one_says_by_whom_and_a_deadlock_says_who_waits_for_whom(hand):
    one = hand("two_locks")
    while one.position.ended is None and not one.position.held:
        one.press("1")
    while all(ahead.step.kind != "lock" for ahead in one.position.ahead if ahead.step.actor == "task 2"):
        one.press("2")
    one.press("2")
    while one.position.ended is None:
        blocked = [ahead for ahead in one.position.ahead if ahead.blocked_by is not None]
        free = next(key for key, actor in one.keys.items() if actor not in [ahead.step.actor for ahead in blocked])
        if blocked:
            assert f"blocked by {blocked[0].blocked_by[0]}" in views.plain(shown.ahead(one.position, one.keys))
            key = next(key for key, actor in one.keys.items() if actor == blocked[0].step.actor)
            with pytest.raises(BadInput, match=r"waits for task . and cannot go"):
                one.press(key)
        one.press(free)
    assert one.position.ended.outcome == "deadlock"
    assert "task 1 waits for" in views.plain(shown.ahead(one.position, one.keys))


def test_what_is_saved_is_a_run_that_can_be_replayed(hand, session, workspace):
    one = hand("lost_update")
    with pytest.raises(BadInput, match="f runs it to its end"):
        one.press("s")
    for key in "1112f":
        one.press(key)
    assert "harness show" in one.press("s")
    one.press("s")
    runs = [path for path in (workspace / "runs").iterdir() if not path.is_symlink()]
    assert len(runs) == 1
    schedule = keeping.saved(keeping.Run(runs[0]))
    assert schedule.choices == list(one.position.grants)
    assert replayed(one._session, schedule).outcome == schedule.outcome


def test_the_screen_takes_a_key_a_step_and_has_room_in_80_by_24(hand):
    async def typed() -> None:
        app = StepApp(hand("lost_update"), "lost_update.py")

        def text(part: str) -> str:
            return views.plain(app.query_one(part, Static).content)

        async with app.run_test(size=(80, 24)) as pilot:
            assert "1  task 1 (engine 0)  begins" in text("#ahead")
            await pilot.press("1", "1", "1", "2", "9")
            assert "no key '9'" in text("#said")
            assert "2  task 2 (engine 1)  opens count to read" in text("#ahead")
            await pilot.press("u", "2", "f")
            assert text("#ahead").startswith("EXCEPTION")
            assert "count  '1'" in text("#shared")
            for part in ("#ahead", "#shared", "#said", "Footer"):
                region = app.query_one(part).region
                assert region.height > 0
                assert region.bottom <= 24

    asyncio.run(typed())
