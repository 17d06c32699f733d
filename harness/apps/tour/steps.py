"""What the tour asks of a process, of its own or an engine: start up, tell when each step of the analysis ran."""

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

# Nothing heavy is imported above: a process that starts up shall find it all still to do.

STEPS = {
    "load": ("tweets", "load"),
    "statistics": ("statistics", "describe"),
    "lemmas": ("lemmas", "count"),
    "sentiment": ("sentiment", "classify"),
}


@dataclass(frozen=True)
class Span:
    """A stretch of time in one process; `begin` and `end` in seconds since the epoch, by this machine's clock."""

    step: str
    begin: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.end - self.begin


@dataclass(frozen=True)
class Ready:
    """A process that has started up: its id, and when it imported and loaded what the analysis needs."""

    pid: int
    start_up: Span


_spans: list[Span] = []
_listeners: list[Callable[[Span], None]] = [_spans.append]


def tell(listener: Callable[[Span], None]) -> None:
    """Let `listener` hear of each step that is watched in this process, as the step ends."""
    _listeners.append(listener)


def watch() -> None:
    """Note from now on, in this process, when each step of the analysis ran.

    The steps' functions are wrapped where they stand, so the analysis knows nothing of it.
    """
    for step, (module, name) in STEPS.items():
        home = import_module(f"harness.analysis.{module}")
        function = getattr(home, name)
        if not hasattr(function, "__wrapped__"):
            setattr(home, name, _noted(step, function))


def note(span: Span) -> None:
    """Add a step that has just ended in this process."""
    for listener in _listeners:
        listener(span)


def _noted(step: str, function: Callable) -> Callable:
    @wraps(function)
    def noted(*arguments, **named):
        begin = time.time()
        result = function(*arguments, **named)
        note(Span(step, begin, time.time()))
        return result

    return noted


def taken() -> list[Span]:
    """The steps that ran in this process since `taken` was last asked."""
    spans = _spans.copy()
    _spans.clear()
    return spans


def forget() -> None:
    """Forget the lemmas looked up so far, so that each run that is timed finds the same to do."""
    from harness.analysis import lemmas

    lemmas.lemma.cache_clear()


def start_up_on_all_threads() -> Ready:
    """Import and load all that the analysis needs; TensorFlow uses as many threads as it likes."""
    begin = time.time()
    from harness.analysis import lemmas, sentiment

    lemmas.count(["words"])
    # Batches of two sizes: the first call fits the network to the size it sees, the second to any.
    for texts in (["good"], ["good", "bad"]):
        sentiment.probabilities(texts)
    watch()
    return Ready(os.getpid(), Span("start-up", begin, time.time()))


def start_up_on_one_thread() -> Ready:
    """The same with TensorFlow on one thread."""
    begin = time.time()
    from harness.analysis import sentiment

    sentiment.use_one_thread()
    ready = start_up_on_all_threads()
    return Ready(ready.pid, Span("start-up", begin, ready.start_up.end))


def analyse_alone(companies: Iterable[str], folder: Path, rows: int | None) -> tuple[Span, dict[str, Any]]:
    """The sequential analysis in this process: when it ran, and what it found."""
    from harness.analysis import sequential

    forget()
    begin = time.time()
    found = sequential.run(companies, folder, rows)
    return Span("sequential", begin, time.time()), found


def time_alone(companies: Iterable[str], folder: Path, rows: int | None) -> Span:
    """When the sequential analysis ran in this process; what it finds is dropped."""
    return analyse_alone(companies, folder, rows)[0]


def time_sentiment(companies: Iterable[str], folder: Path, rows: int | None) -> float:
    """How long this process takes to classify the tweets of all companies, seconds."""
    from harness.analysis import sentiment, tweets

    taken()
    for company in companies:
        sentiment.classify(tweets.load(company, folder, rows)[tweets.TEXT])
    return sum(span.seconds for span in taken() if span.step == "sentiment")
