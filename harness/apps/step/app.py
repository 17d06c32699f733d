"""The screen of `harness step`: steps so far above, who could go next and what is shared below; a key takes a step."""

import asyncio
from typing import ClassVar

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Footer, Static

from harness.apps.step import shown
from harness.apps.step.hand import ACTORS, COMMANDS, Hand
from harness.errors import HarnessError
from harness.views.text import counted


class StepApp(App[None]):
    """A program step by step. Keys come one after the other: each is done before the next is looked at."""

    CSS = """
    #title { height: 1; background: $panel; padding: 0 1; }
    #steps { height: 1fr; padding: 0 1; }
    .below { height: auto; max-height: 6; padding: 0 1; border-top: solid $panel; }
    #said { height: auto; max-height: 3; padding: 0 1; background: $panel; }
    """
    BINDINGS: ClassVar = [
        *(Binding(key, f"press('{key}')", "2 … a step", show=key == "1") for key in ACTORS),
        *(Binding(key, f"press('{key}')", name) for key, name in COMMANDS.items() if key != "q"),
        Binding("q", "quit", "quit"),
    ]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, hand: Hand, target: str) -> None:
        super().__init__()
        self._hand = hand
        self._target = target

    def compose(self) -> ComposeResult:
        yield Static(id="title", markup=False)
        with VerticalScroll(id="steps"):
            yield Static(id="done", markup=False)
        yield Static(id="ahead", classes="below", markup=False)
        yield Static(id="shared", classes="below", markup=False)
        yield Static(id="said", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self._show("which one goes first? press its key")

    async def action_press(self, key: str) -> None:
        """Do what a key means, in another thread: the program's main may take its time."""
        try:
            said = await asyncio.to_thread(self._hand.press, key)
        except HarnessError as problem:
            said = str(problem)
        self._show(said)

    def _show(self, said: str) -> None:
        position = self._hand.position
        self.query_one("#title", Static).update(
            Text(f"{self._target}: {counted(len(position.steps), 'step')} so far", "bold")
        )
        self.query_one("#done", Static).update(shown.steps(position))
        self.query_one("#ahead", Static).update(shown.ahead(position, self._hand.keys))
        self.query_one("#shared", Static).update(shown.shared(position))
        self.query_one("#said", Static).update(said.replace("TARGET", self._target))
        self.query_one("#steps", VerticalScroll).scroll_end(animate=False)
