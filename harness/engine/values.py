"""Values as short text: bounded, never raising, running no code of the user's, secrets masked."""

import array
import collections
import enum
import functools
import itertools
import re
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .libraries import is_library

MASK = "<masked>"
LIMIT = 400
"""Characters of a value, at most."""
_SECRET = {"password", "passwd", "passphrase", "token", "key", "apikey", "secret", "authorization", "credentials"}
_DEPTH = 4
_ITEMS = 6
_TEXT = 200
_TABLES = ("numpy", "pandas", "tensorflow", "keras", "torch", "jax", "jaxlib", "scipy", "polars")


def looks_secret(name: object) -> bool:
    """Whether a variable or a key of this name is masked: one of its words is password, token, key and the like."""
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", str(name)) if type(name) is str else []
    return any(word.lower() in _SECRET for word in words)


def short(value: object, limit: int = LIMIT) -> str:
    """The value as at most `limit` characters: containers by their first items, tables and tensors by shape and dtype.

    Objects of the user's are shown by their attributes, not by their own `__repr__`, which may do anything.
    """
    text = _shown(value, _DEPTH).encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= limit else f"{text[: limit - 3]}..."


def message_of(error: BaseException, limit: int = 2000) -> str:
    """str(error), bounded; what its own str raises is named instead."""
    return bounded_text(error, limit)


def bounded_text(value: object, limit: int) -> str:
    """str(value), of at most about `limit` characters; what its own str raises is named instead."""
    try:
        text = str(value)
        text = text if type(text) is str else str.__str__(text)
    except BaseException as problem:
        text = f"<its str raised {type_name(type(problem))}>"
    whole = len(text)
    text = text[:limit].encode("utf-8", "backslashreplace").decode()
    return text if whole <= limit else f"{text}... ({whole} characters)"


def json_bytes(text: str) -> bytes:
    """JSON text as UTF-8; a lone surrogate, which UTF-8 cannot hold, becomes the six characters of its escape."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return re.sub("[\ud800-\udfff]", lambda found: f"\\\\u{ord(found[0]):04x}", text).encode()


def _shown(value: object, depth: int) -> str:
    kind = type(value)
    try:
        return _WALKED[_repr_of(kind)](value, depth)
    except KeyError:
        pass
    except Exception as problem:
        return f"<{type_name(kind)}; its repr raised {type_name(type(problem))}>"
    try:
        if _of_library(kind, _TABLES) and (known := _table(value, depth)):
            return known
        if _repr_is_trusted(kind):
            return _cut(repr(value))
        return _object(value, depth)
    except Exception as problem:
        return f"<{type_name(kind)}; its repr raised {type_name(type(problem))}>"


def _mro(kind: type) -> tuple[type, ...]:
    return type.__dict__["__mro__"].__get__(kind)


def _repr_of(kind: type) -> Any:
    return next(vars_of["__repr__"] for one in _mro(kind) if "__repr__" in (vars_of := _class_dict(one)))


def _class_dict(kind: type) -> Any:
    return type.__dict__["__dict__"].__get__(kind)


def type_name(kind: type) -> str:
    return str(type.__dict__["__name__"].__get__(kind))[:100]


def type_module(kind: type) -> str:
    try:
        module = type.__dict__["__module__"].__get__(kind)
    except AttributeError:
        return ""
    return module if type(module) is str else ""


def _of_library(kind: type, names: Iterable[str]) -> bool:
    return any(type_module(one).partition(".")[0] in names for one in _mro(kind))


def _repr_is_trusted(kind: type) -> bool:
    """Whether repr() of such a value runs no code of the user's: written in C, or by an installed library."""
    if "__dataclass_fields__" in _class_dict(kind):
        return False
    if not isinstance(_repr_of(kind), types.FunctionType):
        return True
    origin = getattr(sys.modules.get(type_module(kind)), "__file__", None)
    return type(origin) is str and is_library(origin)


def _cut(text: str, limit: int = _TEXT) -> str:
    return text if len(text) <= limit else f"{text[: limit - 60]}...{text[-50:]}"


def _text(value: Any, depth: int) -> str:
    kind = str if issubclass(type(value), str) else bytes
    size = kind.__len__(value)
    if size <= _TEXT:
        return kind.__repr__(value)
    first, last = kind.__getitem__(value, slice(_TEXT - 60)), kind.__getitem__(value, slice(size - 50, size))
    return f"{kind.__repr__(first)}...{kind.__repr__(last)}"


def _number(value: Any, depth: int) -> str:
    bits = int.bit_length(value)
    return int.__repr__(value) if bits < 600 else f"<int of {bits} bits>"


def _items(value: Iterable[Any], size: int, depth: int) -> str:
    shown = [_shown(one, depth - 1) for one in itertools.islice(value, _ITEMS)]
    return ", ".join(shown + ([f"... {size} in all"] if size > _ITEMS else []))


def _sequence(base: Any, opening: str, closing: str) -> Callable[[Any, int], str]:
    def walk(value: Any, depth: int) -> str:
        kind, size = type(value), base.__len__(value)
        before = "" if kind is base and base in (list, tuple, set) else type_name(kind)
        if not size and base is set:
            return f"{type_name(kind)}()"
        if size and depth <= 0:
            return f"{before}{opening}...{closing}"
        comma = "," if base is tuple and size == 1 else ""
        return f"{before}{opening}{_items(base.__iter__(value), size, depth)}{comma}{closing}"

    return walk


