"""Programs that end well and right, and cost more than they were allowed to; and such as keep within it."""

import tempfile
import time
from pathlib import Path

TEXTS = ["great", "series", "down", "buying"] * 8
LEXICON = {f"word{number}": number for number in range(2000)}


def spin(seconds):
    limit = time.process_time() + seconds
    while time.process_time() < limit:
        pass
    return True


def letters(texts):
    return [len(text) for text in texts]


def known(texts, lexicon):
    return [text in lexicon for text in texts]


def looked_up(text, file):
    return text in Path(file).read_text()


def a_task_a_text(view):
    return [view.apply_async(letters, [text]).get()[0] for text in TEXTS]


def a_task_a_pile(view):
    piles = [view.apply_async(letters, TEXTS[start : start + 8]) for start in range(0, len(TEXTS), 8)]
    return [count for pile in piles for count in pile.get()]


def all_letters():
    return letters(TEXTS)


def lexicon_with_each(view):
    tasks = [view.apply_async(known, TEXTS[start : start + 2], LEXICON) for start in range(0, len(TEXTS), 2)]
    return [answer for task in tasks for answer in task.get()]


def lexicon_once(view):
    return view.apply_async(known, TEXTS, LEXICON).get()


def in_turn(view):
    return [view.apply_async(spin, 0.05).get() for _ in range(6)]


def side_by_side(view):
    return [task.get() for task in [view.apply_async(spin, 0.05) for _ in range(6)]]


def one_long(view):
    return [task.get() for task in [view.apply_async(spin, seconds) for seconds in (0.6, 0.02, 0.02, 0.02)]]


def all_alike(view):
    return [task.get() for task in [view.apply_async(spin, 0.05) for _ in range(8)]]


def read_again(view):
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("great series")
        file.flush()
        return [task.get() for task in [view.apply_async(looked_up, text, file.name) for text in TEXTS]]
