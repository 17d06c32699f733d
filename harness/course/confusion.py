"""How often the expected outcome was the one seen: a confusion matrix, and the F1 score of its classes averaged."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Confusion:
    """`counts[expected, seen]`: how many runs."""

    counts: Counter[tuple[str, str]]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> "Confusion":
        return cls(Counter(pairs))

    @property
    def classes(self) -> list[str]:
        """Every outcome expected or seen, by name."""
        return sorted({name for pair in self.counts for name in pair})

    @property
    def macro_f1(self) -> float | None:
        """The mean over the classes of F1 = 2·TP / (2·TP + FP + FN); None if there are no runs."""
        scores = [self._f1(name) for name in self.classes]
        return sum(scores) / len(scores) if scores else None

    def _f1(self, name: str) -> float:
        hits = self.counts[name, name]
        wrongly = sum(count for (expected, seen), count in self.counts.items() if (expected == name) != (seen == name))
        return 2 * hits / (2 * hits + wrongly) if hits or wrongly else 0.0
