"""The average length of each company's tweets; the work is shared in pieces of 25 tweets, one task a piece."""

from loguru import logger

ROWS = 25


def pieces(tweets):
    """The texts in pieces of 25, so that every engine has something to do."""
    texts = list(tweets["Tweet content"])
    return [texts[start : start + ROWS] for start in range(0, len(texts), ROWS)]


def measure(company, texts):
    """How many characters the tweets of one piece have."""
    lengths = [len(text) for text in texts]
    average = sum(lengths) / len(lengths)
    logger.info("{}: {} tweets, {:.3f} characters on average", company, len(lengths), average)
    return average


def main(view, tables):
    """tables: company -> DataFrame of one tweet or more. Returns company -> average length."""
    work = [(company, piece) for company, tweets in tables.items() for piece in pieces(tweets)]
    companies = [company for company, _ in work]
    measured = view.map_async(measure, companies, [piece for _, piece in work]).get()
    found = {company: [] for company in tables}
    for company, result in zip(companies, measured, strict=True):
        found[company].append(result)
    return {company: sum(results) / len(results) for company, results in found.items()}
