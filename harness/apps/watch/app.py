"""The screen of `harness watch`: left the course, right what there is to read, and a new verdict at each save."""

import os
import shlex
import subprocess
from pathlib import Path
from typing import ClassVar

from rich.console import RenderableType
from rich.text import Text
from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widgets import Footer, Markdown, OptionList, Static, TabbedContent, TabPane
from textual.widgets.option_list import Option

from harness import places, views
from harness.apps.watch import panes, place
from harness.apps.watch.checker import Begun, Broken, Checker, Report, Told, Verdict
from harness.apps.watch.saves import Saves
from harness.course import CHAPTERS, Exercise, all_exercises, hints
from harness.course.withheld import as_symptoms
from harness.course.workspace import ProgressFile
from harness.errors import BadInput
from harness.store import Run

MARKS = {"passed": "✓", "given up": "–", "begun": "·", "new": " "}
NARROW = 100
"""Columns below which the course's list hides while one reads."""
TABS = {
    "instructions": "Instructions",
    "verdict": "Verdict",
    "logs": "Logs",
    "traceback": "Traceback",
    "timeline": "Timeline",
    "output": "Output",
    "hint": "Hint",
}


class Heard(Message):
    """The checker told something."""

    def __init__(self, told: Told) -> None:
        super().__init__()
        self.told = told


