"""One task an item: the lines of a JSON Lines file as calls of one function."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.errors import BadInput


@dataclass(frozen=True)
class Item:
    """The arguments of one call."""

    positional: tuple[Any, ...] = ()
    named: dict[str, Any] = field(default_factory=dict)

    def call(self, function: Callable[..., Any]) -> Any:
        return function(*self.positional, **self.named)


def read_items(path: Path) -> list[Item]:
    """The items of a file, one JSON value a line; empty lines are skipped.

    An object gives keyword arguments, a list positional ones, any other value is the one argument.
    Raises BadInput that names the line.
    """
    try:
        lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    except OSError as problem:
        raise BadInput(
            f"cannot read {path}: {problem.strerror}; --over wants a file with one JSON value a line"
        ) from None
    items = [_item(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip()]
    if not items:
        raise BadInput(f'{path} has no items; write one JSON value a line, such as 3 or [1, 2] or {{"n": 3}}')
    return items


def _item(line: bytes, where: str) -> Item:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as problem:
        raise BadInput(f"{where} is not a JSON value ({problem.msg}, column {problem.colno}); mend that line") from None
    except UnicodeDecodeError as problem:
        raise BadInput(f"{where} is not UTF-8 (byte {problem.start + 1}); save the file as UTF-8") from None
    except RecursionError:
        raise BadInput(f"{where} is nested too deeply; flatten that value") from None
    if isinstance(value, dict):
        return Item(named=value)
    return Item(tuple(value)) if isinstance(value, list) else Item((value,))


def over(items: Sequence[Item]) -> Callable[[Callable[..., Any], Any], list[Any]]:
    """A main that sends one task an item and returns the results in the order of the items.

    All answers are waited for; then the first failure, by item, is raised.
    """

    def main(function: Callable[..., Any], view: Any) -> list[Any]:
        sent = [view.apply_async(function, *item.positional, **item.named) for item in items]
        failures = [failure for one in sent if (failure := one.exception()) is not None]
        if failures:
            raise failures[0]
        return [one.get() for one in sent]

    return main
