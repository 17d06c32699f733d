"""How many words a company's tweets share with those of the others; the shared words are worked out once, and kept."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from loguru import logger


def shared_words(company, texts, cache):
    """The words that at least two companies' tweets use, and 1 if they had to be worked out, which takes its time."""
    if cache.exists():
        return set(cache.read_text(encoding="utf-8").split()), 0
    used = Counter(word for tweets in texts.values() for word in set(" ".join(tweets).lower().split()))
    words = {word for word, companies in used.items() if companies > 1}
    draft = cache.with_suffix(f".{company}")  # so that nobody finds half of it
    draft.write_text("\n".join(sorted(words)), encoding="utf-8")
    draft.replace(cache)
    logger.info("worked out {} shared words, of {}", len(words), len(used))
    return words, 1


def compare(company, texts, cache):
    """How many of the company's words are shared, and how often that had to be worked out for it."""
    words, worked_out = shared_words(company, texts, cache)
    shared = words & set(" ".join(texts[company]).lower().split())
    logger.info("{}: {} shared words", company, len(shared))
    return len(shared), worked_out


def main(view, tables):
    """tables: company -> DataFrame of any length. Returns company -> shared words, and `worked out` -> how often."""
    texts = {company: list(tweets["Tweet content"]) for company, tweets in tables.items()}
    with TemporaryDirectory() as folder:
        cache = Path(folder, "shared.txt")
        found = view.map_async(compare, list(texts), [texts] * len(texts), [cache] * len(texts)).get()
    shared = {company: words for company, (words, _) in zip(texts, found, strict=True)}
    return {**shared, "worked out": sum(times for _, times in found)}
