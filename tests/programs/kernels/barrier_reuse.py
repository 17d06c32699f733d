"""Two tasks meet twice at a barrier made of an event, which is cleared too late; the twin counts its rounds."""

import harness


class Gate:
    """Lets two go on together; whoever waited closes it again."""

    def __init__(self):
        self.lock, self.open, self.here = harness.Lock(), harness.Event(), harness.SharedFile("0")

    def wait(self):
        with self.lock:
            here = (int(self.here.read_text()) + 1) % 2
            self.here.write_text(str(here))
        if here == 0:
            self.open.set()
        else:
            self.open.wait()
            self.open.clear()


def work(barrier, mine, other):
    """Do two rounds; whether the other one had always done as much at the barrier."""
    fine = True
    for done in (1, 2):
        mine.write_text(str(done))
        barrier.wait()
        fine = fine and int(other.read_text()) >= done
    return fine


def both(view, barrier):
    one, other = harness.SharedFile("0"), harness.SharedFile("0")
    return view.map_async(work, [barrier] * 2, [one, other], [other, one]).get()


def broken(view):
    assert both(view, Gate()) == [True, True]


def correct(view):
    assert both(view, harness.Barrier(2)) == [True, True]
