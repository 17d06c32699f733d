"""Exceptions as data: notes, causes, groups with all members, whatever they are made of; bounded, cycles cut."""

import threading

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.engine.frames import MOST_EXCEPTIONS, MOST_FRAMES, MOST_LINKS, all_stacks, as_text, describe_exception
from harness.store import Traceback


class Unprintable(Exception):
    def __str__(self):
        raise SystemExit("no text")

    __repr__ = __str__

    def __reduce__(self):
        raise RuntimeError("not to be pickled")


class Deceptive(ExceptionGroup):
    exceptions = property(lambda self: 1 / 0)
    __cause__ = property(lambda self: 1 / 0)
    __traceback__ = property(lambda self: 1 / 0)
    __notes__ = property(lambda self: 1 / 0)


def fail(error, deep):
    if deep:
        fail(error, deep - 1)
    raise error


def raised(error, deep=0):
    try:
        fail(error, deep)
    except BaseException as caught:
        return caught


def size(record):
    inner = [*record["members"], *([record["cause"]] if record["cause"] else [])]
    return 1 + sum(size(one) for one in inner)


@st.composite
def errors(draw):
    """Exceptions of a graph: any may be the cause or context of any, itself included, and groups hold some."""
    message = st.one_of(st.text(max_size=5000), st.binary(max_size=50), st.just("\ud800"))
    made = [raised(draw(st.sampled_from([ValueError, Unprintable, KeyError]))(draw(message))) for _ in range(4)]
    for _ in range(draw(st.integers(0, 2))):
        kind = draw(st.sampled_from([ExceptionGroup, Deceptive]))
        made.append(raised(kind("several", draw(st.lists(st.sampled_from(made), min_size=1, max_size=9)))))
    for one in made:
        BaseException.__cause__.__set__(one, draw(st.sampled_from([None, *made])))
        BaseException.__context__.__set__(one, draw(st.sampled_from([None, *made])))
        if type(one) is not Deceptive:
            for note in draw(st.lists(st.text(max_size=1000), max_size=3)):
                one.add_note(note)
    return made[-1]


@given(errors())
@settings(max_examples=60)
def test_any_exception_is_described_within_bounds_and_can_be_written_and_read(error):
    described = describe_exception(error)
    assert described["type"] == type(error).__name__
    assert size(described) <= MOST_EXCEPTIONS
    written = msgspec.json.encode(described)
    assert len(written) < 2_000_000
    assert msgspec.json.decode(written, type=Traceback).type == described["type"]
    as_text(described).encode()


def test_every_member_of_a_group_is_there_with_its_own_cause_and_note():
    members = []
    for row in range(30):
        member = raised(ValueError(f"row {row}"))
        member.__cause__ = KeyError(row)
        member.add_note(f"in file {row}")
        members.append(member)
    described = describe_exception(raised(ExceptionGroup("rows", [ExceptionGroup("inner", members[:2]), *members[2:]])))
    inner, *rest = described["members"]
    found = [*inner["members"], *rest]
    assert [(one["message"], one["cause"]["message"], one["notes"]) for one in found][:28] == [
        (f"row {row}", str(row), [f"in file {row}"]) for row in range(28)
    ]
    assert len(found) + described["members_left_out"] + inner["members_left_out"] == 30


def test_a_group_too_large_to_keep_says_how_many_are_left_out():
    described = describe_exception(raised(ExceptionGroup("many", [ValueError(row) for row in range(1000)])))
    assert len(described["members"]) + described["members_left_out"] == 1000
    assert "more members" in as_text(described)


def test_cyclic_causes_end():
    one, other = raised(ValueError("one")), raised(ValueError("other"))
    one.__cause__, other.__cause__ = other, one
    described = describe_exception(one)
    assert described["cause"]["message"] == "other"
    assert described["cause"]["cause"] is None


def test_a_long_chain_and_a_deep_stack_keep_what_is_nearest_to_the_failure():
    error = None
    for number in range(50):
        following = raised(ValueError(number), deep=100)
        following.__cause__, error = error, following
    described = describe_exception(error)
    assert len(described["frames"]) == MOST_FRAMES
    assert described["frames_left_out"] == 102 - MOST_FRAMES
    assert described["frames"][-1]["source"] == "raise error"
    assert size(described) == MOST_LINKS + 1


def test_stacks_mask_bound_and_leave_the_objects_alone():
    class Alive:
        def __repr__(self):
            raise AssertionError("asked")

    over, inside = threading.Event(), threading.Event()

    def stay(password, thing, text):
        inside.set()
        over.wait(30)

    thread = threading.Thread(target=stay, args=("hunter2", Alive(), "x" * 10**6), name="waiting")
    thread.start()
    try:
        assert inside.wait(10)
        [stack] = [stack for stack in all_stacks() if stack["thread"] == "waiting"]
    finally:
        over.set()
        thread.join()
    [frame] = [frame for frame in stack["frames"] if frame["function"] == "stay"]
    assert frame["locals"]["password"] == "<masked>"
    assert frame["locals"]["thing"] == "<Alive>"
    assert len(frame["locals"]["text"]) <= 400


def test_the_main_threads_stack_comes_first():
    assert all_stacks()[0]["main"]
