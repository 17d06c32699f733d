"""Who tweets in made tables: invented people with names, bios, places and followers, few of whom tweet a lot."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Any

from harness.inputs.grammar import Grammar, compile_grammar
from harness.inputs.topics import between, figures, phrases

TWEETS_EACH = 5  # on average; a Zipf law makes the busiest write hundreds and most write one or two
EMPTY_BIOS, WITHOUT_PLACE, NOWHERE = 0.12, 0.28, 0.1
HANDLE_LIMIT = 15  # Twitter's
FOLLOWER_LIMIT = 4_000_000


@dataclass(frozen=True)
class Person:
    """An account. `casual` ones write in lower case and slang; empty strings are what an export leaves out."""

    handle: str
    name: str
    persona: str
    language: str
    casual: bool
    bio: str
    picture: str
    followers: int
    following: int
    listed: int
    place: str
    country: str
    latitude: str
    longitude: str


@dataclass(frozen=True)
class Crowd:
    """The people of one table, with running totals of how often each tweets."""

    people: list[Person]
    activity: list[float]

    def someone(self, random: Random) -> Person:
        """A person, drawn by activity."""
        return random.choices(self.people, cum_weights=self.activity)[0]


def pick(items: Sequence[Any], random: Random) -> Any:
    """One of the items, each as likely."""
    return items[int(random.random() * len(items))]


def new_handle(taken: set[str], random: Random) -> str:
    """A handle that nobody in the table has; added to `taken`."""
    words = phrases("people")["handle_words"]
    while True:
        first, second = pick(words, random), pick(words, random)
        digits = str(between(10, 9999, random))
        style = int(random.random() * 4)
        if style == 0:
            first, second = first.capitalize(), second.capitalize()
        joined = f"{first}_{second}" if style == 1 else first + second
        handle = joined[: HANDLE_LIMIT - len(digits)] + digits
        if handle not in taken:
            taken.add(handle)
            return handle


def whereabouts(local: dict[str, Any], random: Random) -> tuple[str, str, str, str]:
    """Place as the bio has it, country, latitude and longitude: often empty, sometimes a joke."""
    draw = random.random()
    if draw < WITHOUT_PLACE:
        return "", "", "", ""
    if draw < WITHOUT_PLACE + NOWHERE:
        return pick(local["nowhere"], random), "", "", ""
    place, country, latitude, longitude = pick(local["places"], random)
    return place, country, f"{latitude:.2f}", f"{longitude:.2f}"


def display_name(person_handle: str, persona: str, local: dict[str, Any], random: Random) -> str:
    """A name as people give it: full, first only, or the handle again for accounts that are brands."""
    if persona == "news":
        return person_handle.rstrip("0123456789_").title()
    given = pick(local["given"], random)
    style = random.random()
    if style < 0.2:
        return given
    return f"{given} {pick(local['family'], random)}" + (
        pick([" 🚀", " ☕", " 🐶", " ✌️"], random) if style > 0.93 else ""
    )


def newcomer(language: str, persona: str, taken: set[str], bios: Grammar, random: Random) -> Person:
    """One new account; `taken` are the handles in use."""
    local = phrases("people")[language]
    handle = new_handle(taken, random)
    # 1/u of a uniform u is a Pareto law of index 1, as follower counts have; exact arithmetic on every platform.
    followers = min(int(between(20, 120, random) / (1 - random.random())), FOLLOWER_LIMIT)
    place, country, latitude, longitude = whereabouts(local, random)
    return Person(
        handle,
        display_name(handle, persona, local, random),
        persona,
        language,
        casual=persona == "consumer" and random.random() < 0.45,
        bio="" if random.random() < EMPTY_BIOS else bios.say(persona, random),
        picture=f"https://pictures.example/{between(10**8, 10**9 - 1, random)}_normal.jpg",
        followers=followers,
        following=between(0, 1900, random) + min(followers // 50, 3000),
        listed=followers // between(40, 90, random),
        place=place,
        country=country,
        latitude=latitude,
        longitude=longitude,
    )


def crowd(rows: int, personas: dict[str, int], random: Random) -> Crowd:
    """The accounts behind `rows` tweets; `personas` weighs what they are."""
    bios = compile_grammar([phrases("people")["bios"]], figures(1, 2))
    shares = {language: local["weight"] for language, local in phrases("languages").items()}
    languages, language_weights = [*shares, "en"], list(accumulate([*shares.values(), 1000 - sum(shares.values())]))
    kinds, kind_weights = list(personas), list(accumulate(personas.values()))
    taken: set[str] = set()
    people = []
    for _ in range(max(5, rows // TWEETS_EACH)):
        language = random.choices(languages, cum_weights=language_weights)[0]
        persona = random.choices(kinds, cum_weights=kind_weights)[0]
        people.append(newcomer(language, persona, taken, bios, random))
    # Zipf with a shift: the busiest account writes one or two in a hundred, as news robots do.
    return Crowd(people, list(accumulate(1 / (rank + 8) for rank in range(len(people)))))
