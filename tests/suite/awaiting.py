"""Coroutines and event loops in tasks: run twice, never awaited, left behind, failing later; and ones that work."""

import asyncio
import contextlib
import os
import threading


async def _length(tweet):
    await asyncio.sleep(0)
    return len(tweet)


async def coroutine():
    return 5


def runs_a_loop_of_its_own():
    found = []
    thread = threading.Thread(target=lambda: found.append(asyncio.run(_length("tweet"))))
    thread.start()
    thread.join()
    return found


def fails_in_a_loop():
    def wait():
        asyncio.run(_fail())

    failures = []
    threading.excepthook, before = lambda failure: failures.append(failure.exc_value), threading.excepthook
    thread = threading.Thread(target=wait)
    thread.start()
    thread.join()
    threading.excepthook = before
    raise failures[0]


async def _fail():
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.sleep(30))
        group.create_task(_raise())


async def _raise():
    raise LookupError("no such tweet")


def runs_within_a_loop():
    coroutine = _length("tweet")
    try:
        return asyncio.run(coroutine)  # where: runs_within_a_loop
    finally:
        coroutine.close()


def never_awaited():
    _length("tweet")
    return "done"


def fails_later():
    async def later():
        raise LookupError("nobody awaits me")

    asyncio.get_event_loop().create_task(later())
    return "started"


def timed_out():
    def wait():
        with contextlib.suppress(asyncio.TimeoutError):
            asyncio.run(asyncio.wait_for(asyncio.sleep(30), 0.05))

    thread = threading.Thread(target=wait)
    thread.start()
    thread.join()
    return "timed out"


def engine_leaves_later(view):
    engine = view.client[0]
    engine.apply_sync(_leave_later)
    return engine.apply_sync(int, 3)


def _leave_later():
    asyncio.get_event_loop().call_soon(os._exit, 12)


def calls_later(view):
    engine = view.client[0]
    engine.apply_sync(_call_later)
    return engine.apply_sync(int, 3)


def _call_later():
    asyncio.get_event_loop().call_soon(int, 3)
