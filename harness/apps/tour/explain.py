"""One paragraph that explains what the tour measured on this machine, put together from the figures."""

from math import floor

from harness.apps.tour.speedup import Measured


def explain(measured: Measured) -> str:
    """Why the engines were as fast as they were: the speed-up, its limit here, what was lost, and the cold start."""
    sentences = (_speed_up, _limit, _losses, _serial_fraction, _cold_start, _threads)
    return " ".join(filter(None, (sentence(measured) for sentence in sentences)))


def _speed_up(m: Measured) -> str:
    said = (
        f"Once everything is loaded, one process takes {m.alone:.1f} s for {m.tweets:,} tweets, and {m.engines} "
        f"engines take {m.parallel:.1f} s: {m.speed_up:.2f} times as fast, {m.efficiency:.0%} of the {m.engines} "
        "that one might hope for."
    )
    if m.parallel < 1:
        said += " So short a run says little: chance moves it by more than engines do; try more rows."
    return said


def _limit(m: Measured) -> str:
    together = f"{m.engines} processes that know nothing of each other"
    if m.cores == 1:
        return (
            f"This machine has one core, so {together} take turns on it and reach {m.ceiling:.2f} times one process: "
            "engines cannot make computing faster here, only on more cores."
        )
    if m.of_ceiling > 1.03:
        return (
            f"No engines can beat {together}, yet here those reach {m.ceiling:.2f} only, which the engines pass: the "
            "machine's speed changed meanwhile, so measure again."
        )
    reached = f"{together} reach {m.ceiling:.2f} here, and the engines get {m.of_ceiling:.0%} of that"
    if m.ceiling > 0.9 * m.engines:
        return f"The machine itself hardly stands in the way: {reached}."
    if m.engines > m.cores:
        why = f"there are more engines than cores, {m.engines} on {m.cores}"
    elif m.others > 0.25:
        why = f"other programs kept {m.others:.1f} of the {m.cores} cores busy, so measure again when they rest"
    else:
        why = "cores share caches, memory and the clock's boost"
    return f"Much of what is missing is the machine's, not the program's: {reached}; {why}."


def _losses(m: Measured) -> str:
    total = m.engines * m.parallel
    if m.cores == 1:
        return ""
    slower = max(m.engine_times, key=lambda each: each.compute + each.transfer)
    if m.idle > 0.1 * total:
        return (
            f"The work was not shared evenly: engines were idle for {m.idle / total:.0%} of their time, waiting for "
            f"engine {slower.engine} or for tables to be read; smaller parts would even it out."
        )
    if m.transfer > 0.1 * total:
        return (
            f"Sending parts and results took {m.transfer / total:.0%} of the engines' time: larger parts, or less in "
            "each, would save some."
        )
    return (
        f"Sending parts and results took {m.transfer / total:.0%} of the engines' time and waiting "
        f"{m.idle / total:.0%}, so the parts are large enough to be worth sending and small enough to end together."
    )


def _serial_fraction(m: Measured) -> str:
    fraction = m.serial_fraction
    if fraction <= 0:
        return (
            f"The Karp–Flatt serial fraction is {fraction:.1%}: below zero, as more than the number of engines' "
            "times as fast is luck, or caches that hold a part but not the whole."
        )
    if fraction >= 1:
        return (
            f"The Karp–Flatt serial fraction is {fraction:.1%}: above one, as the engines were no faster than one "
            "process, so it says nothing about the program."
        )
    return (
        f"The Karp–Flatt serial fraction is {fraction:.1%}: the run behaves as if that share of the work could not be "
        f"shared, and then no number of engines would be more than {1 / fraction:.1f} times as fast."
    )


def _cold_start(m: Measured) -> str:
    said = (
        "Counted from nothing, the picture is another one: every engine imports TensorFlow and loads the network for "
        f"itself, which engines do not share out but repeat. One process was ready after {m.alone_start_up:.1f} s, "
        f"{m.engines} engines, all importing at once, after {m.cluster_start + m.engines_start_up:.1f} s, cluster "
        f"included. So cold, engines need {m.parallel_cold:.1f} s and one process {m.alone_cold:.1f} s: "
    )
    if m.cold_speed_up >= 1.05:
        said += f"of the speed-up {m.cold_speed_up:.2f} is left."
    elif m.cold_speed_up > 0.95:
        said += "nothing is left of the speed-up."
    else:
        said += "the engines are slower."
    gain, debt = m.alone - m.parallel, m.parallel_cold - m.alone_cold
    if debt > 0 and gain > 0:
        said += f" Engines that stay up pay it once: from analysis {2 + floor(debt / gain)} on they are ahead."
    elif gain > 0:
        said += " Engines that stay up pay it only once."
    return said


def _threads(m: Measured) -> str:
    ratio = m.alone / m.alone_on_all_threads
    said = "All this is with TensorFlow on one thread in each process; "
    if m.cores == 1:
        return ""
    if ratio > 1.03:
        return said + (
            f"on all threads the sequential analysis would take {m.alone_on_all_threads:.1f} s, {ratio:.2f} times as "
            "fast without a line changed, since the sentiment uses them and the rest cannot."
        )
    return said + (
        f"on all threads the sequential analysis would take {m.alone_on_all_threads:.1f} s, no faster: only the "
        "sentiment could use them, and its batches are too small to gain."
    )
