"""The tour's charts of how it ran: a timeline of the process and the engines, and the cores kept busy meanwhile."""

from matplotlib.figure import Figure
from matplotlib.patches import Patch

from harness.apps.tour.figures import plain
from harness.apps.tour.journey import Engines, Journey, OneProcess, phases
from harness.apps.tour.steps import Span

STEP_COLOURS = {
    "cluster": "#7d8896",
    "start-up": "#b4bcc6",
    "load": "#8e6fb8",
    "statistics": "#d9a92b",
    "lemmas": "#3b7dd8",
    "sentiment": "#2a9d8f",
}
MEANINGS = {"cluster": "start the cluster", "start-up": "imports and model", "load": "read the table"}


def timeline(journey: Journey) -> Figure:
    """What ran when: in one process above, on the engines below, each from its own second 0."""
    above, below = one_process_lanes(journey.one_process), engine_lanes(journey.engines)
    figure = Figure(figsize=(11, 0.42 * (len(above) + len(below)) + 2.4), layout="constrained")
    panels = figure.subplots(2, 1, sharex=True, height_ratios=[len(above) + 0.6, len(below) + 0.6])
    ends = []
    for panel, lanes, title in (
        (panels[0], above, "One after the other, in one process"),
        (panels[1], below, f"On {len(below)} engines"),
    ):
        begin = min(span.begin for spans in lanes.values() for span in spans)
        ends.append(max(span.end for spans in lanes.values() for span in spans) - begin)
        for row, spans in enumerate(lanes.values()):
            _lane(panel, row, spans, begin)
        panel.axvline(ends[-1], color="#444444", linewidth=1, linestyle=":")
        panel.annotate(
            f"{ends[-1]:.1f} s", (ends[-1], 1), xycoords=("data", "axes fraction"), xytext=(3, 3),
            textcoords="offset points", fontsize=9, color="#444444",
        )  # fmt: skip
        panel.set_yticks(range(len(lanes)), lanes)
        panel.set_ylim(len(lanes) - 0.4, -0.6)
        panel.set_title(title, loc="left", fontweight="bold", fontsize=11)
        plain(panel)
        panel.tick_params(axis="y", length=0)
    panels[1].set_xlim(0, 1.07 * max(ends))
    panels[1].set_xlabel("seconds, start-up included")
    handles = [Patch(color=colour, label=MEANINGS.get(step, step)) for step, colour in STEP_COLOURS.items()]
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles), frameon=False, fontsize=9)
    return figure


def one_process_lanes(one: OneProcess) -> dict[str, list[Span]]:
    """The lane of the sequential analysis."""
    return {"process": [one.start_up, *one.spans]}


def engine_lanes(engines: Engines) -> dict[str, list[Span]]:
    """A lane for each engine; the pause that the tour makes between start-up and analysis is cut out."""
    pause = engines.middle.run.begin - max(span.end for span in engines.start_ups)
    return {
        f"engine {time.engine}": [
            engines.cluster_start,
            start_up,
            *(Span(span.step, span.begin - pause, span.end - pause) for span in spans),
        ]
        for time, start_up, spans in zip(engines.middle.times, engines.start_ups, engines.middle.spans, strict=True)
    }


def _lane(panel, row: int, spans: list[Span], begin: float) -> None:
    for span in spans:
        panel.barh(
            row, span.seconds, left=span.begin - begin, height=0.72, color=STEP_COLOURS[span.step],
            edgecolor="white", linewidth=0.4,
        )  # fmt: skip


def cores_busy(journey: Journey) -> Figure:
    """Cores kept busy over time, by the tour and by the whole machine, with the tour's phases named."""
    figure = Figure(figsize=(11, 3.6), layout="constrained")
    panel = figure.subplots()
    zero = journey.one_process.start_up.begin
    last = phases(journey)[-1].end
    samples = [sample for sample in journey.samples if zero <= sample.time <= last]
    times = [sample.time - zero for sample in samples]
    cores = journey.measured.cores
    panel.fill_between(times, [sample.ours for sample in samples], step="pre", color="#3b7dd8", alpha=0.85,
                       linewidth=0, label="this tour")  # fmt: skip
    panel.step(times, [sample.machine for sample in samples], where="pre", color="#444444", linewidth=0.9,
               label="all that runs on this machine")  # fmt: skip
    panel.axhline(cores, color="#c23b4e", linewidth=1, linestyle="--", label=f"{cores} cores")
    top = 1.45 * max(cores, *(sample.ours for sample in samples), 1)
    for number, phase in enumerate(phases(journey)):
        if number % 2 == 0:
            panel.axvspan(phase.begin - zero, phase.end - zero, color="#eef1f5", zorder=0)
        middle = (phase.begin + phase.end) / 2 - zero
        panel.text(middle, 0.98 * top, phase.step, ha="center", va="top", fontsize=8)
    panel.set(xlim=(0, last - zero), ylim=(0, top), xlabel="seconds", ylabel="cores busy")
    panel.set_title("Cores kept busy", loc="left", fontsize=13)
    panel.legend(loc="upper left", bbox_to_anchor=(0, -0.18), ncols=3, frameon=False, fontsize=9)
    plain(panel)
    return figure
