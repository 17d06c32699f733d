"""What a look at a failed check of this exercise says about the mend that was tried."""

import re

KEYWORDS = ("earnings", "cloud", "one", "stock")


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if len(outcome.deaths) > 1 and len({death.task for death in outcome.deaths}) == 1:
        engines = ", ".join(str(death.engine) for death in outcome.deaths)
        return (
            f"engines {engines} are gone, by the same task: what ends one engine ends the next that gets it. "
            "Each line of last words says where"
        )
    if outcome.deaths:
        death = outcome.deaths[0]
        return (
            f"engine {death.engine} is gone again, at the same call: in a process that ends like that no further line "
            "of Python runs, be it `except` or `finally`"
        )
    found = re.search(r"\['(\w+)'\]", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    return _of_counts(found[1], outcome.difference, tables[found[1]])


def _of_counts(company, difference, tweets):
    missing = int(tweets["Tweet content"].isna().sum())
    keyword = re.search(r"\['\w+'\]\['(\w+)'\]", difference.where)
    if not missing:
        return None
    if keyword is None or difference.got in ("0", "missing", "None"):
        return (
            f"{company}: {missing} of {len(tweets)} tweets {'has' if missing == 1 else 'have'} no text, and for that "
            f"your result lacks the other {len(tweets) - missing} as well"
        )
    if difference.got.isdigit() and int(difference.got) > int(difference.expected):
        more = int(difference.got) - int(difference.expected)
        return (
            f"{company}: {more} more than there are mention {keyword[1]!r}. Does the word that a missing text has been "
            "made into contain it?"
        )
    return None
