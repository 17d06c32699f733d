"""`harness bench` takes the options of the benchmarks it runs, and says which it can't use."""

import pytest

from harness.cli import main


def ended(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    return int(stopped.value.code or 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["start", "--family", "raising"], "--family goes with none of: start"),
        (["nothing"], "no benchmark 'nothing'; there are: "),
        (["triage", "--case", "nothing.at_all"], "the suite has no case"),
        (["chaos", "--times", "0"], "--times"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(capsys, arguments, message):
    assert ended(["bench", *arguments]) == 2
    shown = capsys.readouterr()
    assert message in shown.err
    assert len(shown.err.splitlines()) == 1


def test_one_case_is_run_and_what_is_needed_of_it_holds(capsys):
    assert ended(["bench", "triage", "--case", "raising.zero_division", "--json"]) == 0
    import json

    figures = json.loads(capsys.readouterr().out)["triage"]
    assert (figures["cases"], figures["runs"], figures["macro-F1"], figures["holds"]) == (1, 2, 1.0, True)
