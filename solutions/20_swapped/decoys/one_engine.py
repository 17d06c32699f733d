"""How many tweets of each company say what an earlier one said already, word for word or nearly so."""

from loguru import logger


def alike(words, others):
    """Whether four of five words that occur in either of two tweets occur in both."""
    return len(words & others) >= 0.8 * len(words | others)


def copies(company, texts):
    """How many of a company's texts are alike to an earlier one; each is held against all that are new."""
    new, count = [], 0
    for text in texts:
        words = set(text.lower().split())
        if any(alike(words, others) for others in new):
            count += 1
        else:
            new.append(words)
    logger.info("{}: {} of {} tweets are copies", company, count, len(texts))
    return count


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> number of copies."""
    companies = list(tables)
    texts = [list(tables[company]["Tweet content"]) for company in companies]
    counts = view.client.load_balanced_view([0]).map_async(copies, companies, texts, ordered=False)
    found = {}
    for company, count in zip(companies, counts, strict=True):
        logger.info("{} of {} are done", len(found) + 1, len(companies))
        found[company] = count
    return found
