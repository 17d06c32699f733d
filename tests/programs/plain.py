"""Functions to send to engines by plain ipyparallel, for tests that compare a recorded client with a bare one."""

import os

import ipyparallel as ipp


def join(*parts, sep="-"):
    return sep.join(map(str, parts))


def fail(company):
    raise LookupError(f"no {company}")


def shout(text):
    print(text.upper())
    return len(text)


def table_flags(array):
    return (array.flags.writeable, array.shape, str(array.dtype))


def keys(mapping):
    return list(mapping)


def chosen():
    return "CHOSEN" in os.environ


@ipp.depend(chosen)
@ipp.require("json")
def where_chosen(value):
    return json.dumps([value, "CHOSEN" in os.environ])  # noqa: F821


def second_time_lucky(file):
    with open(file, "a+") as calls:
        calls.write("called\n")
        calls.seek(0)
        number = len(calls.readlines())
    if number < 2:
        raise OSError(f"call {number}")
    return number


class Odd(Exception):
    def __init__(self, one, other):
        super().__init__(f"{one} and {other}")

    def __reduce__(self):
        raise TypeError("not to be pickled")


def fail_oddly():
    raise Odd("this", "that")


def spin(seconds):
    import time

    limit = time.process_time() + seconds
    while time.process_time() < limit:
        pass


def look_for(file):
    import time

    while not os.path.exists(file):
        time.sleep(0.01)
    return "found"
