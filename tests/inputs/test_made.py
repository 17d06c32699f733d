"""Made tables are the same for a seed, and look like an export of tweets."""

import csv
import io
import re
from datetime import datetime
from random import Random
from statistics import median

import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.inputs import grammar, made, tables, topics
from harness.inputs.schema import COLUMNS, COMPANIES

# Of 200 rows with the default seed. If you change phrases or how they are drawn, raise made.VERSION and put the
# new digests here: everybody's tables will change.
DIGESTS = {
    1: {
        "amzn": "489358ff0377674dfecd8ee45900416e3920d267d8976d2b1f28bbd2b1601d33",
        "googl": "eab1fc93aab397bc7c92f6b66e809b0f3644b0b5e5be1d05f178e5567ad6c6ed",
        "msft": "d157e8e7dcb1ebb939f6e201c6dbbc07d6c5dd8bdde3c0091541a5155dc1de60",
        "nflx": "6eae77e904e2ef3a1d7d5d77bfa447be06ff26acce90e03afbddef5268a02115",
    }
}
GOOD = (
    r"(?i)\b(love[sd]?|loving|enjoy\w*|recommend\w*|great|amazing|awesome|happy|happier|best|perfect\w*|impress\w*"
    r"|fun|smil\w+|thank you|win|strong|upside|buying|beautiful\w*|well|brilliant|magic|worth|jealous|easy|glad)\b"
)
BAD = (
    r"(?i)\b(hate[sd]?|terrible|awful|worst|worse|useless|broken|broke|garbage|refund|angry|weak|never again|waste\w*"
    r"|lost|loses|fail\w*|mess|tired|nothing|downside|selling|sell|complain\w*|boring|overpriced|annoying|lawsuit|down)\b"
)
LINK, RETWEET = re.compile(r"https?://\S+"), re.compile(r"RT @(\w+): ")


@pytest.fixture(scope="module")
def full() -> dict[str, pandas.DataFrame]:
    """The four tables as `harness data make` gives them."""
    return {
        company: pandas.DataFrame(made.table(company), columns=list(COLUMNS)).astype(
            {"Favs": int, "RTs": int, "Followers": int}
        )
        for company in COMPANIES
    }


@pytest.fixture(params=COMPANIES)
def table(request, full) -> pandas.DataFrame:
    return full[request.param]


@pytest.mark.parametrize("company", COMPANIES)
def test_tables_are_those_of_this_version(company):
    assert tables.digest(tables.as_csv(made.table(company, rows=200))) == DIGESTS[made.VERSION][company]


def test_another_seed_gives_other_tweets():
    texts = [{row[6] for row in made.table("amzn", 300, seed)} for seed in (1, 2)]
    assert len(texts[0] & texts[1]) < 15


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(COMPANIES), st.integers(1, 60), st.integers())
def test_any_seed_gives_a_readable_table(company, rows, seed):
    lines = made.table(company, rows, seed)
    assert lines == made.table(company, rows, seed)
    header, *read = csv.reader(io.StringIO(tables.as_csv(lines).decode(), newline=""))
    assert tuple(header) == COLUMNS
    assert [tuple(line) for line in read] == lines
    assert len(lines) == rows
    for line in lines:
        text = line[COLUMNS.index("Tweet content")]
        assert text.strip()
        assert len(text) <= 140
        assert not re.search(r"[{}]", text)


def test_a_phrase_that_names_no_pool_is_refused_when_loaded():
    with pytest.raises(ValueError, match="thingy"):
        grammar.compile_grammar([{"start": ["a {thingy}"]}], {})


@pytest.mark.parametrize("company", COMPANIES)
def test_every_phrase_can_be_said(company):
    """Each pool that a person can speak from expands, whichever phrases are drawn."""
    for language, spoken in topics.topic(company).grammars.items():
        for pool in spoken.pools:
            for seed in range(10):
                assert spoken.say(pool, Random(seed)), (language, pool)


def test_at_least_six_in_ten_texts_are_distinct(table):
    texts = table["Tweet content"]
    assert texts.nunique() >= 0.6 * len(texts)
    # Neither a random link nor the retweeter's mark makes a text another one.
    bare = texts.str.replace(LINK, "", regex=True).str.replace(RETWEET, "", regex=True).str.rstrip("… ")
    assert bare.nunique() >= 0.6 * len(bare)


