"""Values as short text: bounded, never raising, tables and tensors as shape and dtype, secrets masked."""

import itertools
import re
import reprlib
from typing import Any

MASK = "<masked>"
_SECRET = {"password", "passwd", "passphrase", "token", "key", "apikey", "secret", "authorization", "credentials"}
_LIMIT = 400


def looks_secret(name: object) -> bool:
    """Whether a variable or a key of this name is masked: one of its words is password, token, key and the like."""
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", str(name)) if isinstance(name, str) else []
    return any(word.lower() in _SECRET for word in words)


def _shape(shape: tuple[Any, ...]) -> str:
    return "×".join(str(size) for size in shape) if shape else "scalar"


class _Short(reprlib.Repr):
    """reprlib with the types of data analysis; reprlib finds a method by the name of the value's type."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = 200
        self.maxlist = self.maxtuple = self.maxset = self.maxfrozenset = self.maxdeque = self.maxdict = 6
        self.maxlevel = 4

    def repr_dict(self, x: dict, level: int) -> str:
        if level <= 0:
            return "{...}" if x else "{}"
        parts = []
        for key, value in itertools.islice(x.items(), self.maxdict):
            shown = MASK if looks_secret(key) else self.repr1(value, level - 1)
            parts.append(f"{self.repr1(key, level - 1)}: {shown}")
        return "{" + ", ".join(parts + (["..."] if len(x) > self.maxdict else [])) + "}"

    def repr_DataFrame(self, x: Any, level: int) -> str:
        names = ", ".join(str(name) for name in itertools.islice(x.columns, 6))
        return f"<DataFrame {_shape(x.shape)}: {names}{', ...' if x.shape[1] > 6 else ''}>"

    def repr_Series(self, x: Any, level: int) -> str:
        first = ", ".join(self.repr1(value, level - 1) for value in itertools.islice(x, 3))
        return f"<Series {x.name!r} {len(x)} {x.dtype}: {first}{', ...' if len(x) > 3 else ''}>"

    def _array(self, x: Any, level: int) -> str:
        return f"<{type(x).__name__} {_shape(tuple(x.shape))} {getattr(x.dtype, 'name', x.dtype)}>"

    repr_ndarray = repr_EagerTensor = repr_Tensor = repr_ResourceVariable = repr_memmap = _array


_SHORT = _Short()


def short(value: object) -> str:
    """The value as at most 400 characters; what its own repr raises is named instead."""
    try:
        text = _SHORT.repr(value)
    except Exception as problem:
        text = f"<{type(value).__name__}; its repr raised {type(problem).__name__}>"
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= _LIMIT else f"{text[: _LIMIT - 3]}..."


def message_of(error: BaseException, limit: int = 2000) -> str:
    """str(error), bounded; what its own str raises is named instead."""
    try:
        text = str(error)
    except Exception as problem:
        text = f"<its str raised {type(problem).__name__}>"
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= limit else f"{text[:limit]}... ({len(text)} characters)"


def json_bytes(text: str) -> bytes:
    """JSON text as UTF-8; a lone surrogate, which UTF-8 cannot hold, becomes the six characters of its escape."""
    return re.sub("[\ud800-\udfff]", lambda found: f"\\\\u{ord(found[0]):04x}", text).encode()
