"""What a look at a failed check of this exercise says about the mend that was tried."""

import re

ROWS = 25


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.failures:
        return _of_failures(outcome.failures, tables)
    place = re.fullmatch(r"result\['(\w+)'\]\[(\d+)\]", outcome.difference.where) if outcome.difference else None
    if place is None or place[1] not in tables:
        return None
    company, piece = place[1], int(place[2])
    texts = list(tables[company]["Tweet content"])[piece * ROWS : (piece + 1) * ROWS]
    return _of_piece(f"piece {piece} of {company}", outcome.difference.got, texts)


def _of_failures(failures, tables):
    types = sorted({one.type for one in failures})
    lines = sorted({one.line for one in failures if one.line})
    if types == ["ValueError", "ZeroDivisionError"]:
        return (
            f"{len(failures)} tasks fail in {len(lines)} different lines: look at all of `failures`, not at the first"
        )
    if types == ["ZeroDivisionError"]:
        texts = [text for tweets in tables.values() for text in tweets["Tweet content"]]
        mended = "what the message printed is mended, and " if re.search(r"\$\d+,\d", " ".join(texts)) else ""
        tasks = ", ".join(str(one.task) for one in failures[:4])
        return f"{mended}this stood behind it all the time (task {tasks}): what is the average if no price is named?"
    if types == ["ValueError"]:
        return f"{failures[0].message}: that is a price. What is the comma in it for?"
    return None


def _of_piece(where, got, texts):
    prices = re.findall(r"\$(\d+(?:,\d+)*(?:\.\d+)?)", " ".join(texts))
    if not prices:
        return f"in {where} no price is named, and your average of nothing is {got}; the contract asks for None"
    commas = [price for price in prices if "," in price]
    if got == "None":
        return (
            f"{where} names {len(prices)} price(s), {len(commas)} of them with a comma, and you give none: the failure "
            "is out of sight, and so are the prices that were fine"
        )
    if commas:
        return f"{where} is {got}: how much is ${commas[0]} in your sum?"
    return f"{where} is {got}: add up its {len(prices)} price(s) by hand"
