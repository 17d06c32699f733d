"""What a look at a failed check of this exercise says about the mend that was tried."""

import re

ROWS = 20


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.outcome == "exception" and any(one.type == "TimeoutError" for one in outcome.failures):
        return (
            "a batch was not confirmed, and nobody tried again. Now no row is double, and the run ends without a "
            "result, with some batches in the archive and others not"
        )
    found = re.search(r"'(\w+)'", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables or not outcome.difference.got.isdigit():
        return None
    company, got = found[1], int(outcome.difference.got)
    tweets = tables[company]
    rows = len(tweets)
    texts = {" ".join(text.lower().split()) for text in tweets["Tweet content"]}
    if got > rows:
        return (
            f"{company} has {got - rows} rows more than tweets. Its tasks sent {rows}: how often did each of them get "
            "as far as the line that sends, and how is the archive to know that it has those rows already?"
        )
    if got == len(texts):
        return (
            f"{company} has {rows} tweets, of which {rows - len(texts)} say what another one said before, word by "
            "word. They are tweets as well: what two rows have in common does not say that they were sent twice"
        )
    if got <= ROWS < rows:
        return f"of the {rows} tweets of {company} the archive has {got}, as many as a batch: where are the others?"
    return (
        f"{company}: {rows - got} of its {rows} tweets never got into the archive. A confirmation that does not come "
        "says nothing about the rows: they may be there, or not"
    )
