"""Where the learner was in `harness watch`: the exercise and the tab, kept between calls."""

import json
from dataclasses import asdict, dataclass

from harness import places, store

FILE = "watch.json"


@dataclass(frozen=True)
class Place:
    """An exercise's folder name and a tab's id; empty if there was none."""

    exercise: str = ""
    tab: str = ""


def last() -> Place:
    """The place that was kept; an empty one if there is none, or it cannot be read: nothing is lost by that."""
    try:
        stored = json.loads((places.state() / FILE).read_text(encoding="utf-8"))
        return Place(str(stored["exercise"]), str(stored["tab"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Place()


def keep(place: Place) -> None:
    """Keep the place for the next call."""
    folder = places.state()
    folder.mkdir(parents=True, exist_ok=True)
    store.replace_file(folder / FILE, json.dumps(asdict(place)).encode())
