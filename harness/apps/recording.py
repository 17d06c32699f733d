"""`harness.record` as programs and notebooks call it: a recorded block, then a prompt on what failed in it."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import ipyparallel as ipp
from IPython.core.error import StdinNotImplementedError

from harness import triage
from harness.apps.debugger import Prompt, first_failed, frames_of, harmless
from harness.errors import BadInput
from harness.store import Run


class Recorded:
    """What `record` yields: `view`, whose tasks are recorded, `folder`, and after the block `run`, judged."""

    def __init__(self, recorded: triage.Recorded, client: ipp.Client) -> None:
        self.view = recorded.view
        self.folder = recorded.folder
        self._recorded = recorded
        self._client = client

    @property
    def run(self) -> Run | None:
        return self._recorded.run

    def debug(self, task: int | None = None, commands: Sequence[str] | None = None) -> list[str] | None:
        """Look at the frames of a failed task, the first by default, on the engine if that still has them.

        A prompt that takes pdb's commands; with `commands`, such as `["u", "p tweet"]`, these are done instead and what
        each says is returned. As in `harness debug`, nothing can go on from there, and frames that no engine has any
        more are those that were recorded. Raises BadInput within the block, for a task that did not fail, and where
        nothing can be typed.
        """
        if self.run is None:
            raise BadInput("the recording is still open: call debug after its `with` block")
        client = None if self._client._closed else self._client
        frames = frames_of(self.run, first_failed(self.run) if task is None else task, client)
        if commands is not None:
            return [harmless(frames.do(command)) for command in commands]
        try:
            Prompt(frames).cmdloop()
        except StdinNotImplementedError:
            raise BadInput('nothing can be typed here; debug(3, commands=["p tweet"]) works without') from None
        return None


@contextlib.contextmanager
def record(
    client_or_view: ipp.Client | ipp.client.view.View,
    *,
    deadline: float | None = None,
    name: str = "recorded",
    runs: Path | None = None,
) -> Iterator[Recorded]:
    """Record what goes through a client, by whatever view, while the block runs; any ipyparallel cluster will do.

    Results and exceptions are ipyparallel's own; exceptions pass through the block. After `deadline` seconds from the
    first submission, if one is given, stacks are taken, the tasks are interrupted and DeadlinePassed is raised in the
    block. Engines are never killed, replaced or restored. At the end of the block, tasks that are still out are
    awaited, until the deadline. The run is kept below `runs`, the workspace's by default, under `name`.
    """
    client = client_or_view if isinstance(client_or_view, ipp.Client) else client_or_view.client
    with triage.record(client_or_view, deadline=deadline, name=name, runs=runs) as recorded:
        yield Recorded(recorded, client)
