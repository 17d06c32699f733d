"""What a look at a failed check of this exercise says about the mend that was tried."""

import re

TOO_LONG = 24
LETTERS = re.compile(r"[\w'-]+", re.ASCII)


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.outcome == "hang":
        return _of_hang(outcome, tables)
    found = re.search(r"'(\w+)'", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    return _of_share(found[1], outcome.difference, list(tables[found[1]]["Tweet content"]))


def _of_hang(outcome, tables):
    company = outcome.hangs[0].label if outcome.hangs else ""
    words = [word for text in tables[company]["Tweet content"] for word in text.split()] if company in tables else []
    word = max(words, key=_letters, default="")
    if _letters(word) < TOO_LONG:
        return None
    return (
        f"it does not get past the word {word!r} of {company}. Cut it to 20 letters, with what stands behind them, and "
        "time your line with it, then with 21 and with 22: would you ever wait for all of its letters?"
    )


def _of_share(company, difference, texts):
    long_words = [text for text in texts if any(_letters(word) >= TOO_LONG for word in text.split())]
    got, expected = _number(difference.got), _number(difference.expected)
    if got is None or expected is None or not long_words:
        return None
    plain, fewer = round(expected * len(texts)), len(texts) - len(long_words)
    if expected and any(abs(got - plain / count) < 1e-12 for count in range(max(1, fewer), len(texts))):
        return (
            f"{company}: your share is over fewer than its {len(texts)} tweets. A tweet that takes too long to decide "
            "is still a tweet: is it plain or not?"
        )
    return (
        f"{company}: {len(long_words)} of its {len(texts)} tweets have a word of {TOO_LONG} letters or more. Long is "
        f"not the same as odd: is {_shortened(long_words[0])!r} plain?"
    )


def _letters(word):
    return max((len(run) for run in LETTERS.findall(word)), default=0)


def _number(text):
    try:
        return float(text)
    except ValueError:
        return None


def _shortened(text):
    return text if len(text) <= 80 else f"{text[:77]}..."
