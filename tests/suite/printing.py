"""Output in floods, in pieces, to closed and broken streams; and ordinary printing."""

import contextlib
import io
import os
import sys
import warnings

TWEET = "Prime day at $AMZN again"


class Broken:
    encoding = "utf-8"

    def write(self, text):
        raise OSError("no space left")

    def flush(self):
        raise OSError("no space left")


def flood():
    line = TWEET * 40 + "\n"
    for _ in range(20_000):
        sys.stdout.write(line)
    return "written"


def flood_of_errors():
    for row in range(20_000):
        print(f"row {row}: {TWEET}", file=sys.stderr)
    return "written"


def flood_below_python():
    line = (TWEET * 40 + "\n").encode()
    for _ in range(10_000):
        os.write(1, line)
    return "written"


def prints():
    print(TWEET)
    print(TWEET, file=sys.stderr)
    return "written"


def flood_of_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        for row in range(2_000):
            warnings.warn(f"row {row}: no text", stacklevel=1)
    return "warned"


def one_line_without_end():
    for _ in range(2_000):
        print(TWEET, end="", flush=True)
    return "written"


def progress():
    for percent in range(101):
        print(f"\r{percent} %", end="", flush=True)
    return "done"


def binary():
    os.write(1, bytes(range(256)) * 40)
    print("\x1b[2J\x1b]0;owned\x07 red")
    return "written"


def half_a_character():
    print("half a smile \ud83d")
    return "written"


def stream_closed():
    sys.stdout.close()
    return "closed"


def stream_gone():
    sys.stdout = None
    return "gone"


def streams_gone():
    sys.stdout = sys.stderr = None
    return "gone"


def stream_broken():
    sys.stdout = Broken()
    return "broken"


def stream_redirected():
    with contextlib.redirect_stdout(io.StringIO()) as kept:
        print(TWEET)
    return kept.getvalue()


def stream_swapped_and_kept():
    sys.stdout = io.StringIO()
    print(TWEET)
    return sys.stdout.getvalue()


def descriptors_closed():
    os.close(1)
    os.close(2)
    print(TWEET)
    return "closed"


def descriptor_to_nowhere():
    nowhere = os.open(os.devnull, os.O_WRONLY)
    kept = os.dup(1)
    os.dup2(nowhere, 1)
    print(TWEET)
    os.dup2(kept, 1)
    os.close(nowhere)
    os.close(kept)
    return "back"


def reads_input():
    return input("which company? ")  # where: reads_input


def prints_then_fails():
    print("reading row 3")
    raise ValueError("row 3 has no text")  # where: prints_then_fails
