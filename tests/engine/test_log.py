"""The log of an engine: what tasks log is copied there with task and company, and goes where it would have gone."""

import re

from harness.recorder import Target
from harness.triage import execute
from tests.programs import HERE

LINE = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z \| engine (\d) \| task (\S+ ?\S*) \| (\w+) \| (\S+:\S+:\d+) \| (.*)"
)


def recorded(cluster, folder):
    texts = {"amzn": ["a"], "googl": ["b"], "msft": ["c"], "nflx": [None]}
    return execute(Target(HERE / "average.py", "average"), cluster, folder, arguments=(texts,))


def lines(run):
    found = []
    for engine, files in run.log_files().items():
        for line in files[-1].read_text().splitlines():
            parts = LINE.fullmatch(line)
            assert parts, line
            assert int(parts[1]) == engine
            found.append(parts.groups()[1:])
    return found


def test_every_line_has_engine_task_company_level_and_place(cluster, tmp_path):
    by_task = {task for task, *_ in lines(recorded(cluster, tmp_path))}
    assert by_task == {"1 amzn", "2 googl", "3 msft", "4 nflx"}


def test_loguru_logging_and_warnings_are_copied_with_their_level_and_place(cluster, tmp_path):
    seen = {(level, where.split(":")[0], text) for task, level, where, text in lines(recorded(cluster, tmp_path))}
    assert ("INFO", "average", "amzn has 1 texts") in seen
    assert ("WARNING", "average", "amzn through logging") in seen
    assert ("WARNING", "average", "UserWarning: amzn through warnings") in seen


def test_the_failure_is_in_the_log_with_its_event(cluster, tmp_path):
    run = recorded(cluster, tmp_path)
    [failed] = [text for _, level, _, text in lines(run) if level == "ERROR"]
    assert run.outcome.failures[0].event in failed


def test_raw_output_holds_prints_and_the_tasks_own_loguru_output(cluster, tmp_path):
    run = recorded(cluster, tmp_path)
    raw = "\n".join(text for engine in run.engines for text in run.raw_output(engine))
    assert "printed for amzn" in raw
    assert "amzn has 1 texts" in raw


def test_a_task_cannot_silence_the_engines_log_and_its_own_sinks_stay_its_own(cluster, tmp_path):
    run = execute(Target(HERE / "sinks.py", "sinks"), cluster, tmp_path, arguments=(str(tmp_path / "own.log"),))
    assert run.outcome.outcome == "ok", run.outcome.reason
    assert [text for _, _, where, text in lines(run) if where.startswith("sinks")] == ["first", "second"]
    assert (tmp_path / "own.log").read_text() == "second sinks.py:configure:11\n"
    again = execute(Target(HERE / "sinks.py", "sinks"), cluster, tmp_path, arguments=(str(tmp_path / "new.log"),))
    assert again.outcome.result == run.outcome.result, "sinks of the first run were still there in the second"
