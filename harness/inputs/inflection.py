"""English inflection for made sentences: plurals, third person, past, participles and the indefinite article."""

import re

VOWELS = "aeiou"
PLURALS = {"series": "series", "child": "children", "person": "people", "man": "men", "story": "stories"}
IRREGULAR = """
beat beat beaten, bleed bled bled, break broke broken, bring brought brought, build built built, buy bought bought,
cut cut cut, draw drew drawn, drive drove driven, eat ate eaten, fall fell fallen, feel felt felt,
fight fought fought, find found found, fly flew flown, forget forgot forgotten, freeze froze frozen, get got gotten,
give gave given, go went gone, hear heard heard, hide hid hidden, hold held held, hurt hurt hurt, keep kept kept,
know knew known, lead led led, leave left left, lose lost lost, make made made, meet met met,
panic panicked panicked, pay paid paid, put put put, read read read, reset reset reset, rise rose risen,
run ran run, see saw seen, sell sold sold, send sent sent, shine shone shone, show showed shown,
shrink shrank shrunk, sing sang sung, sink sank sunk, sleep slept slept, slide slid slid, speak spoke spoken,
spend spent spent, take took taken, teach taught taught, tell told told, throw threw thrown,
understand understood understood, win won won, write wrote written
"""
PAST = {base: (past, participle) for base, past, participle in map(str.split, IRREGULAR.split(","))}
DOUBLES_LATE = {"begin", "forget", "regret", "reset", "upset"}  # two syllables, the second stressed
SILENT_H = ("hour", "honest", "heir")
SOUNDS_LIKE_YOU = ("uni", "use", "euro", "one")


def doubles(verb: str) -> bool:
    """Whether the last consonant is written twice before -ed and -ing: stop, stopped."""
    if len(verb) < 3 or verb[-1] in VOWELS + "wxy" or verb[-2] not in VOWELS or verb[-3] in VOWELS:
        return False
    return len(re.findall(f"[{VOWELS}]+", verb)) == 1 or verb in DOUBLES_LATE


def sibilant_s(word: str) -> str:
    """The -s form, of nouns and verbs alike: box, boxes; try, tries; day, days."""
    if word.endswith(("s", "x", "z", "ch", "sh", "go", "do")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in VOWELS:
        return word[:-1] + "ies"
    return word + "s"


def past(verb: str) -> str:
    """The simple past of a base form."""
    return PAST[verb][0] if verb in PAST else _regular_past(verb)


def participle(verb: str) -> str:
    """The past participle of a base form."""
    return PAST[verb][1] if verb in PAST else _regular_past(verb)


def _regular_past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in VOWELS:
        return verb[:-1] + "ied"
    return verb + (verb[-1] if doubles(verb) else "") + "ed"


def gerund(verb: str) -> str:
    """The -ing form of a base form."""
    if verb == "panic":
        return "panicking"
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1] + "ing"
    return verb + (verb[-1] if doubles(verb) else "") + "ing"


def plural(noun: str) -> str:
    """The plural of a noun in the singular."""
    return PLURALS.get(noun) or sibilant_s(noun)


def with_article(phrase: str) -> str:
    """`a` or `an` before the phrase."""
    low = phrase.lower()
    vowel = low.startswith(SILENT_H) or (low[:1] in VOWELS and not low.startswith(SOUNDS_LIKE_YOU))
    return ("an " if vowel else "a ") + phrase


VERB_FORMS = {"s": sibilant_s, "ed": past, "en": participle, "ing": gerund}


def inflect(phrase: str, form: str) -> str:
    """A phrase with its first word (verb forms) or last word (`pl`) inflected, or an article before it (`a`).

    Raises KeyError for a form that is none of s, ed, en, ing, pl, a.
    """
    if form == "a":
        return with_article(phrase)
    if form == "pl":
        head, space, noun = phrase.rpartition(" ")
        return head + space + plural(noun)
    verb, space, rest = phrase.partition(" ")
    return VERB_FORMS[form](verb) + space + rest
