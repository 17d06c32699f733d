"""The tour on the screen: tables of what was found and measured, and cores as lines of blocks."""

from rich.console import Console
from rich.table import Table

from harness.analysis import lemmas
from harness.analysis.sentiment import share_positive
from harness.analysis.sequential import Analysis
from harness.apps.tour.cores import Sample, busy
from harness.apps.tour.explain import explain
from harness.apps.tour.figures import name
from harness.apps.tour.journey import ROUNDS, Journey, phases
from harness.apps.tour.speedup import Measured
from harness.apps.tour.steps import Span

BLOCKS, PLAIN_BLOCKS = " ▁▂▃▄▅▆▇█", " .:-=+*#@"
WIDTH = 24  # blocks a line at most


def show(journey: Journey, console: Console) -> None:
    """Print all of it; plain text where `console` is no terminal."""
    console.print(found_table(journey.one_process.found))
    if journey.agree:
        console.print("Both ways found exactly the same: every count, every lemma, every label.")
    else:
        console.print("[bold red]The two ways disagree[/bold red]: please report this.")
    console.print(time_table(journey.measured))
    console.print(engine_table(journey.measured))
    console.print(cores_table(journey, console))
    console.print()
    console.print(explain(journey.measured), highlight=False)


def found_table(found: dict[str, Analysis]) -> Table:
    """What the three tasks found, a row a company."""
    table = _table(
        "What the tweets say", "company", "tweets", "characters", "retweets", "positive", "most frequent lemmas"
    )
    for company, analysis in found.items():
        counts, share = analysis.statistics, share_positive(analysis.positive)
        table.add_row(
            name(company),
            f"{counts.tweets:,}",
            _number(counts.average_length, ".1f"),
            _number(counts.average_retweets, ".2f"),
            _number(share, ".1%"),
            ", ".join(word for word, _ in lemmas.top(analysis.lemmas, 5)),
        )
    dates = [day for each in found.values() for day in (each.statistics.first, each.statistics.last) if day]
    if dates:
        table.caption = f"from {min(dates):%Y-%m-%d} to {max(dates):%Y-%m-%d}; characters and retweets: average a tweet"
    return table


def time_table(measured: Measured) -> Table:
    """Wall times of both ways, and what follows from them."""
    m = measured
    table = _table("How long it took (seconds)", "", "one process", f"{m.engines} engines", "times as fast")
    start = m.cluster_start + m.engines_start_up
    table.add_row("cluster, imports and model", f"{m.alone_start_up:.2f}", f"{start:.2f}", "")
    table.add_row("the three tasks, warm", f"{m.alone:.2f}", f"{m.parallel:.2f}", f"{m.speed_up:.2f}")
    table.add_row("both, cold", f"{m.alone_cold:.2f}", f"{m.parallel_cold:.2f}", f"{m.cold_speed_up:.2f}")
    table.add_row(
        f"{m.engines} processes, each all of it",
        f"{m.alone * m.engines:.2f}",
        f"{m.at_once:.2f}",
        f"{m.ceiling:.2f}",
    )
    table.add_row("TensorFlow on all threads, warm", f"{m.alone_on_all_threads:.2f}", "", "")
    table.caption = (
        f"speed-up {m.speed_up:.2f} = {m.of_ceiling:.3f} of the ceiling {m.ceiling:.2f} that {m.engines} independent "
        f"processes reach, in the middle one of {ROUNDS} rounds; efficiency {m.efficiency:.1%}; "
        f"Karp–Flatt serial fraction {m.serial_fraction:.1%}"
    )
    return table


def engine_table(measured: Measured) -> Table:
    """Where each engine's time went."""
    table = _table(
        "Where each engine's time went (seconds)", "engine", "parts", "imports and model", "transfer", "compute", "idle"
    )
    for each in measured.engine_times:
        seconds = (each.start_up, each.transfer, each.compute, each.idle)
        table.add_row(str(each.engine), str(each.parts), *(f"{value:.2f}" for value in seconds))
    return table


def cores_table(journey: Journey, console: Console) -> Table:
    """Cores busy over time: a line of blocks for each phase, full height for all cores."""
    blocks = BLOCKS if (console.encoding or "").lower().startswith("utf") else PLAIN_BLOCKS
    cores = journey.measured.cores
    table = _table(f"Cores busy (of {cores})", "phase", "seconds", "average", "over time")
    table.columns[-1].justify = "left"
    for phase in phases(journey):
        average = busy(journey.samples, phase.begin, phase.end)
        table.add_row(
            phase.step.replace("\n", " "),
            f"{phase.seconds:.1f}",
            _number(average, ".2f"),
            line_of_blocks(journey.samples, phase, cores, blocks),
        )
    return table


def line_of_blocks(samples: list[Sample], phase: Span, cores: int, blocks: str = BLOCKS) -> str:
    """One block for each sample in a phase, or for the average of several if there are more than `WIDTH`."""
    values = [sample.ours for sample in samples if phase.begin <= sample.time <= phase.end]
    group = -(-len(values) // WIDTH) or 1
    averages = [sum(values[i : i + group]) / len(values[i : i + group]) for i in range(0, len(values), group)]
    height = len(blocks) - 1
    return "".join(blocks[min(height, round(height * average / cores))] for average in averages)


def _number(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)


def _table(title: str, first: str, *others: str) -> Table:
    table = Table(title="\n" + title, title_justify="left", caption_justify="left", title_style="bold")
    table.add_column(first)
    for heading in others:
        table.add_column(heading, justify="left" if heading == "most frequent lemmas" else "right")
    return table
