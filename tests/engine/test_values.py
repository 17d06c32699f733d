"""Values as short text: whatever they are, bounded, without running the user's code, secrets masked."""

import collections
import dataclasses
import enum
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.engine.values import LIMIT, MASK, bounded_text, looks_secret, short


class Evil:
    """Everything that a value can be asked raises, and would be noticed."""

    asked: list = []  # noqa: RUF012

    def _ask(self, *_):
        Evil.asked.append(1)
        raise SystemExit("evil")

    __repr__ = __str__ = __len__ = __iter__ = __eq__ = __hash__ = __bool__ = __getattribute__ = _ask
    __class__ = property(_ask)


class EvilDict(dict):
    __repr__ = __iter__ = __len__ = items = keys = Evil._ask


class EvilList(list):
    __repr__ = __iter__ = __len__ = __getitem__ = Evil._ask


class EvilText(str):
    __repr__ = __str__ = __len__ = __getitem__ = encode = Evil._ask


class EvilMeta(type):
    __getattribute__ = __repr__ = __instancecheck__ = Evil._ask


def evil_class():
    class OfEvilMeta(metaclass=EvilMeta):
        pass

    return OfEvilMeta


@dataclasses.dataclass
class Account:
    password: object
    limit: object = None


class Slots:
    __slots__ = ("api_key", "limit", "unset")

    def __init__(self, limit):
        self.limit, self.api_key = limit, "hunter2"


class Colour(enum.Enum):
    RED = 1


Point = collections.namedtuple("Point", "x token")


@dataclasses.dataclass(frozen=True)
class Recipe:
    """A value to be made in the test: hypothesis itself looks at what it draws, and these don't like that."""

    kind: object
    parts: tuple = ()


EVIL = {"huge": lambda: 10**5000, "evil": Evil, "evil class": evil_class, "of evil class": lambda: evil_class()()}
OF_LISTS = {
    "list": list,
    "tuple": tuple,
    "evil list": EvilList,
    "deque": collections.deque,
    "error": lambda parts: ExceptionGroup("group", [ValueError(*parts)]),
    "dict": lambda parts: {f"name {index}": part for index, part in enumerate(parts)},
    "evil dict": lambda parts: EvilDict((index, part) for index, part in enumerate(parts)),
    "account": lambda parts: Account(parts, parts),
    "slots": Slots,
    "point": lambda parts: Point(parts, parts),
    "set": lambda parts: {id(part) for part in parts},
}
LEAVES = st.one_of(
    st.none(),
    st.integers(),
    st.floats(),
    st.text(max_size=1000),
    st.characters(categories=["Cs"]),
    st.binary(max_size=1000),
    st.sampled_from([Colour.RED, print, range(9), bytearray(b"x" * 999), threading.Lock(), True]),
    st.sampled_from([Recipe(kind) for kind in EVIL]),
)
RECIPES = st.recursive(
    LEAVES,
    lambda inner: st.builds(Recipe, st.sampled_from(list(OF_LISTS)), st.lists(inner, max_size=9).map(tuple)),
    max_leaves=20,
)


def made(recipe):
    if type(recipe) is not Recipe:
        return recipe
    return EVIL[recipe.kind]() if recipe.kind in EVIL else OF_LISTS[recipe.kind]([made(part) for part in recipe.parts])


@given(RECIPES)
def test_any_value_becomes_bounded_text_and_none_of_its_code_runs(recipe):
    value = made(recipe)
    Evil.asked.clear()
    text = short(value)
    assert len(text) <= LIMIT
    text.encode()
    assert not Evil.asked


@given(st.sampled_from(["password", "api_key", "authToken", "client_secret", "Authorization"]), RECIPES)
def test_what_is_named_like_a_secret_is_masked_wherever_it_stands(name, recipe):
    assert looks_secret(name)
    hidden, inner = "hunter2-hunter2", made(recipe)
    for value in ({name: hidden}, [{name: hidden}], Account(hidden, inner), Slots(inner), Point(inner, hidden)):
        text = short(value, 10_000)
        assert "hunter2" not in text
        assert MASK in text


def test_a_value_that_holds_itself_ends():
    loop = [1]
    loop.append(loop)
    loop.append({"loop": loop})
    assert short(loop).startswith("[1, [1, [")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ((1,), "(1,)"),
        (set(), "set()"),
        (list(range(10)), "[0, 1, 2, 3, 4, 5, ... 10 in all]"),
        (Account("hunter2", 3), "<Account password=<masked>, limit=3>"),
        (Slots(3), "<Slots api_key=<masked>, limit=3>"),
        (Point(1, 2), "Point(x=1, token=<masked>)"),
        (Colour.RED, "<Colour.RED>"),
        (collections.Counter("aab"), "Counter{'a': 2, 'b': 1}"),
        (ValueError("row", 3), "ValueError('row', 3)"),
    ],
)
def test_values_read_as_a_person_would_write_them(value, text):
    assert short(value) == text


def test_tables_and_arrays_are_shown_by_shape_and_dtype():
    numpy, pandas = pytest.importorskip("numpy"), pytest.importorskip("pandas")
    assert short(numpy.zeros((3, 4))) == "<ndarray 3×4 float64>"
    assert short(pandas.DataFrame({"text": ["a"], "likes": [1]})) == "<DataFrame 1×2: text, likes>"
    series = pandas.Series([Colour.RED, 1, 2, 3], name="odd", dtype=object)
    assert short(series) == "<Series 'odd' 4 object: <Colour.RED>, 1, 2, ...>"


@given(st.text(max_size=300), st.integers(1, 100))
def test_text_is_bounded_and_can_be_written(text, limit):
    shown = bounded_text(text, limit)
    shown.encode()
    assert len(shown) <= limit * 6 + 30
    assert not text.isascii() or len(text) > limit or shown == text
