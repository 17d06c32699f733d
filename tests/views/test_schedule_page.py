"""A schedule drawn as a page: what it shows, and that nothing from a run directory becomes markup or a request."""

import html.parser
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.cli import main
from harness.explore import drawing
from harness.explore.schedule import Schedule, Step
from harness.store import create


def step(actor: str, kind: str, thing: str, engine: int = 0, enabled: tuple[str, ...] = ()) -> Step:
    return Step(actor=actor, engine=engine, kind=kind, thing=thing, file="/x/bank.py", line=7, enabled=enabled)


LOST_UPDATE = [
    step("task 1", "read", "/tmp/count", 0, ("task 1", "task 2")),
    step("task 2", "read", "/tmp/count", 1, ("task 1", "task 2")),
    step("task 2", "write", "/tmp/count", 1, ("task 1", "task 2")),
    step("task 1", "write", "/tmp/count", 0, ("task 1",)),
]


class Page(html.parser.HTMLParser):
    """Rows of cells, as a browser reads them; every tag and attribute that there is."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self.attributes: dict[str, str | None] = {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= dict(attrs)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data):
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip("\n")


def schedule(steps: list[Step], **more) -> Schedule:
    return Schedule(**{"target": "bank", "source_hash": "", "outcome": "wrong", "reason": "1", "steps": steps, **more})


def test_engines_are_columns_and_conflicting_steps_name_each_other():
    page = Page(drawing.page(schedule(LOST_UPDATE), "abcd"))
    assert page.rows[0] == ["step", "engine 0", "engine 1", "where"]
    assert page.rows[1][1] == "task 1 reads count✱ conflicts with step 3"
    assert page.rows[3][1:3] == ["", "task 2 writes count✱ conflicts with steps 1, 4"]
    assert [row[0] for row in page.rows[1:5]] == ["1", "2", "3", "4"]


def test_one_after_the_other_is_no_conflict():
    assert not any(row.clashes for row in drawing.rows([LOST_UPDATE[i] for i in (0, 3, 1, 2)]))


def test_a_deadlock_shows_who_waits_for_whom():
    waits = [("task 1", "/tmp/msft", "task 2"), ("task 2", "/tmp/amzn", "task 1")]
    text = drawing.page(schedule(LOST_UPDATE, outcome="deadlock", waits=waits), "abcd")
    assert Page(text).rows[5][1:3] == [
        "task 1 waits for msft, held by task 2",
        "task 2 waits for amzn, held by task 1",
    ]
    assert "<b>task 1</b> —waits for msft→ <b>task 2</b> —waits for amzn→ <b>task 1</b>" in text


TAGS = set(
    re.findall(
        r"\w+",
        """
html head meta title style body h1 p span div table thead tr th tbody td small b code br
""",
    )
)
EVIL = st.sampled_from(
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'); background: url(//x)", "{0.x}"]
)


@given(text=EVIL | st.text(max_size=30))
def test_what_a_run_directory_says_is_text_and_asks_for_nothing(text: str):
    steps = [step(text, text, text, 0), step("task 1", "write", f"/{text}", 1), step(text, "read", text, 1)]
    evil = schedule(steps, target=text, reason=text, outcome=text, waits=[(text, text, text), ("task 1", text, text)])
    page = drawing.page(evil, text)
    found = Page(page)
    assert found.tags <= TAGS
    assert not {name for name in found.attributes if name.startswith("on") or name in ("src", "href")}
    assert "url(" not in found.attributes.get("style", "")
    assert "default-src 'none'" in page


def test_show_writes_the_page_once_and_refuses_what_is_there(workspace, capsys):
    writer = create(workspace / "runs", "bank", "mine", engines=2, backend="search")
    (writer.folder / "schedule.json").write_text(
        json.dumps({"target": "bank", "source_hash": "", "outcome": "ok", "reason": "", "steps": []})
    )
    file = workspace / "page.html"
    for arguments, expected in ((["--schedule", "--html", str(file)], 0), (["--schedule", "--html", str(file)], 2)):
        with pytest.raises(SystemExit) as ended:
            main(["show", *arguments])
        assert ended.value.code == expected
    assert file.read_text().startswith("<!DOCTYPE html>")
    assert "exists already" in capsys.readouterr().err
