"""What tasks share by `harness.Lock` and its kin works between engines, in a search or not, and as Python's own."""

import inspect
import pickle
import queue
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import ipyparallel
import pytest

import harness
from harness.recorder import sending
from tests.programs.sharing import add, hand_on


def test_a_lock_keeps_engines_from_each_other(importing: ipyparallel.Client):
    lock, number = harness.Lock(), harness.SharedFile("0")
    importing.load_balanced_view().map_sync(add, [lock] * 2, [number] * 2, [200] * 2)
    assert number.read_text() == "400"
    assert not lock.locked()


def test_queues_barriers_and_events_pass_from_engine_to_engine(importing: ipyparallel.Client):
    waiting, met, done = harness.Queue(), harness.Barrier(3), harness.Event()
    answers = importing.load_balanced_view().map_async(hand_on, [waiting] * 2, [met] * 2, [done] * 2)
    for tweet in [*range(10), None, None]:
        waiting.put(tweet)
    assert not done.is_set()
    assert met.wait(timeout=10) in range(3)
    assert done.wait(timeout=10)
    received = answers.get(timeout=10)
    assert sorted(received[0] + received[1]) == list(range(10))
    assert [list(each) == sorted(each) for each in received] == [True, True]
    assert waiting.empty()


def test_a_wait_with_a_time_limit_ends_as_pythons_own():
    lock, waiting, done, met = harness.Lock(), harness.Queue(1), harness.Event(), harness.Barrier(2)
    with lock:
        assert lock.acquire(blocking=False) is False
        assert lock.acquire(timeout=0.01) is False
    with pytest.raises(RuntimeError, match="release unlocked lock"):
        lock.release()
    with pytest.raises(queue.Empty):
        waiting.get(timeout=0.01)
    waiting.put("one")
    with pytest.raises(queue.Full):
        waiting.put("two", block=False)
    assert done.wait(0.01) is False
    with pytest.raises(threading.BrokenBarrierError):
        met.wait(timeout=0.01)
    assert met.broken


def test_a_barrier_lets_everybody_on_each_time():
    met, passed = harness.Barrier(3), []

    def meet():
        numbers = [met.wait(10) for _ in range(20)]
        passed.append(len(numbers))
        return numbers

    with ThreadPoolExecutor(3) as pool:
        found = [each.result() for each in [pool.submit(meet) for _ in range(3)]]
    assert [sorted(numbers) for numbers in zip(*found, strict=True)] == [[0, 1, 2]] * 20


def test_an_engine_without_the_harness_can_share_once_it_was_sent_the_engine_room(tmp_path):
    lock, source = harness.Lock(), inspect.getsource(sending._on_engine).partition("\n")[2]
    program = tmp_path / "stranger.py"
    program.write_text(
        f"{source}\n"
        "import pickle, sys\n"
        "room, lock = pickle.load(sys.stdin.buffer)\n"
        "_on_engine('0', room, 'digest.ready', None)\n"
        "lock = pickle.loads(lock)\n"
        "print(type(lock).acquire.__globals__['__name__'], lock.acquire(blocking=False))\n"
    )
    sent = pickle.dumps((sending._sources(), pickle.dumps(lock)))

    def told() -> list[str]:
        # -I and -S: neither this folder nor any installed package can be imported
        ran = subprocess.run([sys.executable, "-I", "-S", program], input=sent, capture_output=True, timeout=30)
        return ran.stdout.decode().split() or [ran.stderr.decode()]

    assert told() == ["harness_engine_0.sharing", "True"]
    with lock:
        assert told() == ["harness_engine_0.sharing", "False"]
