"""Task 2, lemmas: how often each word is used, whatever its inflection."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from string import ascii_lowercase

from nltk.stem import WordNetLemmatizer
from nltk.tokenize import TweetTokenizer

from harness.inputs import wordnet

NOISE = re.compile(r"https?://\S+|[@$]\w+")  # links, mentions, cashtags
WORD = re.compile(r"[^\W\d_][^\d./:@_]*")  # begins with a letter, of any script

STOP_WORDS = frozenset(ascii_lowercase) | frozenset(
    """
    about above after again against all also am an and any are as at be because been before being below
    between both but by can could did do does doing done down during each either else ever every few for from
    further get gets getting go goes going gone got had has have having he her here hers herself him himself his
    how if in into is it its itself just like may me might mine more most much must my myself neither no nor
    not now of off on once one only onto or other our ours ourselves out over own per quite rather re really same
    she should since so some still such than that the their theirs them themselves then there these they this
    those though through thus to too under until up upon us very via was we were what when where whether which
    while who whom whose why will with within without would yet you your yours yourself yourselves
    ain't aren't can't couldn't didn't doesn't don't hadn't hasn't haven't he'd he'll i'd i'll i'm i've isn't
    it'll mustn't needn't she'd she'll shouldn't they'd they'll they're they've wasn't we'd we'll we're we've
    weren't won't wouldn't you'd you'll you're you've
    amp im lol rt ur
    """.split()  # noqa: SIM905, a list of two hundred quoted words is unreadable
)


def count(texts: Iterable[str]) -> Counter[str]:
    """How often each lemma occurs in `texts`.

    Tokens are counted first and each different one is looked up once: texts are many, their words few. The work
    grows in proportion to the texts.
    """
    tokenize = tokenizer()
    tokens = Counter(token for text in texts for token in tokenize(clean(text)))
    wordnet.ensure()
    lemmas = Counter[str]()
    for token, times in tokens.items():
        if word := lemma(token):
            lemmas[word] += times
    return lemmas


def tokenizer() -> Callable[[str], list[str]]:
    """What takes a text apart into words, hashtags, emoticons and so on; "sooooo" becomes "sooo"."""
    return TweetTokenizer(reduce_len=True, match_phone_numbers=False).tokenize


def clean(text: str) -> str:
    """A text without its links, mentions and cashtags, with straight apostrophes."""
    return NOISE.sub(" ", text).replace("’", "'")


@lru_cache(maxsize=100_000)
def lemma(token: str) -> str | None:
    """The base form that WordNet knows of a token; None if it is a stop word or no word at all.

    As a verb, else as a noun, else as an adjective; else the word itself. What can be a verb or a noun, as "lives", is
    taken for a verb: nobody looks at the sentence.
    """
    word = token.lower().lstrip("#").removesuffix("'s")
    if not WORD.fullmatch(word) or word in STOP_WORDS:
        return None
    lemmatize = WordNetLemmatizer().lemmatize
    forms = (lemmatize(word, part_of_speech) for part_of_speech in "vna")
    return next((form for form in forms if form != word), word)


def top(lemmas: Counter[str], n: int) -> list[tuple[str, int]]:
    """The `n` most frequent lemmas and their counts; equally frequent ones by alphabet."""
    return sorted(lemmas.items(), key=lambda item: (-item[1], item[0]))[:n]
