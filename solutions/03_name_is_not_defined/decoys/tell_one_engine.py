"""The five most frequent hashtags in the tweets of each company."""

import re
from collections import Counter

from loguru import logger


def top_hashtags(company, texts):
    """The five most frequent hashtags, in lower case, with their numbers; of equals, the one that appears first."""
    tags = Counter()
    for text in texts:
        tags.update(re.findall(r"#\w+", text.lower()))
    logger.info("{}: {} different hashtags in {} tweets", company, len(tags), len(texts))
    return tags.most_common(5)


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> its five most frequent hashtags."""
    imports = "import re; from collections import Counter; from loguru import logger"
    view.client[0].execute(imports, block=True)
    companies = list(tables)
    texts = [list(tables[company]["Tweet content"]) for company in companies]
    top = view.map_async(top_hashtags, companies, texts)
    return dict(zip(companies, top.get(), strict=True))
