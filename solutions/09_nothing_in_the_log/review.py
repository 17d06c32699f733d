"""What a look at a failed check of this exercise says about the mend that was tried."""

import re


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    difference = outcome.difference
    if not difference or not difference.where.startswith(("result['log']", "len(result['log'])")):
        return None
    if difference.where == "result['log']":
        return "`log` is missing: a list of the lines, sorted"
    if outcome.result and (lines := re.findall(r"'(?:INFO|WARNING): (\w+): [^']*'", outcome.result)):
        heard = [company for company in tables if company in lines]
        unheard = [company for company in tables if company not in heard]
        if heard and unheard and len(tables) < 5:
            return (
                f"your log has words of {', '.join(heard)}, and none of {', '.join(unheard)}: on which engines did "
                "those run, and what was done on which engine?"
            )
    expected = difference.expected.strip("'")
    if "leaked-state" in outcome.signs:
        return f"`{expected}` is missing, and an engine was left with a sink: which engine was it, and which said this?"
    return (
        f"`{expected}` is missing. If `harness logs --merge` has it, which sinks did that engine's logger have at that "
        "moment? If only `--raw` has it, it was not even logged"
    )
