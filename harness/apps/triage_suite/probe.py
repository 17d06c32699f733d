"""A healthy program on every engine: run after each case, it must not notice that case."""

from typing import Any


def longest(tweets: list[str]) -> int:
    """The length of the longest tweet, in characters."""
    print(len(tweets), "tweets")
    return max(map(len, tweets))


def main(view: Any) -> list[int]:
    """One task on each engine."""
    return view.client[:].map_sync(longest, [["good", "day"]] * len(view.client.ids))
