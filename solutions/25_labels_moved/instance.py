"""The tables of the exercise: every piece has tweets of all three moods but one, chosen by the seed."""

from random import Random

from harness.course.tables import small

NUMBER = 25
ROWS = 20
COMPANIES = ("amzn", "googl", "msft", "nflx")
GOOD = {"love", "great", "best", "amazing", "win", "wins", "happy", "joy", "sweet", "good"}
BAD = {"hate", "worst", "awful", "lame", "ruined", "waste", "terrible", "lost", "down", "bad"}
PRAISE = ("still the best", "love it", "what a joy", "great to see", "good for them")
BLAME = ("what a waste", "lost my weekend to it", "so lame", "worst idea of the week", "this is awful")


def tables(seed):
    """Company -> table of 49 to 98 tweets. One piece, not its company's first, has no negative tweet."""
    random = Random(f"{NUMBER}-{seed}")
    rows = {company: ROWS * random.randint(2, 4) + random.randint(9, 18) for company in COMPANIES}
    made = small(seed, rows)
    chosen = random.choice(COMPANIES)
    lacking = random.randrange(1, len(made[chosen]) // ROWS)
    for company, tweets in made.items():
        texts = list(tweets["Tweet content"])
        pieces = [texts[start : start + ROWS] for start in range(0, len(texts), ROWS)]
        for number, piece in enumerate(pieces):
            _fill(piece, (company, number) == (chosen, lacking), random)
        tweets["Tweet content"] = [text for piece in pieces for text in piece]
    return made


def decisive(events, tables):
    """Of the tasks' events those of the task whose piece has no negative tweet."""
    number = 0
    for tweets in tables.values():
        scores = [_score(text) for text in tweets["Tweet content"]]
        for start in range(0, len(scores), ROWS):
            number += 1
            if min(scores[start : start + ROWS]) >= 0:
                return [event for event in events if event.task == number]
    return []


def _fill(piece, lacks_negative, random):
    """Add a few words to tweets of the piece, so that it has all three moods, or all but one."""
    if lacks_negative:
        for row, text in enumerate(piece):
            if _score(text) < 0:
                piece[row] = " ".join(word for word in text.split() if word.lower() not in BAD)
    plain = [row for row, text in enumerate(piece) if _score(text) == 0]
    random.shuffle(plain)
    piece[plain[0]] += f" - {random.choice(PRAISE)}"
    if not lacks_negative:
        piece[plain[1]] += f" - {random.choice(BLAME)}"


def _score(text):
    words = text.lower().split()
    return sum(word in GOOD for word in words) - sum(word in BAD for word in words)
