"""What a look at a failed check of this exercise says about the mend that was tried."""

import re

ROWS = 20
ELSEWHERE = re.compile(r"(\w+-\d\d) row")


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    difference = outcome.difference
    if not difference:
        return None
    if difference.where == "result['fits']":
        return (
            "all lines are there, in a file that the archive cuts off: two thousand bytes are the limit for each file"
        )
    found = re.search(r"result\['log'\]\['((\w+)-(\d\d))'\]", difference.where)
    if found is None or found[2] not in tables:
        return None
    piece, company, first = found[1], found[2], int(found[3]) * ROWS
    texts = tables[company]["Tweet content"].iloc[first : first + ROWS]
    said = sum("@" in text for text in texts)
    if difference.where.startswith("len(") and difference.got.isdigit() and int(difference.got) < said:
        return (
            f"{said} lines were logged for {piece}, and {difference.got} are in your log. How many processes may "
            "rename, pack or delete the file that they were written to?"
        )
    if ELSEWHERE.search(difference.got) and ELSEWHERE.search(difference.expected):
        return (
            f"of {piece}, {difference.expected} is not in your log, and later lines are: something was written "
            "over it, or it went to a file that has no name any more"
        )
    return f"{piece} has {said} tweets that mention somebody, and your log says {difference.got}"
