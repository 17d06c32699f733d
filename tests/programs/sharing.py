"""Tasks that share locks, queues, barriers and events of the harness."""


def add(lock, number, times):
    for _ in range(times):
        with lock:
            number.write_text(str(int(number.read_text()) + 1))


def hand_on(waiting, met, done):
    received = []
    while (tweet := waiting.get(timeout=10)) is not None:
        received.append(tweet)
    met.wait(timeout=10)
    done.set()
    return received
