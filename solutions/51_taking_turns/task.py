"""How many of each company's tweets were said before, nearly word for word; one task a company."""

from loguru import logger

NEARLY = 0.6


def said_before(company, texts):
    """How many of the texts share most of their words with an earlier one, links and mentions left out."""
    logger.info("{} has {} tweets", company, len(texts))
    earlier, again = [], 0
    for text in texts:
        words = {word for word in text.lower().split() if not word.startswith(("http", "@"))}
        if any(len(words & other) >= NEARLY * len(words | other) for other in earlier):
            again += 1
        earlier.append(words)
    logger.info("{}: {} were said before", company, again)
    return again


def main(view, tables):
    """tables: company -> DataFrame of its tweets, oldest first. Returns company -> how many were said before."""
    answers = {}
    for company, tweets in tables.items():
        answers[company] = view.apply_async(said_before, company, list(tweets["Tweet content"]))
    return {company: answer.get() for company, answer in answers.items()}
