"""Tasks that write much, or before their process ends, for tests; `main(view, how)` runs the one named."""

import os
import sys


def chatter(word):
    print(f"{word} to stdout")
    print(f"{word} to stderr", file=sys.stderr)


def flood(lines):
    for number in range(lines):
        print(f"{number:>99}")


def flood_below_python(megabytes):
    chunk = b"x" * 999_999 + b"\n"
    for _ in range(megabytes):
        os.write(1, chunk)


def last_words(code):
    print("last words")
    os._exit(code)


def main(view, how):
    match how:
        case "chatter":
            return view.map_sync(chatter, ["first", "second", "third", "fourth"])
        case "flood":
            view.apply_sync(chatter, "before")
            view.apply_sync(flood, 300_000)
            return view.apply_sync(chatter, "after")
        case "flood_below_python":
            view.client[0].apply_sync(flood_below_python, 150)
            return view.client[0].apply_sync(chatter, "after")
        case "last_words":
            return view.apply_sync(last_words, 3)
