"""What is said about each company and by whom: the phrase files, loaded and compiled."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from harness.inputs.grammar import Grammar, Numbers, compile_grammar

PHRASES = Path(__file__).parent / "phrases"


@dataclass(frozen=True)
class Topic:
    """A company as tweets see it: grammars by language, the day of its quarterly figures, and its moods.

    `moods` and `earnings_moods` weigh good, bad and plain (no opinion); `personas` weigh who tweets.
    """

    company: str
    ticker: str
    earnings: date
    moods: Mapping[str, int]
    earnings_moods: Mapping[str, int]
    personas: Mapping[str, int]
    grammars: Mapping[str, Grammar]


@cache
def phrases(name: str) -> dict[str, Any]:
    """One phrase file, as written."""
    return tomllib.loads((PHRASES / f"{name}.toml").read_text(encoding="utf-8"))


def between(low: int, high: int, random: Random) -> int:
    """A whole number from low to high, both included. Integers only, so the same on every platform."""
    return low + int(random.random() * (high - low + 1))


def figures(low: int, high: int) -> Numbers:
    """The numbers that a tweet can name; a share costs from low to high dollars."""
    return {
        "price": lambda random: str(between(low, high, random)),
        "target": lambda random: str(between(low, high + (high - low) // 2, random)),
        "percent": lambda random: f"{between(1, 14, random)}.{between(0, 9, random)}%",
        "few": lambda random: str(between(2, 9, random)),
        "many": lambda random: str(between(10, 950, random)),
        "billions": lambda random: f"${between(1, 29, random)}.{between(0, 9, random)}B",
        "year": lambda random: str(between(1998, 2015, random)),
    }


@cache
def topic(company: str) -> Topic:
    """The topic of one company of `schema.COMPANIES`."""
    own = phrases(company)
    numbers = figures(own["price_from"], own["price_to"])
    names = {pool: own["pools"][pool] for pool in ("global", "company", "brand", "rival")}
    names["tag"] = [own["ticker"]]
    grammars = {"en": compile_grammar([phrases("common"), own["pools"], {"tag": [own["ticker"]]}], numbers)}
    for language, pools in phrases("languages").items():
        grammars[language] = compile_grammar(
            [names, {name: pool for name, pool in pools.items() if isinstance(pool, list)}], numbers
        )
    return Topic(
        company,
        own["ticker"],
        own["earnings"],
        own["moods"],
        own["earnings_moods"],
        own["personas"],
        grammars,
    )
