"""Threads that fail, stay, hold locks or come back later; and threads that are joined."""

import concurrent.futures
import logging
import threading
import time

TWEET = "Prime day at $AMZN again"


def fails_silently():
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    return "done"


def failure_fetched():
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: 1 / 0).result()  # where: failure_fetched


def works():
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return list(pool.map(len, [TWEET] * 20))


def stays():
    threading.Thread(target=time.sleep, args=(600,)).start()
    return threading.active_count()


def daemon_stays():
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    return threading.active_count()


def timer_stays():
    threading.Timer(600, print, ("late",)).start()
    return "later"


def pool_forgotten():
    pool = concurrent.futures.ThreadPoolExecutor(2)
    return pool.submit(len, TWEET).result()


def pool_stays():
    kept.append(concurrent.futures.ThreadPoolExecutor(2))
    return kept[-1].submit(len, TWEET).result()


kept = []


def many_joined():
    threads = [threading.Thread(target=time.sleep, args=(0.01,)) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return threading.active_count() > 0


def prints_for_ever():
    def talk():
        while True:
            print(TWEET)
            time.sleep(0.01)

    threading.Thread(target=talk, daemon=True).start()
    return "talking"


def logging_lock_kept():
    ready = threading.Event()

    def keep():
        logging._acquireLock()
        ready.set()
        time.sleep(600)

    threading.Thread(target=keep, daemon=True).start()
    ready.wait()
    return logging.getLogger("tweets.of.amzn")  # where: logging_lock_kept


def logging_lock_shared():
    def name(row):
        return logging.getLogger("tweets").name

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return set(pool.map(name, range(50)))


def hook_replaced():
    threading.excepthook = lambda failure: None
    return "quiet"


def exits_in_thread():
    thread = threading.Thread(target=exit)
    thread.start()
    thread.join()
    return "done"
