"""What a look at a failed check of this exercise says about the mend that was tried."""

import math
import re

ROWS = 25


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    found = re.search(r"'(\w+)'", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    company = found[1]
    lengths = [len(text) for text in tables[company]["Tweet content"]]
    try:
        got = float(outcome.difference.got)
    except ValueError:
        return f"{company} has {_tweets(len(lengths))}, and your result has no average for it"
    return _of_number(company, got, lengths)


def _of_number(company, got, lengths):
    average = sum(lengths) / len(lengths)
    parts = [lengths[start : start + ROWS] for start in range(0, len(lengths), ROWS)]
    whole, rest = len(lengths) // ROWS * ROWS, len(lengths) % ROWS
    of_averages = _mean([_mean(part) for part in parts])
    for digits in range(7):
        if got == round(average, digits):
            return f"{got:g} is the right average of {company}, rounded: the contract asks for all of its digits"
        if got == round(of_averages, digits) and not math.isclose(got, of_averages):
            return (
                f"{company} is {got:g} and should be {average:.4f}: rounding hides digits, it does not bring back "
                "those that are missing. Where does the number before it was rounded come from?"
            )
    if whole and math.isclose(got, _mean([_mean(part) for part in parts if len(part) == ROWS])):
        return f"{got:g} is the average of the first {whole} tweets of {company}, {rest} more are in no piece"
    if math.isclose(got, sum(_mean(part) * ROWS for part in parts) / len(lengths)):
        return f"in your average of {company} the last piece, of {_tweets(rest)}, weighs as much as if it had {ROWS}"
    return (
        f"{company} is {got:g} and should be {average:g}. From its log lines alone, work out by hand how many "
        f"characters there are in its {_tweets(len(lengths))} together"
    )


def _tweets(count):
    return "1 tweet" if count == 1 else f"{count} tweets"


def _mean(numbers):
    return sum(numbers) / len(numbers)
