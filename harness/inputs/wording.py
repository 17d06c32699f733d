"""One made tweet's text: sentences from a grammar, in somebody's manner of writing, with what hangs around them."""

import re
from collections.abc import Mapping
from random import Random

from harness.inputs.people import Crowd, Person, pick
from harness.inputs.topics import Topic, between, phrases

LIMIT = 140  # characters, as in 2016
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
WORDS = re.compile(r"(?<![\w$@#&])\w[\w']*")  # leaves $AMZN, @names, #tags and &amp; as they are
SLANG = {
    "you": "u", "are": "r", "your": "ur", "because": "cuz", "going to": "gonna", "want to": "wanna",
    "got to": "gotta", "to be honest": "tbh", "right now": "rn", "please": "plz", "people": "ppl", "tonight": "2nite",
    "before": "b4", "thanks": "thx", "thank you": "ty", "tomorrow": "2moro", "what are": "wut r", "I am": "im",
    "do not": "dont", "cannot": "cant", "really": "rly", "and": "n",
}  # fmt: skip
SLANG_WORDS = re.compile(r"\b(" + "|".join(sorted(SLANG, key=len, reverse=True)) + r")\b")
# The letter that people lean on.
STRETCHED = {
    "so": "o", "love": "o", "no": "o", "really": "e", "never": "e", "hate": "a", "wow": "o", "great": "a", "very": "e",
    "super": "u", "good": "o", "bad": "a", "slow": "o", "fun": "u", "amazing": "a", "awful": "a", "please": "e",
    "again": "a", "sad": "a", "sweet": "e", "boring": "o", "ugly": "u", "best": "e", "worst": "o", "happy": "a",
    "late": "a", "awesome": "e",
}  # fmt: skip
STRETCHED_WORDS = re.compile(r"\b(" + "|".join(STRETCHED) + r")\b", re.IGNORECASE)
# Chances by persona: reply to somebody, hash tags, other companies' tickers, a link, emoji.
HABITS = {
    "consumer": (0.22, 0.3, 0.03, 0.14, 0.42),
    "trader": (0.06, 0.14, 0.4, 0.34, 0.16),
    "news": (0.0, 0.4, 0.35, 0.92, 0.02),
    "worker": (0.12, 0.4, 0.02, 0.4, 0.18),
}
BURST_TALK = 0.62  # share of English tweets about the figures, while they are the news
SECOND_SENTENCE = 0.35


def mood(weights: Mapping[str, int], random: Random) -> str:
    """good, bad or plain, by weight."""
    draw = random.random() * sum(weights.values())
    for name, weight in weights.items():
        draw -= weight
        if draw < 0:
            return name
    return "plain"


def link(random: Random) -> str:
    """A shortened link that leads nowhere (a name reserved by RFC 2606)."""
    return "https://t.example/" + "".join(pick(ALPHABET, random) for _ in range(8))


def stretch(text: str, random: Random) -> str:
    """The first word that can be is drawn out: so becomes sooooo."""

    def lengthen(found: re.Match[str]) -> str:
        letter = STRETCHED[found[0].lower()]
        at = found[0].lower().rindex(letter)
        return found[0][:at] + found[0][at] * between(3, 6, random) + found[0][at + 1 :]

    return STRETCHED_WORDS.sub(lengthen, text, count=1)


def voiced(text: str, person: Person, random: Random) -> str:
    """The text in the person's manner: slang and lower case, a shout, or a proper sentence."""
    draw = random.random()
    if person.persona == "consumer" and draw < 0.16:
        text = stretch(text, random)
    if person.casual:
        if random.random() < 0.6:
            text = SLANG_WORDS.sub(lambda found: SLANG[found[0]], text)
        return WORDS.sub(lambda found: found[0].lower(), text)
    if person.persona == "consumer" and draw > 0.96:
        return WORDS.sub(lambda found: found[0].upper(), text) + "!!!"
    text = text[:1].upper() + text[1:]
    if text[-1] not in "?!.%" and random.random() < 0.5:
        text += "!" if draw > 0.8 else "."
    return text


def sentences(topic: Topic, person: Person, burst: bool, random: Random) -> tuple[str, str]:
    """What the person says, and in which mood."""
    if person.language != "en":
        feeling = mood(topic.moods, random)
        return topic.grammars[person.language].say(feeling, random), feeling
    about_figures = burst and person.persona != "worker" and random.random() < BURST_TALK
    feeling = mood(topic.earnings_moods if about_figures else topic.moods, random)
    grammar = topic.grammars["en"]
    text = grammar.say(f"{'earnings' if about_figures else person.persona}_{feeling}", random)
    if person.persona != "news" and random.random() < SECOND_SENTENCE:
        end = pick([". ", "! ", ", ", " ... ", " - ", "\n"] if text[-1] != "?" else [" "], random)
        tail = grammar.say(f"tail_{feeling}", random)
        text += end + (tail[:1].upper() + tail[1:] if end in (". ", "! ", " ") else tail)
    return voiced(text, person, random), feeling


def trimmings(topic: Topic, person: Person, feeling: str, random: Random) -> list[str]:
    """Tickers, hash tags, a link and emoji for the end of the tweet, each by the persona's habit."""
    _, tags, tickers, links, emoji = HABITS[person.persona]
    common, own = phrases("common"), phrases(topic.company)["pools"]
    ends = []
    if random.random() < tickers:
        ends += [topic.ticker, *(pick(common["stock"], random) for _ in range(between(0, 2, random)))]
    if random.random() < tags:
        ends += [pick(own["hashtag"] + common["hashtag"], random) for _ in range(between(1, 3, random))]
    if random.random() < emoji:
        ends.append(pick(common[f"emoji_{feeling}"], random))
    if random.random() < links:
        ends.append(link(random))
    return ends


def tweet(topic: Topic, person: Person, crowd: Crowd, burst: bool, random: Random) -> tuple[str, str]:
    """A new tweet's text, at most 140 characters, and its language (`und` where there is nothing but tags)."""
    if person.persona in ("trader", "news") and random.random() < 0.015:
        others = [pick(phrases("common")["stock"], random) for _ in range(between(1, 4, random))]
        return " ".join(dict.fromkeys([topic.ticker, *others, link(random)])), "und"
    text, feeling = sentences(topic, person, burst, random)
    if random.random() < HABITS[person.persona][0]:
        brands = phrases(topic.company)["pools"]["brand"]
        name = pick(brands, random) if random.random() < 0.5 else "@" + crowd.someone(random).handle
        text = f"{name} {text}"
    text = shortened(text)
    for end in trimmings(topic, person, feeling, random):
        if end not in text and len(text) + 1 + len(end) <= LIMIT:
            text += " " + end
    return text, person.language


def shortened(text: str) -> str:
    """The text, cut with an ellipsis where it is over Twitter's length."""
    return text if len(text) <= LIMIT else text[: LIMIT - 1].rstrip() + "…"
