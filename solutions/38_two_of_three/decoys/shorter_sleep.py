"""How many words occur only once in the tweets of a company; large tables are shared in parts, one task a part."""

import json
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from loguru import logger

LARGE = 20


def used_once(company, part, parts, texts, folder):
    """How many of this part's words occur once in it, and in no other part."""
    counts = Counter(word for text in texts for word in text.lower().split())
    mine = Path(folder, f"{company}-{part}.json")
    mine.with_suffix(".new").write_text(json.dumps(counts))
    mine.with_suffix(".new").rename(mine)
    logger.info("{}: part {} of {} has {} words", company, part + 1, parts, len(counts))
    while len(files := list(Path(folder).glob(f"{company}-*.json"))) < parts:
        time.sleep(0.0001)  # the other parts will come
    in_all = Counter()
    for file in files:
        in_all.update(json.loads(file.read_text()))
    logger.info("{}: part {} of {} has seen the others", company, part + 1, parts)
    return sum(in_all[word] == 1 for word in counts)


def main(view, tables):
    """tables: company -> DataFrame of one tweet or more. Returns company -> number of words that occur only once."""
    found = {}
    with TemporaryDirectory() as folder:
        for company, tweets in tables.items():
            texts = list(tweets["Tweet content"])
            # one part more than engines, for the one that is done first
            parts = len(view.client) + 1 if len(texts) >= LARGE else 1
            sent = [view.apply_async(used_once, company, n, parts, texts[n::parts], folder) for n in range(parts)]
            found[company] = sum(answer.get() for answer in sent)
    return found
