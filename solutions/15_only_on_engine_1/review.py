"""What a look at a failed check of this exercise says about the mend that was tried."""

import hashlib
import re

ROWS = 40


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.failures:
        engines = {one.engine for one in outcome.failures}
        where = ", ".join(str(engine) for engine in sorted(engines, key=str))
        return (
            f"tasks still fail on engine {where} and on no other. What your program set, in which process did it set "
            "it, and when did engines come to theirs?"
        )
    found = re.fullmatch(r"result\['(\w+)'\]\[(\d+)\]", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    company, first = found[1], int(found[2]) * ROWS
    content = "\n".join(tables[company]["Tweet content"].iloc[first : first + ROWS])
    for errors in ("replace", "ignore", "backslashreplace", "xmlcharrefreplace"):
        if outcome.difference.got.strip("'") == hashlib.sha256(content.encode("ascii", errors)).hexdigest()[:16]:
            odd = sum(not character.isascii() for character in content)
            return (
                f"{odd} characters of {company}'s piece {int(found[2])} are not in your checksum as they are: {errors}"
            )
    return f"the checksum of {company}'s piece {int(found[2])} is not that of its tweets, one a line, in UTF-8"
