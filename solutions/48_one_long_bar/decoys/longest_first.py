"""How often each company's tweets name a product, spelt right or nearly so; one task a company."""

import re
from collections import Counter
from difflib import get_close_matches

from loguru import logger

PRODUCTS = ["alexa", "android", "azure", "chromecast", "echo", "kindle", "netflix", "office", "pixel", "prime", "xbox"]
WORD = re.compile(r"[a-z]{3,}")
ALIKE = 0.8


def mentions(company, texts):
    """Product -> how often these texts name it."""
    found = Counter()
    for text in texts:
        for word in WORD.findall(text.lower()):
            found.update(get_close_matches(word, PRODUCTS, 1, ALIKE))
    logger.info("{}: {} tweets, {} mentions", company, len(texts), found.total())
    return found


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> product -> how often it is named."""
    companies = sorted(tables, key=lambda company: -len(tables[company]))
    texts = [list(tables[company]["Tweet content"]) for company in companies]
    counted = view.map_async(mentions, companies, texts).get()
    return {company: dict(found) for company, found in zip(companies, counted, strict=True)}
