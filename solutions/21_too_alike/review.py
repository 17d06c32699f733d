"""What a look at a failed check of this exercise says about the mend that was tried."""

import random
import re

PEOPLE = 4
SIZE = 12
SEED = 20160428
SHOWN = 5


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    found = re.match(r"result\['(\w+)'\](.*)", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    company, further = found.groups()
    if further:
        return (
            f"{company}: drawn again from the same tables, on two engines instead of one, a sample is another. What "
            "does it depend on that is neither the company nor the person nor the seed?"
        )
    return _of_samples(company, re.findall(r"\[([^\[\]]*)\]", outcome.difference.got), len(tables[company]))


def _of_samples(company, samples, rows):
    """`samples` are the beginnings of the lists, as text."""
    if len(samples) != PEOPLE:
        return f"{company}: {PEOPLE} samples are asked for, one for each person, and your result has {len(samples)}"
    alike = max((samples.count(one) for one in samples), default=0)
    if alike == PEOPLE and samples[0].startswith(_first_drawn(rows)):
        return (
            f"{company}: all {PEOPLE} people get the rows that a generator seeded with {SEED} gives first. Each "
            "of their tasks begins it anew: what could go into the seed that is different for each of them?"
        )
    if alike == PEOPLE:
        return (
            f"{company}: all {PEOPLE} people get the same rows, so their tasks' generators were seeded alike. Did they "
            "begin in the same second? And would you get these rows again tomorrow?"
        )
    if alike > 1:
        return f"{company}: {alike} people get the same rows. On which engines were they drawn, and after which others?"
    return f"{company}: no two samples begin alike, so look at their length, their order, and whether a row comes twice"


def _first_drawn(rows):
    """The beginning, as text, of the sample that a fresh generator with the shipped seed draws."""
    drawn = sorted(random.Random(SEED).sample(range(rows), min(SIZE, rows)))
    return ", ".join(str(row) for row in drawn[:SHOWN])
