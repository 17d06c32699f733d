"""Average lengths of texts; two kinds of record break it."""

from loguru import logger


def clean(text):
    return text.lower().strip()


def average_length(company, texts, api_token="t0k3n"):
    logger.info("{} has {} texts", company, len(texts))
    if not texts:
        logger.warning("no texts of {}\nnothing to measure", company)
    print("measuring", company)
    total = sum(len(clean(text)) for text in texts)
    return total / len(texts)


def main(view):
    texts = {
        "amzn": ["good day"],
        "googl": [],
        "msft": ["fine", None],
        "nflx": ["ok", float("nan")],
        "aapl": ["x", None],
    }
    return dict(zip(texts, view.map_async(average_length, list(texts), list(texts.values())).get(), strict=True))
