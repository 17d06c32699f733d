"""What a task makes of Python's own functions does not reach the threads that serve the engine."""

import asyncio
import builtins
import json.decoder

import pytest

from harness.engine.threads import Shield


@pytest.fixture
def shield():
    shield = Shield()
    shield.up()
    yield shield
    shield.down()


def test_a_loop_goes_on_while_another_len_is_in_place(shield):
    async def beats():
        for _ in range(5):
            await asyncio.sleep(0.001)
        return "done"

    true, builtins.len = len, lambda value: 42
    try:
        assert asyncio.run(beats()) == "done"
    finally:
        builtins.len = true


def test_modules_are_afterwards_as_they_were():
    before = dict(vars(json.decoder)), dict(vars(asyncio.base_events))
    shield = Shield()
    shield.up()
    assert "len" in vars(asyncio.base_events)
    shield.down()
    assert (dict(vars(json.decoder)), dict(vars(asyncio.base_events))) == before