@pytest.mark.parametrize(
    ("what", "pattern", "least", "most"),
    [
        ("retweets", r"^RT @\w+: ", 0.2, 0.3),
        ("mentions", r"(?<!RT )@\w+", 0.1, 0.5),
        ("cashtags", r"\$[A-Z]{2,5}\b", 0.2, 0.7),
        ("links", r"https?://\S+", 0.2, 0.6),
        ("hash tags", r"#\w+", 0.2, 0.5),
        ("emoji", "[☀-➿\U0001f300-\U0001faff]", 0.1, 0.4),
        ("stretched words", r"(?i)\b[b-z]*([aeou])\1{3,}[a-z]*\b", 0.01, 0.2),
        ("slang", r"(?i)\b(u|r|n|tbh|gonna|b4|im|plz|thx|rn)\b", 0.02, 0.3),
        ("line breaks", r"\n", 0.005, 0.1),
        ("entities", "&amp;", 0.001, 0.1),
        ("good opinions", GOOD, 0.1, 0.6),
        ("bad opinions", BAD, 0.1, 0.5),
        ("questions", r"\?", 0.03, 0.3),
        ("past tenses", r"(?i)\b\w+ed\b", 0.15, 0.8),
        ("-ing forms", r"(?i)\b\w+ing\b", 0.2, 0.8),
    ],
)
def test_texts_have_what_tweets_have(table, what, pattern, least, most):
    share = table["Tweet content"].map(lambda text: bool(re.search(pattern, text))).mean()
    assert least <= share <= most, what


def test_most_tweets_are_english_and_a_few_languages_are_heard(table):
    shares = table["Tweet language (ISO 639-1)"].value_counts(normalize=True)
    assert 0.75 <= shares["en"] <= 0.95
    assert {"es", "fr", "de", "ja", "pt", "it", "nl", "und"} < set(shares.index)
    japanese = table.loc[table["Tweet language (ISO 639-1)"] == "ja", "Tweet content"]
    assert japanese.str.contains("[぀-ヿ一-鿿]").mean() > 0.9


def test_companies_are_talked_about_in_their_own_words(full):
    words = {
        "amzn": "Prime|Kindle|AWS",
        "googl": "Maps|YouTube|Android",
        "msft": "Azure|Windows|Xbox",
        "nflx": "House of Cards|Narcos|episode",
    }
    for company, own in words.items():
        share = {other: table["Tweet content"].str.contains(own, case=False).mean() for other, table in full.items()}
        assert all(share[company] > 3 * share[other] for other in COMPANIES if other != company)


def test_few_people_write_much_and_most_write_little(table):
    written = table["Nickname"].value_counts()
    assert written.iloc[: len(written) // 100].sum() > 0.1 * len(table)
    assert written.median() <= 3


def test_retweet_counts_and_followers_are_heavy_tailed(table):
    originals = table[table["Is a RT"] == "False"]["RTs"].sort_values(ascending=False)
    assert originals.iloc[: len(originals) // 100].sum() > 0.3 * originals.sum()
    assert originals.median() <= 1
    assert table["Followers"].max() > 1000 * table["Followers"].median()


def test_a_retweet_repeats_an_earlier_tweet_of_the_table_and_shows_its_count(table):
    retweets = table["Is a RT"] == "True"
    assert (table["Tweet content"].str.startswith("RT @") == retweets).all()
    said: dict[str, list[tuple[str, int]]] = {}  # by handle: texts and counts
    oldest_first = table.iloc[::-1]
    for nickname, text, count in zip(
        *(oldest_first[name] for name in ("Nickname", "Tweet content", "RTs")), strict=True
    ):
        if mark := RETWEET.match(text):
            begins = text[mark.end() :].rstrip("…")
            assert any(what.startswith(begins) and count == counted for what, counted in said[mark[1]]), text
        said.setdefault(nickname, []).append((text, count))


def test_days_and_nights_and_several_weeks(table):
    hours = table["Hour"].str[:2].value_counts()
    assert hours["04"] < hours["10"] / 4
    dates = pandas.to_datetime(table["Date"], format="%Y-%m-%d")
    assert (dates.max() - dates.min()).days > 7 * 7
    by_weekday = dates.dt.day_of_week.value_counts()
    assert by_weekday[[5, 6]].max() < by_weekday[[0, 1, 2, 3, 4]].min()


@pytest.mark.parametrize("company", COMPANIES)
def test_the_day_of_the_figures_is_the_busiest(company, full):
    per_day = full[company]["Date"].value_counts()
    day = topics.topic(company).earnings.isoformat()
    assert per_day.idxmax() == day
    assert per_day[day] > 4 * median(per_day)
    table = full[company]
    talk = table["Tweet content"].str.contains("earnings|quarter|revenue|guidance", case=False)
    evening = (table["Date"] == day) & (table["Hour"] >= "16:00")
    assert talk[evening].mean() > 5 * talk[~evening].mean()


def test_cells_are_missing_where_exports_miss_them(table):
    empty = (table == "").mean()
    assert 0.05 < empty["Bio"] < 0.25
    assert 0.15 < empty["Place (as appears on Bio)"] < empty["Country"] < 0.5
    assert empty["Latitude"] == empty["Longitude"] == empty["Country"]
    whole = table.columns.difference(["Bio", "Place (as appears on Bio)", "Country", "Latitude", "Longitude"])
    assert (empty[whole] == 0).all()


def test_ids_are_distinct_and_newest_first_as_the_dates_are(table):
    ids = table["Tweet Id"].astype("int64")
    assert ids.is_monotonic_decreasing
    assert ids.is_unique
    when = [datetime.fromisoformat(f"{date} {hour}") for date, hour in zip(table["Date"], table["Hour"], strict=True)]
    assert when == sorted(when, reverse=True)
