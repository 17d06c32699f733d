"""Which tweets mention somebody, counted in pieces of 20; the log, in files of 2 kB, has a line for each such tweet."""

import gzip
from pathlib import Path
from tempfile import TemporaryDirectory

from loguru import logger

ROWS = 20
LIMIT = 2_000


def open_log(folder):
    """Log to mentions.log on this engine too; when full it is packed and begun anew. Returns the sink's number."""
    return logger.add(f"{folder}/mentions.log", format="{message}", rotation=LIMIT, compression="gz", mode="a")


def close_log(number):
    logger.remove(number)


def count_mentions(piece, texts):
    """How many of the texts mention somebody; each of them is logged."""
    found = [(row, text) for row, text in enumerate(texts) if "@" in text]
    for row, text in found:
        logger.info("{} row {:02}: {} words, {} characters", piece, row, len(text.split()), len(text))
    return len(found)


def collected(folder):
    """The contents of the log's files, the packed ones unpacked."""
    contents = []
    for path in sorted(Path(folder).iterdir()):
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        logger.info("{}: {} lines", path.name, content.count(b"\n"))
        contents.append(content.decode())
    return contents


def main(view, tables):
    """tables: company -> DataFrame of one tweet or more. Returns by piece the tweets with a mention, and their lines.

    "fits" says whether all files of the log are within the limit; the archive cuts off larger ones.
    """
    engines, mentions = view.client[:], {}
    with TemporaryDirectory() as folder:
        numbers = engines.apply_sync(open_log, folder)
        for company, tweets in tables.items():
            texts = list(tweets["Tweet content"])
            pieces = {f"{company}-{n // ROWS:02}": texts[n : n + ROWS] for n in range(0, len(texts), ROWS)}
            counted = view.map_async(count_mentions, list(pieces), list(pieces.values())).get()
            mentions.update(zip(pieces, counted, strict=True))
        for engine, number in zip(engines.targets, numbers, strict=True):
            view.client[engine].apply_sync(close_log, number)
        contents = collected(folder)
    lines = sorted(line for content in contents for line in content.splitlines())
    log = {piece: [line for line in lines if line.startswith(piece)] for piece in mentions}
    return {"mentions": mentions, "log": log, "fits": all(len(content) <= LIMIT for content in contents)}
