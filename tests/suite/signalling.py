"""Signals sent, caught, ignored, blocked and left behind."""

import os
import signal
import time


class TooLong(Exception):
    pass


def _too_long(number, frame):
    raise TooLong("no answer within the limit")  # where: too_long


def ignores_termination():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return "ignored"


def ignores_for_a_while():
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, before)
    return "back"


def alarm_raises():
    before = signal.signal(signal.SIGALRM, _too_long)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        time.sleep(60)
    finally:
        signal.signal(signal.SIGALRM, before)


def alarm_in_time():
    before = signal.signal(signal.SIGALRM, _too_long)
    try:
        signal.setitimer(signal.ITIMER_REAL, 30)
        return sum(range(1000))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def handler_left():
    signal.signal(signal.SIGALRM, _too_long)
    return "left"


def alarm_left(view):
    engine = view.client[0]
    engine.apply_sync(_leave_alarm)
    return engine.apply_sync(time.sleep, 0.5)


def _leave_alarm():
    signal.signal(signal.SIGALRM, _too_long)
    signal.setitimer(signal.ITIMER_REAL, 0.2)


def interrupts_itself():
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(10)


def asks_for_its_stack():
    os.kill(os.getpid(), signal.SIGUSR1)
    time.sleep(0.05)
    return "alive"


def harness_signal_sent():
    os.kill(os.getpid(), signal.SIGRTMIN + 5)
    time.sleep(0.05)
    return "alive"


def harness_signal_ignored():
    signal.signal(signal.SIGRTMIN + 5, signal.SIG_IGN)
    time.sleep(10**6)  # where: harness_signal_ignored


def harness_signal_taken():
    signal.signal(signal.SIGRTMIN + 5, lambda number, frame: None)
    time.sleep(10**6)  # where: harness_signal_taken


def signals_left_blocked():
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGUSR1])
    return "blocked"


def signals_blocked_for_a_while():
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return "open"


def storm():
    seen = []
    before = signal.signal(signal.SIGUSR2, lambda number, frame: seen.append(number))
    for _ in range(500):
        os.kill(os.getpid(), signal.SIGUSR2)
    signal.signal(signal.SIGUSR2, before)
    return len(seen) > 0


def children_ignored():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    return "ignored"
