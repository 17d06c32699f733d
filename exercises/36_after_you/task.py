"""Which companies are talked about together: each has a ledger, a file that all engines write to."""

import fcntl
import json
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from loguru import logger

SYMBOLS = {"amzn": "$AMZN", "googl": "$GOOGL", "msft": "$MSFT", "nflx": "$NFLX"}
CHUNK = 15


@contextmanager
def ledger(company, folder):
    """The company's ledger as a dict, for this engine alone until it is written back."""
    with Path(folder, f"{company}.json").open("r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # whoever has it first; the others wait
        entries = json.load(file)
        yield entries
        file.seek(0)
        file.truncate()
        json.dump(entries, file)


def book(company, texts, folder):
    """Enter each tweet that speaks of another company, too, into the ledgers of both."""
    booked = 0
    for text in texts:
        for other, symbol in SYMBOLS.items():
            if other != company and symbol in text.split():
                with ledger(company, folder) as mine, ledger(other, folder) as theirs:
                    mine[other] = mine.get(other, 0) + 1
                    theirs[company] = theirs.get(company, 0) + 1
                booked += 1
    logger.info("{}: {} of {} tweets booked", company, booked, len(texts))


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> company -> tweets that speak of both."""
    with TemporaryDirectory() as folder:
        for company in SYMBOLS:
            Path(folder, f"{company}.json").write_text("{}")
        texts = {company: list(tweets["Tweet content"]) for company, tweets in tables.items()}
        chunks = [
            (company, texts[company][start : start + CHUNK])
            for start in range(0, max(map(len, texts.values())), CHUNK)
            for company in texts
            if start < len(texts[company])
        ]
        view.map_async(book, *zip(*chunks, strict=True), [folder] * len(chunks)).get()
        return {company: json.loads(Path(folder, f"{company}.json").read_text()) for company in SYMBOLS}
