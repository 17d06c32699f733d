"""How often two words stand side by side in each company's tweets; the work is shared in pieces of 250 words."""

from collections import Counter
from itertools import pairwise

from loguru import logger

WORDS = 250
END = "\n"  # stands behind the last word of each tweet: the next word belongs to another one


def words_of(tweets):
    """The words of all tweets, one after the other, in lower case and without links, and END after each tweet."""
    words = []
    for text in tweets["Tweet content"]:
        words += [word for word in text.lower().split() if not word.startswith("http")]
        words.append(END)
    return words


def pieces(words):
    """The words in pieces of 250. Tweets are long or short; this way all tasks have the same to do."""
    return [words[start : start + WORDS] for start in range(0, len(words), WORDS)]


def count_pairs(company, words):
    """Pair, such as "prime day" -> how often its two words are neighbours in this piece."""
    pairs = Counter()
    for first, second in pairwise(words):
        if END not in (first, second):
            pairs[f"{first} {second}"] += 1
    logger.info("{}: {} words, {!r} to {!r}, {} pairs", company, len(words), words[0], words[-1], pairs.total())
    return pairs


def main(view, tables):
    """tables: company -> DataFrame of one tweet or more. Returns company -> pair -> how often it occurs."""
    work = {company: pieces(words_of(tweets)) for company, tweets in tables.items()}
    sent = {company: view.map_async(count_pairs, [company] * len(work[company]), work[company]) for company in work}
    return {company: sum(counts.get(), Counter()) for company, counts in sent.items()}
