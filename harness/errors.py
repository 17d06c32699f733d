"""The two ways a call can fail that are not a finding: the caller's mistake, and work that cannot be done."""


class HarnessError(Exception):
    """Base of both; the message is one line: what, where, and what to do next."""

    exit_status = 3


class BadInput(HarnessError):
    """The call, or a file given to it, is wrong. Exit status 2."""

    exit_status = 2


class CannotWork(HarnessError):
    """The harness or the cluster could not do its work. Exit status 3."""
