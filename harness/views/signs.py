"""What each sign of a run means, in half a sentence that says what was seen and not why."""

SIGNS = {
    "unfetched-failure": "a task failed and the program never heard of it",
    "handled-failure": "a task failed, its failure was asked for, and main went on",
    "reply-lost": "an answer could not be sent as it was; without the harness it would never have come",
    "engine-lost": "an engine's process ended during the run",
    "engine-replaced": "an engine had to be started anew",
    "silent-engine": "an engine stopped answering while its process was there",
    "duplicate-log-lines": "the same record was logged more than once",
    "retried": "a task was received more than once",
    "queued-forever": "a task was waiting and no engine could have taken it",
    "leaked-state": "an engine was left changed: folder, paths, environment, limits, handlers, modules or names",
    "leaked-thread": "threads that tasks started were still running at the end",
    "leaked-process": "processes that tasks started were still running at the end",
    "clock-skew": "the clocks of the processes disagree with the order of events",
    "idle-engine": "an engine got no task although there were enough",
    "oversubscribed": "more threads were busy than there are cores",
    "output-truncated": "output was longer than what is kept",
    "cut-off": "the record ends before the run did",
}


def explained(sign: str) -> str:
    """Half a sentence on a sign; empty for one that a newer harness wrote."""
    return SIGNS.get(sign, "")
