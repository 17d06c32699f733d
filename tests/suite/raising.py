"""Exceptions that are hard to render, to send or to understand; and ordinary ones, handled or not."""

import asyncio
import itertools

TWEET = "Prime day at $AMZN again"
COMPANIES = ["amzn", "googl", "msft", "nflx"]


class NoText(Exception):
    def __str__(self):
        raise RuntimeError("the text is computed, and that failed")


class NoRepr(Exception):
    def __repr__(self):
        raise RuntimeError("the repr is computed, and that failed")

    __str__ = __repr__


class ExitingText(Exception):
    def __str__(self):
        raise SystemExit(4)


class InterruptedText(Exception):
    def __str__(self):
        raise KeyboardInterrupt


class NumberAsText(Exception):
    def __str__(self):
        return 140


class EndlessText(Exception):
    def __str__(self):
        return all(True for _ in itertools.count())  # where: endless_text


class NoReduce(Exception):
    def __reduce__(self):
        raise RuntimeError("this error is not to be pickled")


class RowError(Exception):
    """Rebuilt by pickle from one argument, which is not enough."""

    def __init__(self, company, row):
        super().__init__(f"{company}: row {row}")
        self.row = row


class NoAttributes(Exception):
    def __getattribute__(self, name):
        raise RuntimeError(f"no {name} here")


class Disguised(Exception):
    @property
    def __class__(self):
        return ValueError


class Unhashable(Exception):
    __hash__ = None

    def __eq__(self, other):
        raise RuntimeError("not to be compared")


class OwnBase(BaseException):
    pass


def text_raises():
    raise NoText("row 3")  # where: text_raises


def text_is_made():
    try:
        raise NoText("row 3")
    except NoText as error:
        return type(error).__name__


def repr_raises():
    raise NoRepr("row 3")  # where: repr_raises


def text_exits():
    raise ExitingText("row 3")  # where: text_exits


def text_interrupts():
    raise InterruptedText("row 3")  # where: text_interrupts


def text_is_a_number():
    raise NumberAsText("row 3")  # where: text_is_a_number


def text_never_ends():
    raise EndlessText("row 3")


def long_text_ends():
    try:
        raise ValueError(TWEET * 10_000)
    except ValueError as error:
        return len(str(error))


def reduce_raises():
    raise NoReduce("row 3")  # where: reduce_raises


def two_arguments():
    raise RowError("amzn", 3)  # where: two_arguments


def returned_not_raised():
    return RowError("amzn", 3)


def named_not_raised():
    return f"{type(RowError('amzn', 3)).__name__}: {RowError('amzn', 3)}"


def no_attributes():
    raise NoAttributes("row 3")  # where: no_attributes


def disguised():
    raise Disguised("row 3")  # where: disguised


def unhashable():
    raise Unhashable("row 3")  # where: unhashable


def broken_notes():
    error = ValueError("row 3")
    error.__notes__ = 5
    raise error  # where: broken_notes


def evil_notes():
    error = ValueError("row 3")
    error.__notes__ = [NoText("note"), None, "in amzn"]
    raise error  # where: evil_notes


def with_notes():
    try:
        error = ValueError("row 3")
        error.add_note("in amzn")
        raise error
    except ValueError as caught:
        return caught.__notes__


def causes_in_a_circle():
    first, second = ValueError("row 3"), KeyError("amzn")
    first.__cause__, second.__cause__ = second, first
    raise second  # where: causes_in_a_circle


def causes_without_end():
    error = ValueError("row 0")
    for row in range(1, 3000):
        later = ValueError(f"row {row}")
        later.__cause__ = error
        error = later
    raise error  # where: causes_without_end


def cause_handled():
    try:
        try:
            return {}[COMPANIES[0]]
        except KeyError as missing:
            raise ValueError("no such company") from missing
    except ValueError as error:
        return type(error.__cause__).__name__


def group():
    rows = ExceptionGroup("nflx", [KeyError("text"), TypeError("row 9 is None")])
    raise ExceptionGroup("two companies", [ValueError("amzn: row 3"), rows])  # where: group


def group_of_thousands():
    raise ExceptionGroup("many rows", [ValueError(f"row {row}") for row in range(3000)])  # where: group_of_thousands


