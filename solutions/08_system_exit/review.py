"""What a look at a failed check of this exercise says about the mend that was tried."""

import re


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.failures:
        return _of_failure(outcome.failures[0], tables)
    found = re.search(r"'(\w+)'", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    return _of_number(found[1], outcome.difference.got, list(tables[found[1]]["Tweet content"]))


def _of_failure(failure, tables):
    if failure.type == "SystemExit":
        return (
            f"task {failure.task} still leaves, by SystemExit: {failure.message}. SystemExit is not an Exception: "
            "`except Exception` lets it pass, and a parser that was told not to exit still does for options it does "
            f"not know. `harness logs --engine {failure.engine} --raw` has its last words"
        )
    return None


def _of_number(company, got, texts):
    dashed = [text for text in texts if any(word.startswith("-") and len(word) > 1 for word in text.split())]
    lengths = [[len(word) for word in text.split()] for text in texts]
    right = sum(length >= 9 for one in lengths for length in one)
    if not got.isdigit() or not dashed:
        return f"{company} is {got}: the contract asks for the number of its words of nine characters or more"
    lost = sum(len(word) >= 9 for text in dashed for word in text.split())
    if int(got) == 0 and right > lost:
        return (
            f"{company} is 0: of its {len(texts)} tweets one made the tool leave; what became of the others' {right}?"
        )
    if int(got) == right - lost:
        return f"{company} lacks {lost} long word(s), those of {dashed[0]!r}: the tweet is well formed, so it counts"
    return f"{company} is {got} and should be {right}: count the words of {dashed[0]!r} by hand"
