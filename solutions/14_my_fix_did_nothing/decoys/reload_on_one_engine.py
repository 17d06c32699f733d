"""How many words the tweets of each company have on average, before and after a colleague mended the team's helper."""

import hashlib
import importlib
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from loguru import logger

MORNING = '''
def words(text):
    """The words of a tweet."""
    return text.split()
'''
NOON = '''
def words(text):
    """The words of a tweet; a link is none."""
    return [word for word in text.split() if not word.startswith("http")]
'''


def publish(folder, source):
    """Put a version of helper.py into the folder from which everybody imports it."""
    logger.info("helper.py published, sha256 {}", hashlib.sha256(source.encode()).hexdigest()[:8])
    (folder / "helper.py").write_text(source)


def import_from(folder):
    """Let this process find the helpers."""
    sys.path.insert(0, folder)


def average_words(company, tweets):
    """The average number of words of a company's tweets, as the team's helper counts them."""
    import helper

    counts = [len(helper.words(text)) for text in tweets["Tweet content"]]
    logger.info("{}: {} tweets, {} words, as in {}", company, len(counts), sum(counts), helper.__file__)
    return sum(counts) / len(counts)


def reload_helper():
    """Take the helper from its file once more."""
    importlib.reload(importlib.import_module("helper"))


def averages(view, tables):
    return dict(zip(tables, view.map_async(average_words, list(tables), list(tables.values())).get(), strict=True))


def main(view, tables):
    """tables: company -> DataFrame of one tweet or more. Returns the averages before and after the mend."""
    with TemporaryDirectory() as folder:
        view.client[:].apply_sync(import_from, folder)
        publish(Path(folder), MORNING)
        before = averages(view, tables)
        publish(Path(folder), NOON)
        view.apply_sync(reload_helper)
        after = averages(view, tables)
    return {"before": before, "after": after}