def group_in_group():
    error = ValueError("row 3")
    for level in range(400):
        error = ExceptionGroup(f"level {level}", [error])
    raise error  # where: group_in_group


def group_handled():
    try:
        raise ExceptionGroup("two rows", [ValueError("row 3"), TypeError("row 9")])
    except* (ValueError, TypeError):
        pass
    return "handled"


def system_exit():
    raise SystemExit(3)  # where: system_exit


def system_exit_with_text():
    raise SystemExit("no tweets, bye")  # where: system_exit_with_text


def keyboard_interrupt():
    raise KeyboardInterrupt("mine")  # where: keyboard_interrupt


def generator_exit():
    raise GeneratorExit  # where: generator_exit


def own_base():
    raise OwnBase("row 3")  # where: own_base


def exits_handled():
    seen = []
    for error in (SystemExit(3), KeyboardInterrupt(), GeneratorExit(), OwnBase()):
        try:
            raise error
        except BaseException as caught:
            seen.append(type(caught).__name__)
    return seen


def stop_iteration():
    next(iter([]))  # where: stop_iteration


def stop_async_iteration():
    raise StopAsyncIteration(TWEET)  # where: stop_async_iteration


def iterated_to_the_end():
    return next(iter([]), "none left")


def cancelled():
    raise asyncio.CancelledError("not wanted any more")  # where: cancelled


def recursion():
    return recursion()  # where: recursion


def deep_but_ends():
    def depth(level):
        return level if level == 300 else depth(level + 1)

    return depth(0)


def huge_message():
    raise ValueError(TWEET * 400_000)  # where: huge_message


def binary_message():
    raise ValueError("\0 \x1b[31mred\x1b[0m \x07 \udcff\ud800 " + repr(b"\xff\xfe"))  # where: binary_message


def markup_message():
    raise ValueError("<script>alert(1)</script> [red]no[/red] {0} %s \u202e")  # where: markup_message


def huge_locals():
    tweets = [TWEET] * 1_000_000
    text = TWEET * 400_000
    raise ValueError(len(tweets) + len(text))  # where: huge_locals


def evil_locals():
    unshowable = NoRepr("a local")
    impostor = type("Impostor", (), {"__repr__": lambda self: 5 / 0, "__len__": lambda self: -1})()
    raise ValueError(len([unshowable, impostor]))  # where: evil_locals


def local_exits_when_shown():
    class Local:
        def __repr__(self):
            raise SystemExit("from a repr")

    company = Local()
    raise ValueError([company][:0])  # where: local_exits_when_shown


def local_never_shown():
    class Local:
        def __repr__(self):
            while True:
                pass

    company = Local()
    raise ValueError([company][:0])  # where: local_never_shown


def local_cannot_be_typed():
    class Local:
        @property
        def __class__(self):
            raise RuntimeError("no class")

        def __getattr__(self, name):
            raise RuntimeError(f"no {name}")

    company = Local()
    raise ValueError([company][:0])  # where: local_cannot_be_typed


def raised_by_del():
    class Tweet:
        def __del__(self):
            raise RuntimeError("in __del__")

    Tweet()
    return "done"


def from_code_without_file():
    exec(compile("def count(tweets):\n    return len(tweets) / 0\n", "<made up>", "exec"), found := {})
    return found["count"]([TWEET])  # where: from_code_without_file


def from_a_generator():
    def lengths(tweets):
        for tweet in tweets:
            yield len(tweet)  # where: from_a_generator

    return sum(lengths([TWEET, None]))


def assertion():
    tweets = [TWEET, ""]
    assert all(tweets), "an empty tweet"  # where: assertion


def zero_division():
    return len(TWEET) / len([])  # where: zero_division


def import_fails():
    import tweets_that_nobody_installed  # where: import_fails

    return tweets_that_nobody_installed


def type_named_like_ours():
    class DeadlinePassed(Exception):
        pass

    raise DeadlinePassed("of the user's own")  # where: type_named_like_ours


def type_named_like_ipyparallels():
    class TaskAborted(Exception):
        pass

    raise TaskAborted("of the user's own")  # where: type_named_like_ipyparallels


def long_named_type():
    raise type("E" * 100_000, (Exception,), {})("row 3")  # where: long_named_type
