"""Failures of NLTK in tasks: a missing corpus, a wrong kind of text; and tokens that are counted."""

from nltk.tokenize import TweetTokenizer

TWEET = "Prime day at $AMZN again :-) #deals"


def corpus_missing():
    import nltk

    return nltk.data.find("corpora/tweets_that_nobody_wrote")  # where: corpus_missing


def corpus_missing_handled():
    import nltk

    try:
        return nltk.data.find("corpora/tweets_that_nobody_wrote")
    except LookupError:
        return "without it"


def corpus_loaded_late():
    from nltk.corpus import LazyCorpusLoader, WordListCorpusReader

    words = LazyCorpusLoader("words_that_nobody_wrote", WordListCorpusReader, ".*")
    return words.words()  # where: corpus_loaded_late


def text_is_none():
    return TweetTokenizer().tokenize(None)  # where: text_is_none


def text_is_text():
    return len(TweetTokenizer().tokenize(TWEET))