def _mapping(base: Any) -> Callable[[Any, int], str]:
    def walk(value: Any, depth: int) -> str:
        size = base.__len__(value)
        before = "" if type(value) is dict else type_name(type(value))
        if size and depth <= 0:
            return before + "{...}"
        pairs = itertools.islice(base.items(value), _ITEMS)
        shown = [f"{_shown(key, depth - 1)}: {_value(key, one, depth - 1)}" for key, one in pairs]
        return before + "{" + ", ".join(shown + ([f"... {size} in all"] if size > _ITEMS else [])) + "}"

    return walk


def _value(name: object, value: object, depth: int) -> str:
    return MASK if looks_secret(name) else _shown(value, depth)


def _error(value: Any, depth: int) -> str:
    arguments = BaseException.__dict__["args"].__get__(value)
    return f"{type_name(type(value))}({_items(arguments, len(arguments), depth) if depth > 0 else '...'})"


def _buffer(value: Any, depth: int) -> str:
    view = memoryview(value)
    return f"<{type_name(type(value))} of {view.nbytes} bytes: {_cut(repr(bytes(view.cast('B')[:40])))}>"


def _only_named(value: Any, depth: int) -> str:
    return f"<{type_name(type(value))}>"


def _table(value: Any, depth: int) -> str:
    """A table, series, tensor or array, without its content."""
    kind, shape = type_name(type(value)), getattr(value, "shape", None)
    if shape is None or not tuple(shape):
        return ""
    size = "×".join(str(one) for one in tuple(shape))
    if kind == "DataFrame":
        names = ", ".join(_shown(name, 1).strip("'") for name in itertools.islice(value.columns, _ITEMS))
        return f"<DataFrame {size}: {names}{', ...' if value.shape[1] > _ITEMS else ''}>"
    if kind == "Series" and _of_library(type(value), ("pandas",)):
        first = ", ".join(_shown(one, depth - 1) for one in value.iloc[:3]) if depth > 0 else "..."
        return f"<Series {_shown(value.name, 1)} {size} {value.dtype}: {first}{', ...' if len(value) > 3 else ''}>"
    dtype = getattr(value, "dtype", "")
    return f"<{kind} {size} {getattr(dtype, 'name', dtype)}>"


def _object(value: Any, depth: int) -> str:
    kind = type(value)
    if issubclass(kind, tuple) and (names := _class_dict(kind).get("_fields")):
        pairs = zip(names, tuple.__iter__(value), strict=False)
        return f"{type_name(kind)}({', '.join(f'{name!s}={_value(name, one, depth - 1)}' for name, one in pairs)})"
    for base, walk in _BASES.items():
        if issubclass(kind, base):
            return f"<{type_name(kind)} {walk(value, depth).removeprefix(type_name(kind))}>"
    if issubclass(kind, enum.Enum):
        return f"<{type_name(kind)}.{dict(_attributes(value)).get('_name_')}>"
    attributes = itertools.islice(_attributes(value), _ITEMS + 1) if depth > 0 else iter(())
    shown = [f"{name}={_value(name, one, depth - 1)}" for name, one in attributes if not name.startswith("__")]
    if len(shown) > _ITEMS:
        shown[_ITEMS:] = ["..."]
    return f"<{type_name(kind)}{' ' if shown else ''}{', '.join(shown)}>"


def _attributes(value: object) -> Iterator[tuple[str, Any]]:
    """Name and value of an instance's own attributes, slots included, without asking its class's code."""
    for one in _mro(type(value)):
        for name, slot in list(_class_dict(one).items()):
            if name == "__dict__" and isinstance(slot, (types.GetSetDescriptorType, types.MemberDescriptorType)):
                yield from [pair for pair in list(slot.__get__(value).items())[: _ITEMS + 1] if type(pair[0]) is str]
            elif isinstance(slot, types.MemberDescriptorType):
                try:
                    yield name, slot.__get__(value)
                except AttributeError:
                    continue


_WALKED: dict[Any, Callable[[Any, int], str]] = {
    str.__repr__: _text,
    bytes.__repr__: _text,
    int.__repr__: _number,
    list.__repr__: _sequence(list, "[", "]"),
    tuple.__repr__: _sequence(tuple, "(", ")"),
    set.__repr__: _sequence(set, "{", "}"),
    frozenset.__repr__: _sequence(frozenset, "({", "})"),
    collections.deque.__repr__: _sequence(collections.deque, "([", "])"),
    dict.__repr__: _mapping(dict),
    collections.OrderedDict.__repr__: _mapping(dict),
    collections.defaultdict.__repr__: _mapping(dict),
    collections.Counter.__repr__: _mapping(dict),
    BaseException.__repr__: _error,
    bytearray.__repr__: _buffer,
    array.array.__repr__: _buffer,
    object.__repr__: _object,
    types.SimpleNamespace.__repr__: _object,
    types.MappingProxyType.__repr__: _only_named,
    functools.partial.__repr__: _only_named,
    type({}.keys()).__repr__: _only_named,
    type({}.values()).__repr__: _only_named,
    type({}.items()).__repr__: _only_named,
}
"""How a value is walked, by the `__repr__` that its class has; subclasses without one of their own inherit it."""
_BASES = {base: _WALKED[base.__repr__] for base in (dict, list, tuple, set, frozenset, str, bytes, int)}
