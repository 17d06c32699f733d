"""The command line as a whole: what it lists is there, it starts light, it finds benchmarks by their name."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from harness import apps
from harness.cli import VERBS, harness, main
from harness.places import CLONE

HEAVY = (
    "numpy",
    "pandas",
    "ipyparallel",
    "IPython",
    "zmq",
    "nltk",
    "tensorflow",
    "rich",
    "loguru",
    "msgspec",
    "psutil",
)


def test_every_verb_listed_can_be_called():
    context = click.Context(harness)
    listed = harness.list_commands(context)
    assert {"run", "show", "logs", "runs", "doctor", "bench"} <= set(listed)
    for verb in listed:
        command = harness.get_command(context, verb)
        assert isinstance(command, click.Command), verb
        assert command.name == verb
        assert command.help, verb


def test_a_verb_whose_file_is_not_there_is_not_listed(monkeypatch):
    monkeypatch.setitem(VERBS, "absent", "harness.cli.absent:absent")
    context = click.Context(harness)
    assert "absent" not in harness.list_commands(context)
    assert harness.get_command(context, "absent") is None


@pytest.mark.parametrize(("verb", "allowed", "says"), [("--help", (), "logs"), ("list", ("msgspec",), "three_of_four")])
def test_help_and_the_list_of_exercises_import_nothing_heavy(monkeypatch, verb, allowed, says):
    monkeypatch.setenv("HARNESS_WORKSPACE", str(CLONE))
    code = f"""
import sys
from harness.cli import main
try:
    main([{verb!r}])
except SystemExit as ended:
    assert ended.code == 0
sys.exit(str([name for name in {HEAVY!r} if name in sys.modules and name not in {allowed!r}] or ""))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stderr.strip() == ""
    assert says in done.stdout


@pytest.fixture
def benchmarks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose bench_*.py count as the harness's own; what the verb needs itself is imported before."""
    for needed in ("measured", "performance"):
        import_module(f"harness.apps.{needed}")
    monkeypatch.setattr(apps, "__path__", [str(tmp_path)])
    return tmp_path


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return ended.value.code


def test_benchmarks_are_found_by_their_modules_name_and_their_figures_printed(benchmarks, capsys, monkeypatch):
    (benchmarks / "bench_sample.py").write_text(
        '"""How long nothing takes."""\n\n\ndef run():\n    return {"s": {"median": 0.5}}\n'
    )
    monkeypatch.delitem(sys.modules, "harness.apps.bench_sample", raising=False)
    assert call("bench", "sample") == 0
    assert capsys.readouterr().out == "sample: How long nothing takes.\n  s:\n    median: 0.5\n"
    assert call("bench", "--json") == 0
    assert capsys.readouterr().out == '{\n  "sample": {\n    "s": {\n      "median": 0.5\n    }\n  }\n}\n'
    monkeypatch.delitem(sys.modules, "harness.apps.bench_sample")


def test_the_help_says_which_benchmarks_there_are_and_what_each_asks_without_importing_them(benchmarks, capsys):
    (benchmarks / "bench_sample.py").write_text('"""How long nothing takes.\n\nMore."""\n\nraise SystemExit(7)\n')
    assert call("bench", "--help") == 0
    assert capsys.readouterr().out.endswith("Benchmarks:\n  sample  How long nothing takes.\n")


def test_an_unknown_benchmark_is_refused_with_those_that_are_there(benchmarks, capsys):
    (benchmarks / "bench_sample.py").write_text("def run(): return {}\n")
    assert call("bench", "other") == 2
    assert capsys.readouterr().err == "harness: no benchmark 'other'; there are: sample\n"
