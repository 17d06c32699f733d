"""The average length of each company's tweets, one task a company."""

from loguru import logger


def clean(text):
    """A tweet as it is measured: lower case, without links and line breaks."""
    words = text.lower().split()
    return " ".join(word for word in words if not word.startswith("http"))


def average_length(company, tweets):
    """The average number of characters of a company's cleaned tweets; None if it has none."""
    logger.info("{} has {} tweets", company, len(tweets))
    lengths = [len(clean(str(text))) for text in tweets["Tweet content"]]
    if not lengths:
        return None
    return sum(lengths) / len(lengths)


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> average length."""
    companies = list(tables)
    averages = view.map_async(average_length, companies, [tables[company] for company in companies])
    return dict(zip(companies, averages.get(), strict=True))
