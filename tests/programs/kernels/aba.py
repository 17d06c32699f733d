"""A task takes the top off a stack that is still what it saw, but was off and on again; the twin counts changes."""

import harness


class Stack:
    """A linked list of tweets that is changed by comparing and swapping its top."""

    def __init__(self, counted):
        self.lock, self.counted = harness.Lock(), counted
        self.top = harness.SharedFile("a 0")
        self.below = {"a": harness.SharedFile("b"), "b": harness.SharedFile("-")}

    def swap(self, seen, new):
        """Make `new` the top if it is the one that was seen."""
        with self.lock:
            if self.top.read_text() != seen:
                return False
            count = int(seen.split()[1]) + 1 if self.counted else 0
            self.top.write_text(f"{new} {count}")
            return True

    def pop(self):
        while True:
            seen = self.top.read_text()
            tweet = seen.split()[0]
            if tweet == "-" or self.swap(seen, self.below[tweet].read_text()):
                return tweet

    def push(self, tweet):
        while True:
            seen = self.top.read_text()
            self.below[tweet].write_text(seen.split()[0])
            if self.swap(seen, tweet):
                return

    def rest(self):
        tweets, tweet = [], self.top.read_text().split()[0]
        while tweet != "-":
            tweets.append(tweet)
            tweet = self.below[tweet].read_text()
        return tweets


def take_one(stack):
    return [stack.pop()]


def take_two_and_return_one(stack):
    taken = [stack.pop(), stack.pop()]
    if "a" in taken:
        taken.remove("a")
        stack.push("a")
    return taken


def both(view, counted):
    stack = Stack(counted)
    one = view.apply_async(take_one, stack)
    taken = view.apply_async(take_two_and_return_one, stack).get() + one.get()
    return sorted(tweet for tweet in taken + stack.rest() if tweet != "-")


def broken(view):
    assert both(view, counted=False) == ["a", "b"]


def correct(view):
    assert both(view, counted=True) == ["a", "b"]
