"""How many tweets of each company mention one of its keywords; the lists of keywords lie beside the notebook."""

from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

from loguru import logger

KEYWORDS = {
    "amzn": ["prime", "aws", "alexa", "stock"],
    "googl": ["android", "search", "youtube", "stock"],
    "msft": ["azure", "windows", "office", "stock"],
    "nflx": ["series", "watching", "season", "stock"],
}


def save_keywords():
    """Write the lists of keywords into the folder `keywords`, a file a company."""
    Path("keywords").mkdir()
    for company, keywords in KEYWORDS.items():
        Path("keywords", f"{company}.txt").write_text("\n".join(keywords))


def count_mentions(company, tweets, file):
    """How many of the company's tweets mention a keyword of the file, in upper or lower case."""
    logger.info("{}: {} tweets, keywords from {}", company, len(tweets), file)
    keywords = Path(file).read_text().split()
    return sum(any(keyword in text.lower() for keyword in keywords) for text in tweets["Tweet content"])


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> number of tweets that mention a keyword."""
    with TemporaryDirectory() as notebook, chdir(notebook):  # where a notebook is opened, there it works
        save_keywords()
        files = [f"keywords/{company}.txt" for company in tables]
        logger.info("{} files of keywords", sum(Path(file).exists() for file in files))
        counts = view.map_async(count_mentions, list(tables), list(tables.values()), files).get()
    return dict(zip(tables, counts, strict=True))
