"""What a look at a failed check of this exercise says about the mend that was tried."""

import re
from collections import Counter


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.outcome == "hang":
        at = [hang for hang in outcome.hangs if hang.engine is not None]
        if not at:
            return None
        return (
            f"engine {at[0].engine} still waits in line {at[0].line} for the next tweet of {at[0].label}. Whatever "
            "kind of thread was to bring it: it has ended, and what did it say before it did?"
        )
    found = re.search(r"'(\w+)'", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables or outcome.difference.expected != "None":
        return None
    texts = list(tables[found[1]]["Tweet content"])
    row = next((row for row, text in enumerate(texts) if not isinstance(text, str)), None)
    if row is None:
        return None
    so_far = Counter(len(re.findall(r"\w+", text)) for text in texts[:row])
    shown = {int(words): int(count) for words, count in re.findall(r"(\d+): (\d+)", outcome.difference.got)}
    cut = "what is behind it was not counted" if shown.items() <= so_far.items() else "it was passed over"
    return (
        f"{found[1]}: the text in row {row} is {texts[row]!r}, and {cut}. The contract asks for None: how does the one "
        "who counts get to know that the other one failed?"
    )
