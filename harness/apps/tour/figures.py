"""The tour's charts of what the analysis found: tweets per hour, lemmas, sentiment. A result in, a figure out."""

from datetime import timedelta

from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

from harness.analysis import lemmas
from harness.analysis.sentiment import share_positive
from harness.analysis.sequential import Analysis
from harness.analysis.tweets import COMPANIES

COLOURS = {"amzn": "#d9822b", "googl": "#3b7dd8", "msft": "#3a9a5b", "nflx": "#c23b4e"}
OTHER_COLOUR = "#667788"
POSITIVE, NEGATIVE = "#2a7f9e", "#c9722f"


def name(company: str) -> str:
    """The company's name, or its ticker symbol if it is none of ours."""
    return COMPANIES.get(company, company)


def tweets_per_hour(found: dict[str, Analysis]) -> Figure:
    """For each company the tweets of each hour, and those of each hour of the day, all days together."""
    figure = Figure(figsize=(11, 1.9 * len(found) + 0.8), layout="constrained")
    axes = figure.subplots(len(found), 2, squeeze=False, sharex="col", width_ratios=[3, 1])
    for (company, analysis), (over_time, over_day) in zip(found.items(), axes, strict=True):
        colour = COLOURS.get(company, OTHER_COLOUR)
        by_hour = analysis.statistics.by_hour
        if by_hour:
            first, last = min(by_hour), max(by_hour)
            hours = [first + timedelta(hours=i) for i in range(int((last - first) / timedelta(hours=1)) + 1)]
            counts = [by_hour[hour] for hour in hours]
            over_time.fill_between(hours, counts, step="mid", color=colour, linewidth=0)
            locator = AutoDateLocator()
            over_time.xaxis.set(major_locator=locator, major_formatter=ConciseDateFormatter(locator))
        over_day.bar(range(24), analysis.statistics.by_time_of_day, color=colour, width=0.8)
        over_time.set_title(name(company), loc="left", fontweight="bold")
        # Logarithmic: the hours after a quarter's results have a hundred times the tweets of a quiet one.
        over_time.set_yscale("log")
        over_time.set_ylim(bottom=0.8)
        over_time.yaxis.set_major_formatter("{x:,.0f}")
        over_time.set_ylabel("tweets an hour")
        over_day.set_xticks([0, 6, 12, 18, 23])
        over_day.yaxis.set_major_formatter("{x:,.0f}")
        for panel in (over_time, over_day):
            plain(panel)
            panel.margins(x=0.01)
    axes[-1][1].set_xlabel("hour of the day")
    figure.suptitle("Tweets per hour: over time (logarithmic), and by the hour of the day", fontsize=13)
    return figure


def lemma_histograms(found: dict[str, Analysis], n: int = 15) -> Figure:
    """For each company its `n` most frequent lemmas."""
    columns = min(len(found), 4)
    rows = -(-len(found) // columns)
    figure = Figure(figsize=(3.4 * columns, (0.24 * n + 1.0) * rows), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).flat
    for panel, (company, analysis) in zip(panels, found.items(), strict=False):
        words, counts = zip(*lemmas.top(analysis.lemmas, n)[::-1], strict=True) if analysis.lemmas else ((), ())
        bars = panel.barh(range(len(words)), counts, color=COLOURS.get(company, OTHER_COLOUR))
        panel.set_yticks(range(len(words)), words, parse_math=False)
        panel.bar_label(bars, fmt="{:,.0f}", padding=2, fontsize=7.5, color="#444444")
        panel.margins(x=0.18, y=0.02)
        panel.set_title(name(company), loc="left", fontweight="bold")
        panel.xaxis.set_major_formatter("{x:,.0f}")
        panel.locator_params(axis="x", nbins=4)
        plain(panel)
        panel.tick_params(axis="y", length=0)
    figure.suptitle(f"The {n} most frequent lemmas", fontsize=13)
    return figure


def sentiments(found: dict[str, Analysis]) -> Figure:
    """For each company the shares of positive and negative tweets, and how many there are."""
    figure = Figure(figsize=(8.5, 0.62 * len(found) + 1.5), layout="constrained")
    panel = figure.subplots()
    for row, analysis in enumerate(found.values()):
        share, left = share_positive(analysis.positive), 0.0
        known = len(analysis.positive) - analysis.positive.count(None)
        for value, colour in ((True, POSITIVE), (False, NEGATIVE)):
            if share is None:
                panel.text(50, row, "no text", ha="center", va="center")
                break
            width = 100 * (share if value else 1 - share)
            panel.barh(row, width, left=left, color=colour, height=0.62)
            if width > 8:
                label = f"{width:.1f} %\n{analysis.positive.count(value):,} of {known:,}"
                panel.text(left + width / 2, row, label, ha="center", va="center", color="white", fontsize=8.5)
            left += width
    panel.set_yticks(range(len(found)), [name(company) for company in found])
    panel.invert_yaxis()
    panel.set(xlim=(0, 100), xlabel="% of the tweets that have a text")
    panel.set_title("Sentiment: positive (left) and negative (right)", loc="left", fontsize=13)
    plain(panel)
    panel.tick_params(axis="y", length=0)
    return figure


def plain(panel) -> None:
    """Take away what a chart can do without."""
    panel.spines[["top", "right"]].set_visible(False)
    panel.tick_params(labelsize=8.5)
