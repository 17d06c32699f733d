"""Who wrote the tweets of each company that were passed on most, so that somebody can write to them."""

from loguru import logger

MANY = 300


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> nicknames, in the order of the table."""
    found = {company: [] for company in tables}

    def look(company, tweets, authors):
        """Note the authors of tweets with 300 retweets or more."""
        for nickname, retweets in zip(tweets["Nickname"], tweets["RTs"], strict=True):
            if retweets >= MANY:
                authors.append(nickname)
        logger.info("{}: {} authors found among {} tweets", company, len(authors), len(tweets))
        return len(authors)

    companies = list(tables)
    work = [tables[company] for company in companies], [found[company] for company in companies]
    counts = view.map_async(look, companies, *work).get()
    logger.info("{} authors found in all", sum(counts))
    return found
