"""Hypothesis strategies for tables of tweets as an exercise may meet them, and the settings of a check's search."""

from collections.abc import Callable
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis import strategies as st

from harness.course import workspace

COMPANIES = ("amzn", "googl", "msft", "nflx")
EXAMPLES = 15

WORDS = st.sampled_from(
    [
        "great",
        "sooooo",
        "#earnings",
        "@user",
        "$AMZN",
        "https://t.co/x1",
        "buying",
        "series",
        "😀",
        "naïve",
        "株価",
        "RT",
        "down,",
    ]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)


@st.composite
def tables(
    draw: st.DrawFn, texts: st.SearchStrategy[Any] = TEXTS, least_rows: int = 0, most_rows: int = 12
) -> dict[str, pd.DataFrame]:
    """Company → table of `least_rows` to `most_rows` tweets, for one to four companies.

    `texts` says what a text can be. Every number of rows is as likely as another.
    """
    companies = draw(st.lists(st.sampled_from(COMPANIES), min_size=1, max_size=4, unique=True))
    rows = {company: draw(st.integers(least_rows, most_rows)) for company in companies}
    return {company: table(draw(st.lists(texts, min_size=n, max_size=n)), draw) for company, n in rows.items()}


def table(texts: list[Any], draw: st.DrawFn) -> pd.DataFrame:
    rows = len(texts)
    counts = draw(st.lists(st.integers(0, 500), min_size=rows, max_size=rows))
    return pd.DataFrame(
        {
            "Date": pd.to_datetime(["2016-04-28"] * rows),
            "Hour": [f"{index % 24:02d}:00" for index in range(rows)],
            "Nickname": [f"user{index % 5}" for index in range(rows)],
            "Tweet content": pd.Series(texts, dtype=object),
            "RTs": counts,
        }
    )


def search(test: Callable[..., None]) -> Callable[..., None]:
    """Run a property on 15 examples drawn from the workspace's seed: the same ones at every check."""
    chosen = settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
    )
    return seed(workspace.seed())(chosen(test))
