"""The tables of the exercise: one company, chosen by the seed, has a tweet with a very drawn-out word in it."""

from random import Random

from harness.course.tables import small

NUMBER = 35
PLAIN = "I said it before ${ticker} #{letters}"
TWEETS = (
    "bought ${ticker} at the top and now this {word}",
    "not again ${ticker} {word} I want my money back",
    "@{user} they did it {word} all in on ${ticker}",
    "my stream of the day is down {word} fix it ${ticker}",
)
WORDS = (("no", "o", "!!!"), ("why", "y", "???"), ("yes", "s", "!!"), ("so", "o", "..."), ("aa", "h", "!"))
SAYINGS = (
    "tothemoonandneverevercomingbackagain",
    "itoldyouallalongbutnobodylistenedtome",
    "whatatimetobealiveandholdingshares",
)


def tables(seed):
    """Company -> table; one text of one company has a word of 46 to 58 letters with punctuation behind it.

    A text further up has a word that is nearly as long, and fits.
    """
    random = Random(f"{NUMBER}-{seed}")
    made = small(seed)
    company = random.choice(list(made))
    tweets, ticker = made[company], company.upper()
    start, letter, end = random.choice(WORDS)
    word = start + letter * random.randint(45, 55) + end
    text = random.choice(TWEETS).format(ticker=ticker, word=word, user=tweets.loc[0, "Nickname"])
    tweets.loc[random.randrange(50, len(tweets)), "Tweet content"] = text
    plain = PLAIN.format(ticker=ticker, letters=random.choice(SAYINGS))
    tweets.loc[random.randrange(20, 50), "Tweet content"] = plain
    return made
