"""What a look at a failed check of this exercise says about the mend that was tried."""

import pandas as pd


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    lacking = {company: int(tweets["Tweet content"].isna().sum()) for company, tweets in tables.items()}
    lacking = {company: count for company, count in lacking.items() if count}
    if not outcome.difference or not lacking:
        return None
    company, count = next(iter(lacking.items()))
    rows = len(tables[company])
    if outcome.difference.got in ("missing", "None") and rows > count:
        return (
            f"{company} has no average in your result, but only {count} of its {rows} tweets lack a text: "
            f"what became of the other {rows - count}?"
        )
    if pd.notna(outcome.difference.expected):
        return (
            f"{company}: {count} of {rows} tweets have no text. Does a text that is not there have a length, "
            "and is it one of the tweets that are averaged?"
        )
    return None
