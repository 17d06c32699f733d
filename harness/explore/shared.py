"""What the scheduler knows of what actors share: who holds which lock, and counters that let an actor go on."""

from dataclasses import dataclass, field

TRIES = ("try", "lock a while")
"""Kinds of steps that take a lock if it is free, and go on without it if not."""


@dataclass(frozen=True)
class Rule:
    """When an actor can take a step, and what it changes, in terms of counters; each begins at 0.

    need: a counter and the least value with which the step can be taken. effects: counter, whether its value is added
    to (else set), by how much. tried: the step can always be taken; whether the need was met is what it gives.
    """

    need: tuple[str, int] | None = None
    effects: tuple[tuple[str, bool, int], ...] = ()
    tried: bool = False


NONE = Rule()


@dataclass
class Shared:
    """Locks and counters of one execution. A lock has holders: actor → whether it shares the lock with others."""

    locks: dict[str, dict[str, bool]] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)

    def can_go(self, actor: str, kind: str, thing: str, shares: bool, rule: Rule) -> bool:
        """Whether an actor can take a step now."""
        if kind == "lock":
            return self._free(actor, thing, shares)
        return rule.tried or self._met(rule)

    def take(self, actor: str, kind: str, thing: str, shares: bool, rule: Rule) -> bool | None:
        """Note that an actor takes a step; returns whether it got what it tried for, None if it tried nothing."""
        if kind == "lock" or (kind in TRIES and self._free(actor, thing, shares)):
            self.locks.setdefault(thing, {})[actor] = shares
            return True
        if kind in TRIES:
            return False
        if kind == "unlock":
            holders = self.locks.get(thing, {})
            # a lock, unlike a shared one, may be given back by another than its holder
            holders.pop(actor if actor in holders else next(iter(holders), actor), None)
        met = self._met(rule)
        if met:
            for counter, adds, number in rule.effects:
                self.counters[counter] = number + (self.counters.get(counter, 0) if adds else 0)
        return met if rule.tried else None

    def forget(self, actor: str) -> None:
        """Free the locks on files of an actor that has ended; a thread's own lock stays locked, as it does."""
        for thing, holders in self.locks.items():
            if thing.startswith("/"):
                holders.pop(actor, None)

    def _free(self, actor: str, thing: str, shares: bool) -> bool:
        others = [shared for who, shared in self.locks.get(thing, {}).items() if who != actor]
        return not others or (shares and all(others))

    def _met(self, rule: Rule) -> bool:
        return rule.need is None or self.counters.get(rule.need[0], 0) >= rule.need[1]
