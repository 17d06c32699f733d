"""Two threads of one task load a lexicon once, and one sees it half; the twin publishes it when it is whole."""

import threading


class Lexicon:
    def __init__(self):
        self.words = None
        self.ready = False
        self.lock = threading.Lock()

    def load(self):
        if not self.ready:
            with self.lock:
                if not self.ready:
                    self.ready = True
                    self.lock_is_slow()
                    self.words = {"good": 1}
        return self.words["good"]

    def load_whole(self):
        if not self.ready:
            with self.lock:
                if not self.ready:
                    self.lock_is_slow()
                    self.words = {"good": 1}
                    self.ready = True
        return self.words["good"]

    def lock_is_slow(self):
        import time

        time.sleep(0.01)


def ask(whole):
    lexicon, found, failed = Lexicon(), [], []

    def one():
        try:
            found.append(lexicon.load_whole() if whole else lexicon.load())
        except TypeError as error:
            failed.append(error)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(failed)


def broken(view):
    assert view.apply_async(ask, False).get() == 0


def correct(view):
    assert view.apply_async(ask, True).get() == 0