class Saved(Message):
    """A file was saved."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path


class WatchApp(App[None]):
    """The course as a terminal application.

    exercise: where to begin, by default where the learner was. Raises BadInput if there are no exercises.
    """

    TITLE = "harness watch"
    CSS = """
    #course { width: 30; height: 100%; border: none; padding: 0; }
    #tabs { width: 1fr; border-left: solid $panel; }
    #course.hidden { display: none; }
    #status { height: auto; max-height: 4; padding: 0 1; background: $panel; }
    TabPane { padding: 0 1; }
    .log { width: 1fr; border-right: solid $panel; padding-right: 1; }
    Markdown { padding: 0; }
    """
    BINDINGS: ClassVar = [
        Binding("n", "next", "next"),
        Binding("h", "hint", "hint"),
        Binding("l", "list", "list"),
        Binding("r", "run", "run"),
        Binding("s", "solution", "solution"),
        Binding("c", "check", "check"),
        Binding("e", "edit", "edit"),
        Binding("tab", "tab(1)", "tab", priority=True),
        Binding("shift+tab", "tab(-1)", show=False, priority=True),
        Binding("q", "quit", "quit"),
    ]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, exercise: Exercise | None = None) -> None:
        super().__init__()
        self._exercises = all_exercises()
        if not self._exercises:
            raise BadInput(f"no exercises in {places.workspace()}; go to the folder that holds exercises/")
        before = place.last()
        names = {each.name: each for each in self._exercises}
        self._exercise = exercise or names.get(before.exercise) or self._first_open()
        self._tab = before.tab if before.tab in TABS else "instructions"
        self._run: Run | None = None
        self._output: Path | None = None
        self._checker = Checker(lambda told: self.post_message(Heard(told)))
        self._saves = Saves(places.workspace() / "exercises", lambda path: self.post_message(Saved(path)))

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield OptionList(id="course")
            with TabbedContent(id="tabs", initial=self._tab):
                with TabPane(TABS["instructions"], id="instructions"), VerticalScroll():
                    yield Markdown(id="readme", open_links=False)
                with TabPane(TABS["verdict"], id="verdict"), VerticalScroll():
                    yield Static(id="verdict-text", markup=False)
                with TabPane(TABS["logs"], id="logs"):
                    yield Horizontal(id="log-columns")
                for name in ("traceback", "timeline", "output", "hint"):
                    with TabPane(TABS[name], id=name), VerticalScroll():
                        yield Static(id=f"{name}-text", markup=False)
        yield Static(id="status", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self._checker.__enter__()
        self.run_worker(self._follow_saves, thread=True)
        self.set_interval(0.5, self._show_output)
        self._list_course()
        self._open(self._exercise)
        self._leave_list()

    def on_unmount(self) -> None:
        place.keep(place.Place(self._exercise.name, self._tab))
        self._saves.__exit__()
        self._checker.__exit__()

    def on_resize(self) -> None:
        if self.size.width < NARROW and self.focused is not self.query_one("#course"):
            self.query_one("#course").add_class("hidden")

    def _follow_saves(self) -> None:
        self._saves.__enter__()
        if self._saves.polling:
            said = f"{places.workspace()} sends no notices of saved files: it is looked at every 0.2 s instead"
            self.call_from_thread(self._say, said)

    # What the learner does.

    @on(OptionList.OptionSelected, "#course")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self._open(next(each for each in self._exercises if each.name == event.option_id))
        self._to("instructions")
        self._leave_list()

    @on(TabbedContent.TabActivated)
    def _tab_shown(self, event: TabbedContent.TabActivated) -> None:
        self._tab = event.pane.id or self._tab

    def action_next(self) -> None:
        """Go to the next exercise that is not passed."""
        done = {name for name, entry in ProgressFile().read().items() if entry.passed is not None}
        after = [each for each in self._exercises if each.number > self._exercise.number]
        left = [each for each in after + self._exercises if each.name not in done and each is not self._exercise]
        if left:
            self._open(left[0])
            self._to("instructions")
        else:
            self._say("every exercise is passed: well done")

    def action_hint(self) -> None:
        """Show the hints that are open."""
        opened, more = hints.opened(self._exercise)
        text = "\n\n".join(f"{number}. {text}" for number, text in enumerate(opened, 1))
        self._show("hint", Text(f"{text}\n\n{more} more; each check (c) opens one." if more else text))
        self._to("hint")

    def action_tab(self, step: int) -> None:
        """Go to the next tab, or to the one before."""
        names = list(TABS)
        now = names.index(self.query_one(TabbedContent).active)
        self._to(names[(now + step) % len(names)])

    def action_list(self) -> None:
        """Show the course's list and go there, or leave it."""
        course = self.query_one("#course", OptionList)
        if self.focused is course:
            self._leave_list()
        else:
            course.remove_class("hidden")
            course.focus()

    def action_run(self) -> None:
        """Run the saved case."""
        self._checker.ask(self._exercise.name, whole=False)

    def action_check(self) -> None:
        """Check everything: the diagnosis too."""
        self._checker.ask(self._exercise.name, whole=True)

    def action_solution(self) -> None:
        """Show the explanation, once the exercise is passed."""
        entry = ProgressFile().read().get(self._exercise.name)
        if entry is None or entry.passed is None:
            self._say(f"when you have passed it; `harness solution {self._exercise.number} --give-up` shows it before")
            return
        self._show_text("readme", (self._exercise.solution / "EXPLANATION.md").read_text(encoding="utf-8"))
        self._to("instructions")
        self._say("the explanation; choose the exercise in the list to have its instructions back")

    def action_edit(self) -> None:
        """Open the task in $VISUAL or $EDITOR."""
        file = self._exercise.folder / "task.py"
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if not editor:
            self._say(f"no $EDITOR is set; open {file} in an editor of your choice, it is checked when you save it")
            return
        try:
            with self.suspend():
                subprocess.run([*shlex.split(editor), str(file)], check=False)
        except (OSError, ValueError) as problem:
            self._say(f"{editor!r} does not start ({problem}); set $EDITOR to another editor")
        self.refresh()

    # What happens.

    @on(Saved)
    def _saved(self, saved: Saved) -> None:
        path = saved.path
        folder = next((each for each in self._exercises if path.is_relative_to(each.folder)), None)
        if folder is None or path.name == "exercise.toml":
            return
        if folder is not self._exercise:
            self._open(folder)
        self._checker.ask(folder.name, whole=path.suffix == ".toml")

    @on(Heard)
    def _heard(self, heard: Heard) -> None:
        told = heard.told
        if told.exercise != self._exercise.name and not isinstance(told, Begun):
            return
        match told:
            case Begun():
                self._output = told.output
                self._say(f"{told.exercise}: running …")
            case Verdict():
                self._run = Run(told.folder)
                self._show_run()
                self._to("verdict")
                more = "; now the whole check …" if told.outcome == "ok" else ""
                self._say(f"{told.exercise}: the saved case is {told.outcome}{more}")
            case Report():
                self._list_course()
                self._show_output()
                if told.passed:
                    self._say(f"{told.exercise} is passed. s shows the explanation, n goes on")
                else:
                    self._to("output")
                    self._say(f"{told.exercise}: not yet. Output says what is open, h gives a hint")
            case Broken():
                self._show_output()
                self._say(f"{told.exercise}: {told.reason}")

    # What is shown.

    def _first_open(self) -> Exercise:
        done = {name for name, entry in ProgressFile().read().items() if entry.passed is not None}
        return next((each for each in self._exercises if each.name not in done), self._exercises[0])

    def _list_course(self) -> None:
        course, file = self.query_one("#course", OptionList), ProgressFile()
        progress = file.read()
        course.clear_options()
        chapter = ""
        for each in self._exercises:
            if each.metadata.chapter != chapter:
                chapter = each.metadata.chapter
                course.add_option(Option(Text(f"{chapter}. {CHAPTERS[chapter]}", "bold"), disabled=True))
            entry = progress.get(each.name)
            state = "new" if entry is None else entry.state
            course.add_option(Option(Text(f"{MARKS[state]} {each.number:02d} {each.metadata.title}"), id=each.name))
        course.highlighted = course.get_option_index(self._exercise.name)
        if file.notice:
            self._say(file.notice)

    def _open(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._run, self._output = panes.latest_run(exercise), None
        course = self.query_one("#course", OptionList)
        course.highlighted = course.get_option_index(exercise.name)
        self._show_text("readme", (exercise.folder / "README.md").read_text(encoding="utf-8"))
        self._show_run()
        self._show("output", Text("What a check prints is shown here."))
        self._show("hint", Text("h shows the hints that are open."))
        self._say(
            f"{exercise.name}: read, predict, then r runs it; saving {exercise.folder.name}/task.py runs it again"
        )

    def _show_run(self) -> None:
        run, root = self._run, places.workspace()
        columns = self.query_one("#log-columns", Horizontal)
        columns.remove_children()
        if run is None:
            for name in ("verdict", "traceback", "timeline"):
                self._show(name, Text("No run yet; r runs the exercise."))
            return
        self._show("verdict", views.verdict(as_symptoms(run), root))
        self._show("traceback", panes.traceback(run, root))
        self._show("timeline", views.timeline(run, max(60, self.query_one("#tabs").size.width - 4)))
        columns.mount(*(VerticalScroll(Static(each, markup=False), classes="log") for each in panes.logs(run)))

    def _show_output(self) -> None:
        if self._output is not None and self.is_running:  # the clock ticks on while the screen is taken down
            self._show("output", panes.output(self._output))

    def _show(self, name: str, content: RenderableType) -> None:
        self.query_one(f"#{name}-text", Static).update(content)

    def _show_text(self, name: str, text: str) -> None:
        self.query_one(f"#{name}", Markdown).update(text)

    def _say(self, text: str) -> None:
        self.query_one("#status", Static).update(Text(text))

    def _to(self, tab: str) -> None:
        self.query_one(TabbedContent).active = tab

    def _leave_list(self) -> None:
        self.query_one(TabbedContent).query_one("Tabs").focus()
        if self.size.width < NARROW:
            self.query_one("#course").add_class("hidden")
