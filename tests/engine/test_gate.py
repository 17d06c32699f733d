"""The gate stops user code once, and knows whether that code is still busy with being stopped or has swallowed it."""

import asyncio
import contextlib
import signal
import threading

import pytest

from harness.engine.gate import NUMBER, DeadlinePassed, Gate


def passes(stop, look):
    with contextlib.suppress(BaseException):
        stop()
    look()


def keeps_it(stop, look):
    kept = []
    try:
        stop()
    except BaseException as error:
        kept.append(error)
    look()


def returns_in_finally(stop, look):
    def inner():
        try:
            stop()
        finally:
            return  # noqa: B012, that is the mistake

    inner()
    look()


def fails_later_of_something_else(stop, look):
    passes(stop, lambda: None)
    try:
        {}["netflix"]
    except KeyError:
        look()


def cleans_up_in_except(stop, look):
    with contextlib.suppress(DeadlinePassed):
        try:
            stop()
        except DeadlinePassed:
            look()
            raise


def cleans_up_in_finally(stop, look):
    with contextlib.suppress(DeadlinePassed):
        try:
            stop()
        finally:
            look()


def cleans_up_at_the_end_of_with(stop, look):
    @contextlib.contextmanager
    def resource():
        try:
            yield
        finally:
            look()

    with contextlib.suppress(DeadlinePassed), resource():
        stop()


def fails_while_cleaning_up(stop, look):
    try:
        stop()
    except DeadlinePassed:
        try:
            raise OSError("the disk is full") from None
        except OSError:
            look()


def has_failed_while_cleaning_up(stop, look):
    try:
        stop()
    except DeadlinePassed:
        with contextlib.suppress(OSError):
            raise OSError("the disk is full") from None
        look()


def handles_a_group(stop, look):
    try:
        try:
            stop()
        except DeadlinePassed as error:
            raise BaseExceptionGroup("of two", [error, ValueError("row 3")]) from None
    except* ValueError:
        look()
    except* DeadlinePassed:
        pass


def closes_an_event_loop(stop, look):
    async def waits():
        try:
            asyncio.get_running_loop().call_soon(stop)
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            look()

    with contextlib.suppress(DeadlinePassed):
        asyncio.run(waits())


def told_of(program):
    """What the gate tells another thread while the program is where it looks."""
    gate, told = Gate(), []

    def stop():
        gate.open()
        signal.raise_signal(NUMBER)
        threading.Event().wait(10)
        raise AssertionError("it was not stopped")

    def look():
        thread = threading.Thread(target=lambda: told.append(gate.swallowed()))
        thread.start()
        thread.join(10)

    try:
        program(stop, look)
        gate.shut()
        look()
    finally:
        gate.close()
    [during, afterwards] = told
    assert afterwards is False
    return during


@pytest.mark.parametrize("program", [passes, keeps_it, returns_in_finally, fails_later_of_something_else])
def test_code_that_goes_on_as_if_nothing_had_come_has_swallowed_it(program):
    assert told_of(program) is True


@pytest.mark.parametrize(
    "program",
    [
        cleans_up_in_except,
        cleans_up_in_finally,
        cleans_up_at_the_end_of_with,
        fails_while_cleaning_up,
        has_failed_while_cleaning_up,
        handles_a_group,
        closes_an_event_loop,
    ],
)
def test_code_that_cleans_up_has_not_swallowed_it(program):
    assert told_of(program) is False


def test_code_that_was_not_stopped_has_swallowed_nothing():
    assert told_of(lambda stop, look: look()) is False
