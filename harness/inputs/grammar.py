"""A grammar of phrases with slots, expanded at random: the sentences of made tweets."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from random import Random
from string import Formatter

from harness.inputs.inflection import inflect

Slot = tuple[str, str]  # pool, form ("" for none)
Phrase = tuple[str | Slot, ...]
Numbers = Mapping[str, Callable[[Random], str]]


@dataclass(frozen=True)
class Grammar:
    """Pools of phrases by name; a slot `{pool}` or `{pool:form}` in a phrase stands for a phrase of that pool.

    `numbers` are pools that draw a figure instead of a phrase.
    """

    pools: Mapping[str, tuple[Phrase, ...]]
    numbers: Numbers

    def say(self, pool: str, random: Random) -> str:
        """A text drawn from the pool; no phrase is used twice in it where another will do."""
        return self._expand(pool, random, set())

    def _expand(self, pool: str, random: Random, used: set[Phrase]) -> str:
        if pool in self.numbers:
            return self.numbers[pool](random)
        phrases = self.pools[pool]
        phrase = phrases[int(random.random() * len(phrases))]
        if phrase in used:
            phrase = phrases[int(random.random() * len(phrases))]
        used.add(phrase)
        text = ""
        for part in phrase:
            if isinstance(part, str):
                text += part
            else:
                inner, form = part
                words = self._expand(inner, random, used)
                text += inflect(words, form) if form else words
        return text


def parse(phrase: str) -> Phrase:
    """The literal parts and slots of one phrase, in order."""
    parts: list[str | Slot] = []
    for literal, pool, form, _ in Formatter().parse(phrase):
        if literal:
            parts.append(literal)
        if pool is not None:
            parts.append((pool, form or ""))
    return tuple(parts)


def compile_grammar(sources: Iterable[Mapping[str, list[str]]], numbers: Numbers) -> Grammar:
    """One grammar from several sets of pools; pools of one name are joined.

    Raises ValueError if a phrase names a pool that does not exist, so that a typing slip in a phrase file
    shows when the file is loaded and not in the ten-thousandth tweet.
    """
    pools: dict[str, tuple[Phrase, ...]] = {}
    for source in sources:
        for name, phrases in source.items():
            pools[name] = pools.get(name, ()) + tuple(parse(phrase) for phrase in phrases)
    for name, compiled in pools.items():
        for phrase in compiled:
            for part in phrase:
                if not isinstance(part, str) and part[0] not in pools and part[0] not in numbers:
                    raise ValueError(f"pool {name!r} uses {{{part[0]}}}, which is no pool")
    return Grammar(pools, numbers)
