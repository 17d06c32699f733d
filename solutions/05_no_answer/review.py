"""What a look at a failed check of this exercise says about the mend that was tried."""

import re

MUTE = "<its str raised"


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if mute := [one for one in outcome.failures if one.message.startswith(MUTE)]:
        return (
            f"the failure of task {mute[0].task} still has no words: str() of it raises, with the value that "
            f"`harness show --traceback --task {mute[0].task}` has for `text`. Without the harness its answer never "
            "comes, however long somebody waits for it, and whatever is put in its place when the time is over"
        )
    found = re.search(r"'(\w+)'", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    return _of_report(found[1], outcome.difference.got, list(tables[found[1]]["Tweet content"]))


def _of_report(company, got, texts):
    if "TypeError" in got or "AttributeError" in got:
        return (
            f"{company}: {got} is not about the tweet but about the message: something asks the exception for its "
            "words, in the task this time, and that raises as before"
        )
    empty = [(row, text) for row, text in enumerate(texts) if not isinstance(text, str) or not text.split()]
    if not empty:
        return f"{company} has no tweet without a word, and should have its average"
    row, text = empty[0]
    size = len(text) if isinstance(text, str) else 0
    if got.replace(".", "").isdigit():
        return f"{company} is {got}, an average, though its row {row} is {text!r}: the contract wants that row reported"
    if not got.startswith(("'Unusable: row", '"Unusable: row')):
        return f"{company} is {got}: nobody learns from that which row it is. Its row {row} is {text!r}"
    return f"{company} is {got}: its first tweet without a word is row {row}, {text!r}, {size} characters"
