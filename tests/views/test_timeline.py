"""A run over time: in the terminal, as a picture, as a page, as a trace; of any size, and whoever wrote the run."""

import base64
import hashlib
import io
import json
import re
import subprocess
import tempfile
import tracemalloc
import zlib
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from rich.cells import cell_len

from harness import views
from harness.store import Run
from harness.store.spans import PHASES
from harness.views.timelines.data import as_json
from harness.views.timelines.model import Timeline, read
from harness.views.timelines.page import MOST_SPANS, html
from harness.views.timelines.picture import png
from harness.views.timelines.trace import trace
from tests.golden import NAMES, golden
from tests.store.traces import check_trace
from tests.views.made_runs import START, Made, made_run, many, steady

TIMES = st.floats(0, 1000, allow_nan=False)
MADE = st.builds(
    Made,
    engine=st.integers(0, 5) | st.just(10**30),
    task=st.integers(0, 10**10),
    begin=TIMES,
    end=TIMES | st.none(),
    sent=TIMES | st.none(),
    label=st.text(max_size=30),
    function=st.text(max_size=30),
    status=st.sampled_from(["ok", "error"]),
    phases=st.dictionaries(st.sampled_from([*PHASES, "new", "<b>"]), st.floats(0, 100) | st.just(10**400), max_size=4),
    loads=st.none() | st.lists(st.integers(-1, 2**60) | st.text(max_size=3), max_size=4),
)
MARK = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["death", "deadline", "endless", "engine-replaced", "interrupted"]),
        "time": TIMES,
        "data": st.fixed_dictionaries({"engine": st.integers(0, 5), "signal_name": st.text(max_size=9)}),
    }
)
SAMPLE = st.fixed_dictionaries(
    {
        "time": TIMES,
        "cores": st.integers(-1, 64),
        "busy": st.floats(-1e9, 1e300),
        "client": st.none() | st.just([1, 2.0, 10**6, 1]),
        "engines": st.dictionaries(
            st.integers(0, 5).map(str), st.tuples(st.integers(1, 2), st.floats(0, 1e300), st.integers(-5, 2**60)).map(
                lambda used: [*used, 3]
            )
        ),
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def huge(tmp_path_factory) -> tuple[Run, Timeline]:
    """A run of 100,000 tasks on 8 engines."""
    run = made_run(tmp_path_factory.mktemp("runs") / "huge", many(100_000, 8), samples=steady(125, 8))
    return run, read(run)


@settings(max_examples=25)
@given(made=st.lists(MADE, max_size=12), marks=st.lists(MARK, max_size=4), samples=st.lists(SAMPLE, max_size=6))
def test_any_run_fits_80_columns_and_every_drawing_of_it_ends_well(tmp_path_factory, made, marks, samples):
    run = made_run(tmp_path_factory.mktemp("runs") / "made", made, marks, samples)
    for width in (80, 40):
        shown = views.plain(views.timeline(run, width), width)
        assert all(cell_len(line) <= width for line in shown.splitlines())
        assert {char for char in shown if not char.isprintable()} <= {"\n"}
    timeline = read(run)
    json.loads("".join(as_json(run, timeline, {})))
    check_trace(json.loads(b"".join(trace(run, timeline))))
    head, data, *_ = html(run, timeline)
    assert json.loads(data)["tasks"] == len(timeline.spans)
    assert set(Parts(head).tags) <= TAGS


@given(made=st.lists(MADE, max_size=30))
def test_every_attempt_has_its_bar_and_its_phases_fill_it(tmp_path_factory, made):
    run = made_run(tmp_path_factory.mktemp("runs") / "made", made)
    found = read(run)
    assert len(found.spans) == sum(one.task < 2**31 for one in made)
    for span in found.spans:
        assert found.start <= span.start <= span.end <= found.end
        assert not span.phases or sum(span.phases.values()) == pytest.approx(span.length)
    assert all(0 <= share <= 1 for share in found.busy.values())
    assert len(found.groups) <= 8


def test_files_that_tasks_opened_to_read_are_told_beside_the_phases(tmp_path):
    tasks = [Made(0, 1, 0.0, 1.0, loads=[2, 3_000_000, 0]), Made(0, 2, 1.0, 2.0, loads=[1, 1_000_000, 1])]
    run = made_run(tmp_path / "run", [*tasks, Made(0, 3, 2.0, 3.0)])
    shown = views.plain(views.timeline(run))
    assert "opened to read: 3 files, 4.0 MB" in shown
    assert "1 of them again" in shown
    found = read(run)
    told = json.loads("".join(as_json(run, found, {})))["tasks"]
    assert [one["files"] for one in told] == [
        {"opened": 2, "size": 3_000_000, "again": 0}, {"opened": 1, "size": 1_000_000, "again": 1}, None,
    ]  # fmt: skip
    columns = columns_of(content_of(b"".join(html(run, found))))
    assert columns["opened"].tolist() == [2, 1, 0]
    [first, *_] = [one for one in json.loads(b"".join(trace(run, found)))["traceEvents"] if one["ph"] == "X"]
    assert first["args"]["files_size"] == 3_000_000


def test_what_has_no_end_lasts_until_its_engine_died_or_was_replaced_or_the_record_ends(tmp_path):
    run = made_run(
        tmp_path / "run",
        [Made(0, 1, 1.0, None), Made(1, 2, 1.0, None), Made(2, 3, 1.0, None), Made(3, 4, 1.0, 9.0)],
        [
            {"kind": "death", "time": 3.0, "data": {"engine": 0, "signal_name": "SIGKILL"}},
            {"kind": "engine-replaced", "time": 4.0, "data": {"engine": 1}},
        ],
    )
    ends = {span.task: (span.end - START, span.status) for span in read(run).spans}
    assert ends == {1: (3.0, "died"), 2: (4.0, "open"), 3: (9.0, "open"), 4: (9.0, "ok")}


def test_waiting_tasks_and_what_is_used_are_told_over_time(tmp_path):
    tasks = [Made(0, 1, 1.0, 2.0, sent=0.0), Made(0, 2, 2.0, 3.0, sent=0.5)]
    run = made_run(tmp_path / "run", tasks, samples=steady(3.0, 2))
    found = read(run)
    assert [(time - START, count) for time, count in found.waiting] == [(0.0, 1), (0.5, 2), (1.0, 1), (2.0, 0)]
    assert [span.waited for span in found.spans] == [1.0, 1.5]
    assert [use.all_cores for use in found.uses] == pytest.approx([1.1] * len(found.uses), rel=1e-3)
    assert [use.machine for use in found.uses] == pytest.approx([1.6] * len(found.uses), rel=1e-3)
    assert {use.all_memory for use in found.uses} == {250_000_000}
    shown = views.plain(views.timeline(run))
    assert re.search(r"^queued +\|.*\| +2$", shown, re.M)
    assert re.search(r"^memory +\|█+\|250 MB$", shown, re.M)


def test_companies_have_letters_of_their_own_and_an_engines_replacement_is_told(tmp_path):
    tasks = [Made(0, 1, 0.0, 9.0, label="apple"), Made(0, 2, 9.0, 10.0), Made(1, 3, 0.0, 1.0, label="googl")]
    late = [{"kind": "engine-replaced", "time": 12.0, "data": {"engine": 1}}]
    shown = views.plain(views.timeline(made_run(tmp_path / "run", tasks, late)))
    assert "a amzn" in shown
    assert "p apple" in shown
    assert "afterwards, engine 1: engine replaced, 12.0 s after the start" in shown


def test_who_waited_for_whom_at_the_end_is_told(tmp_path):
    run = made_run(tmp_path / "run", [Made(0, 1, 0.0, None)])
    hang = {"engine": 0, "task": 1, "waits": ["engine 0 waits for <a lock>"]}
    outcome = {"outcome": "hang", "reason": "", "hangs": [hang, hang]}
    (run.folder / "outcome.json").write_text(json.dumps(outcome))
    assert views.plain(views.timeline(Run(run.folder))).count("waits: engine 0 waits for <a lock>") == 1
    head = next(html(run, read(run))).decode()
    assert "engine 0 waits for &lt;a lock&gt;" in head
    assert json.loads("".join(as_json(run, read(run), {})))["waits"] == ["engine 0 waits for <a lock>"]


# ------------------------------------------------------------------ files


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_1440_pixels_wide_and_as_high_as_it_must_be(name):
    run = golden(name)
    with Image.open(io.BytesIO(png(run, read(run)))) as picture:
        assert picture.format == "PNG"
        assert picture.width == 1440
        assert 300 <= picture.height <= 900


def test_a_name_that_looks_like_mathematics_or_markup_is_drawn_as_it_is(tmp_path):
    tasks = [Made(0, 1, 0.0, 1.0, label="$\\frac", function="<b>x</b>")]
    run = made_run(tmp_path / "run", tasks, target="$\\undefined{ <i>")
    assert png(run, read(run))[:4] == b"\x89PNG"


@pytest.mark.parametrize("name", NAMES)
def test_a_trace_keeps_the_trace_event_format_and_phases_lie_inside_their_task(name):
    run = golden(name)
    found = json.loads(b"".join(trace(run, read(run))))
    check_trace(found)
    assert any(event["ph"] == "X" and event["cat"] != "phase" for event in found["traceEvents"])


TAGS = {"html", "head", "meta", "title", "style", "body", "h1", "p", "button", "div", "noscript", "script"}


class Parts(HTMLParser):
    """The tags of a page, its scripts and its policy."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.scripts: list[str] = []
        self.data = ""
        self.policy = ""
        self._in = ""
        self.feed(page.decode())

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href", "action")]
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        if tag == "script":
            self._in = "data" if given.get("type") else "script"
            self.scripts += [] if given.get("type") else [""]

    def handle_endtag(self, tag):
        self._in = "" if tag == "script" else self._in

    def handle_data(self, data):
        if self._in == "data":
            self.data += data
        elif self._in == "script":
            self.scripts[-1] += data


def content_of(page: bytes) -> dict:
    """The data of a page that has our two scripts, asks for nothing, and whose policy allows nothing else."""
    found = Parts(page)
    assert found.tags.count("script") == 3
    assert set(found.tags) <= TAGS
    assert found.addresses == []
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in found.scripts]
    assert found.policy.startswith(f"default-src 'none'; script-src 'sha256-{hashes[0]}' 'sha256-{hashes[1]}';")
    assert "unsafe-eval" not in found.policy
    assert "http" not in found.policy
    return json.loads(found.data)


def columns_of(content: dict) -> dict[str, np.ndarray]:
    """The page's columns of numbers, as its script unpacks them."""
    packed, at, found = zlib.decompress(base64.b64decode(content["content"])), 0, {}
    for name, kind in content["columns"]:
        found[name] = np.frombuffer(packed, kind, content["tasks"], at)
        at += found[name].nbytes
    assert at == len(packed)
    return found


def test_the_page_holds_every_task_with_its_time_group_status_and_phases(tmp_path):
    tasks = [Made(0, 1, 1.0, 2.0, 0.5), Made(1, 2, 1.5, 3.5, 0.5, "nflx", status="error")]
    run = made_run(tmp_path / "run", tasks, samples=steady(4, 2))
    content = content_of(b"".join(html(run, read(run))))
    columns = columns_of(content)
    assert list(columns["task"]) == [1, 2]
    assert (columns["start"] * content["unit"] + content["start"]).tolist() == pytest.approx([1.0, 1.5])
    assert (columns["length"] * content["unit"]).tolist() == pytest.approx([1.0, 2.0])
    assert [content["groups"][group][0] for group in columns["group"]] == ["amzn", "nflx"]
    assert [content["statuses"][status][0] for status in columns["status"]] == ["ok", "failed"]
    assert [content["lanes"][lane].split("  ")[0] for lane in columns["lane"]] == ["engine 0", "engine 1"]
    assert columns["waited"].tolist() == pytest.approx([0.5, 1.0])
    phases = [name for name, _, _ in content["phases"]]
    assert columns[f"phase{phases.index('compute')}"].tolist() == [65535, 65535]
    assert content["cores"] == 2
    assert max(content["uses"]["machine"]) == pytest.approx(1.6, rel=1e-3)


HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><a href="javascript:x">',
    "\u2028\x1b[2J",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_a_run_becomes_markup_or_script_in_its_page(tmp_path, text):
    tasks = [Made(0, 1, 0.0, 1.0, label=text[:24], function=text, status="error", phases={text: 1.0, "run": 1.0})]
    dead = [{"kind": "death", "time": 1.0, "data": {"engine": 0, "signal_name": text}}]
    run = made_run(tmp_path / "run", tasks, dead, target=text)
    page = b"".join(html(run, read(run)))
    content = content_of(page)
    shown = json.dumps([content[name] for name in ("groups", "functions", "failures", "phases", "marks", "lanes")])
    assert "<" not in shown  # plotly reads some markup of its own
    assert "\\u001b" not in shown


def test_neither_page_nor_trace_nor_json_holds_what_an_exception_said(tmp_path):
    run = made_run(tmp_path / "run", [Made(0, 1, 0.0, 1.0, status="error")])
    found = read(run)
    content = content_of(b"".join(html(run, found)))
    for written in (json.dumps(content), b"".join(trace(run, found)).decode(), "".join(as_json(run, found, {}))):
        assert "ValueError in f line 3" in written
        assert "secret" not in written


# ------------------------------------------------------------------ size


def test_100_000_tasks_fit_the_screen_and_a_page_below_10_mb_that_holds_each_of_them(huge):
    run, found = huge
    shown = views.plain(views.timeline(run))
    assert len(shown.splitlines()) < 24
    assert re.search(r"^engine 7 +\|[!#]+\| +40%$", shown, re.M)
    page = b"".join(html(run, found))
    assert len(page) < 10_000_000
    columns = columns_of(content_of(page))
    assert len(columns["task"]) == 100_000
    assert int((columns["status"] == 1).sum()) == 100


def test_100_000_tasks_make_a_picture_and_a_trace_of_bounded_size(huge):
    run, found = huge
    with Image.open(io.BytesIO(png(run, found))) as picture:
        assert picture.width == 1440
        assert picture.height < 1000
        colours = picture.convert("RGB").getcolors(2**24)
    assert any(count > 20 for count, colour in colours if colour == (208, 28, 42))  # the failed ones are seen
    size = longest = 0
    for piece in trace(run, found):
        size += len(piece)
        longest = max(longest, len(piece))
    assert size < 100_000_000
    assert longest < 2000  # it is written piece by piece


def test_reading_takes_less_memory_than_the_events_would(tmp_path):
    run = made_run(tmp_path / "run", many(4000, 8))
    tracemalloc.start()
    try:
        found = read(run)
        assert tracemalloc.get_traced_memory()[1] < 6_000_000  # 1.5 kB a task; its events are over 4 kB
    finally:
        tracemalloc.stop()
    assert len(found.spans) == 4000


@pytest.mark.browser
def test_a_browser_draws_the_page_merged_at_first_and_every_task_of_a_closer_look(huge, tmp_path):
    """`pytest -m browser tests/views` runs it where there is a chromium; else no test needs one."""
    run, found = huge
    page = tmp_path / "page.html"
    page.write_bytes(b"".join(html(run, found)))
    whole, closer = drawn(f"file://{page}"), drawn(f"file://{page}#10,10.5")
    assert (whole["tasks"], whole["merged"]) == ("100000", "true")
    assert closer["merged"] == "false"
    inside = [span for span in found.spans if span.start - START <= 10.5 and span.end - START >= 10]
    assert abs(int(closer["tasks"]) - len(inside)) <= 8  # times are kept in steps


def drawn(address: str) -> dict[str, str]:
    """What a page says of itself once it is drawn; fails with what the browser reported if it is not."""
    options = [
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
        *("--virtual-time-budget=60000", "--enable-logging=stderr", "--dump-dom"),
    ]
    with tempfile.TemporaryDirectory() as profile:
        command = ["chromium", *options, f"--user-data-dir={profile}", address]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert 'data-drawn="yes"' in ended.stdout, ended.stderr[-2000:]
    assert "CONSOLE" not in ended.stderr, ended.stderr[-2000:]
    return dict(re.findall(r'data-(tasks|merged)="(\w+)"', ended.stdout))


def test_a_page_of_more_tasks_than_it_holds_merges_neighbours_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("harness.views.timelines.page.MOST_SPANS", 400)
    run = made_run(tmp_path / "run", many(2000, 4))
    page = b"".join(html(run, read(run)))
    content = content_of(page)
    assert 0 < content["tasks"] <= 400 < MOST_SPANS
    assert "neighbours are merged" in page.decode()
    told = [int(failure.split()[0]) for failure in content["failures"][1:]]
    columns = columns_of(content)
    assert sum(told[index - 1] for index in columns["failure"]) >= 2000
    assert 1 in columns["status"]


def test_samples_go_with_an_exported_run(tmp_path):
    from harness.views.export import files

    run = made_run(tmp_path / "run", [Made(0, 1, 0.0, 1.0)], samples=steady(1, 1))
    exported = dict(files(run))
    again = tmp_path / "again"
    (again / "events").mkdir(parents=True)
    for name, content in exported.items():
        (again / name).parent.mkdir(exist_ok=True)
        (again / name).write_bytes(content)
    assert read(Run(again)).uses == read(run).uses
    assert msgspec.json.decode(exported["samples.jsonl"].splitlines()[0])["cores"] == 1
    assert Path(again / "samples.jsonl").stat().st_size > 0
