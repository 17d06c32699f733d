"""How loud each company's tweets are: the average share of capital letters, for every 20 tweets."""

from loguru import logger

ROWS = 20


def pieces(tweets):
    """The texts in pieces of 20, oldest first."""
    texts = list(tweets["Tweet content"])
    return [texts[start : start + ROWS] for start in range(0, len(texts), ROWS)]


def loudness(text):
    """The share of a text's letters that are capital, from 0 to 1; 0 if it has no letters."""
    letters = [character for character in text if character.isalpha()]
    return sum(letter.isupper() for letter in letters) / len(letters) if letters else 0.0


def average_loudness(company, texts):
    """The average loudness of one piece."""
    shares = [loudness(text) for text in texts]
    logger.info("{}: {} tweets measured", company, len(shares))
    return sum(shares) / len(shares)


def main(view, tables):
    """tables: company -> DataFrame of one tweet or more. Returns company -> loudness of each piece, in order."""
    work = [(company, piece) for company, tweets in tables.items() for piece in pieces(tweets)]
    companies = [company for company, _ in work]
    averages = view.map_async(average_loudness, companies, [piece for _, piece in work]).get()
    found = {company: [] for company in tables}
    for company, average in zip(companies, averages, strict=True):
        found[company].append(average)
    return found
