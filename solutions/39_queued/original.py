"""The mood of the talk about each company, language by language, one task a company and language."""

import ipyparallel as ipp
from loguru import logger

# language -> words of praise, words of blame
WORDS = {
    "de": ({"liebe", "toll", "super", "beste"}, {"hasse", "schlecht", "kaputt", "teuer"}),
    "en": ({"love", "great", "best", "happy", "good"}, {"hate", "worst", "awful", "waste", "down"}),
    "es": ({"encanta", "mejor", "genial", "feliz"}, {"odio", "peor", "mal", "caro"}),
    "fr": ({"adore", "super", "meilleur", "heureux"}, {"déteste", "pire", "nul", "cher"}),
    "it": ({"adoro", "bello", "meglio", "felice"}, {"odio", "peggio", "brutto", "caro"}),
    "ja": ({"大好き", "最高", "幸せ"}, {"嫌い", "最悪", "残念"}),
    "nl": ({"geweldig", "mooi", "beste", "blij"}, {"haat", "slecht", "kapot", "duur"}),
    "pt": ({"amo", "amei", "melhor", "feliz"}, {"odeio", "pior", "ruim", "caro"}),
    "und": (set(), set()),
}


def speaks(language):
    """Whether this engine has the words of the language."""
    return language in WORDS


def mood(company, language, texts):
    """Words of praise less words of blame, in all texts together."""
    praise, blame = WORDS[language]
    words = " ".join(texts).lower().split()
    score = sum(word in praise for word in words) - sum(word in blame for word in words)
    logger.info("{}, {}: {} tweets, mood {}", company, language, len(texts), score)
    return score


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> language -> mood, None for lack of words."""
    sent = {company: {} for company in tables}
    for company, tweets in tables.items():
        for language, texts in tweets.groupby("Tweet language (ISO 639-1)")["Tweet content"]:
            able = ipp.depend(speaks, language)(mood)  # let those engines have it that can do it
            sent[company][language] = view.apply_async(able, company, language, list(texts))
        logger.info("{}: {} languages", company, len(sent[company]))
    return {company: {language: answer.get() for language, answer in of.items()} for company, of in sent.items()}
