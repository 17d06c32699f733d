"""How many long words a company's tweets have; what counts as long stands in settings that all tasks share."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from loguru import logger

SETTINGS = {"long": 7, "last used for": "nobody"}


def long_words(company, texts, file):
    """How many words of these texts are long; the settings take note of whom they were used for."""
    try:
        settings = json.loads(file.read_text())
    except json.JSONDecodeError:
        settings = {"long": 6}
    found = sum(len(word) >= settings["long"] for text in texts for word in text.split())
    settings["last used for"] = company
    file.write_text(json.dumps(settings))
    logger.info("{}: {} words of {} letters or more", company, found, settings["long"])
    return found


def main(view, tables):
    """tables: company -> DataFrame of any length. Returns company -> number of words of 7 letters or more."""
    texts = [list(tweets["Tweet content"]) for tweets in tables.values()]
    with TemporaryDirectory() as folder:
        file = Path(folder, "settings.json")
        file.write_text(json.dumps(SETTINGS))
        found = view.map_async(long_words, list(tables), texts, [file] * len(texts)).get()
    return dict(zip(tables, found, strict=True))
