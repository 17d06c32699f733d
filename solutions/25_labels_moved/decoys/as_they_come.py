"""The mood of each tweet, by the words in it; the work is shared in pieces of 20 tweets, one task a piece."""

import pandas as pd
from loguru import logger

ROWS = 20
LABELS = ["negative", "neutral", "positive"]
GOOD = {"love", "great", "best", "amazing", "win", "wins", "happy", "joy", "sweet", "good"}
BAD = {"hate", "worst", "awful", "lame", "ruined", "waste", "terrible", "lost", "down", "bad"}


def mood(text):
    """positive or negative, whichever has more words in the text; neutral if none has more."""
    words = text.lower().split()
    score = sum(word in GOOD for word in words) - sum(word in BAD for word in words)
    return "positive" if score > 0 else "negative" if score < 0 else "neutral"


def rate(company, texts):
    """The mood of each text as a code of one byte: labels of a million tweets would be a lot to send."""
    codes, moods = pd.factorize(pd.Series([mood(text) for text in texts]))
    logger.info("{}: {} tweets, {}", company, len(texts), list(moods))
    return codes


def main(view, tables):
    """tables: company -> DataFrame of one tweet or more. Returns company -> list of labels, one a tweet."""
    sent = {}
    for company, tweets in tables.items():
        texts = list(tweets["Tweet content"])
        pieces = [texts[start : start + ROWS] for start in range(0, len(texts), ROWS)]
        sent[company] = view.map_async(rate, [company] * len(pieces), pieces)
    return {company: [LABELS[code] for codes in rated.get() for code in codes] for company, rated in sent.items()}
