"""Who wrote the tweets of each company that were passed on most, so that somebody can write to them."""

from loguru import logger

MANY = 300


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> nicknames, in the order of the table."""
    found = {company: [] for company in tables}

    def look(company, tweets):
        """Note the authors of tweets with 300 retweets or more."""
        for nickname, retweets in zip(tweets["Nickname"], tweets["RTs"], strict=True):
            if retweets >= MANY:
                found[company].append(nickname)
        logger.info("{}: {} authors found among {} tweets", company, len(found[company]), len(tweets))
        return found

    companies = list(tables)
    answers = view.map_async(look, companies, [tables[company] for company in companies]).get()
    for answer in answers:
        found.update(answer)
    logger.info("{} authors found in all", sum(len(nicknames) for nicknames in found.values()))
    return found
