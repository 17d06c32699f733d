"""What costs most is named first, nothing of what is sound; every second of every engine is accounted for."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.triage.engine_time import timed
from harness.triage.explanation import explain
from tests.triage.simulated import Await, Client, Task, cells, run_of

CORES = 2
lengths = st.floats(0, 2).map(lambda seconds: round(seconds, 4))
tasks = st.builds(Task, run=lengths, unpack=lengths, sending=lengths)
programs = st.lists(st.one_of(tasks, st.builds(Client, lengths), st.just(Await)), max_size=12)


def sound(scale, engines):
    return [Task(0.1 * scale, unpack=0.001) for _ in range(8)]


def too_fine_grain(scale, engines):
    return [Task(0.0005, sending=0.0005) for _ in range(200 * scale)]


def repeated_transfer(scale, engines):
    return [Task(0.01 * scale, unpack=0.02 * scale, sending=0.03 * scale, size=5_000_000 * scale) for _ in range(16)]


def load_imbalance(scale, engines):
    return [Task(1.0 * scale), *[Task(0.1 * scale)] * 3]


def repeated_initialisation(scale, engines):
    return [Task(0.2 + 0.02 * scale) for _ in range(12)]


def initialised_once(scale, engines):
    return [Task((0.2 if number < engines else 0) + 0.1 * scale) for number in range(12)]


def accidental_serialisation(scale, engines):
    return [step for _ in range(6) for step in (Task(0.1 * scale), Await)]


def behind_a_lock(scale, engines):
    """Tasks that run at the same time take as much longer as they wait for each other."""
    return [Task(0.1 * scale * engines, cpu=0.1 * scale) for _ in range(8)]


def oversubscription(scale, engines):
    """Eight threads on each engine: two at once take more than the cores have."""
    return [Task(0.1 * scale * (1.6 if engines > 1 else 0.6), cpu=0.1 * scale, more={"threads": 8}) for _ in range(8)]


def algorithmic(scale, engines):
    return [Task(0.05 * scale**2) for _ in range(8)]


def serial_client(scale, engines):
    return [Client(0.3 * scale), *[Task(0.05 * scale)] * 8, Await, Client(0.1 * scale)]


PLANTED = [
    (too_fine_grain, {}),
    (repeated_transfer, {"bytes_repeated": 70_000_000}),
    (load_imbalance, {}),
    (repeated_initialisation, {"loads_repeated": 10, "loads": 12}),
    (accidental_serialisation, {}),
    (oversubscription, {}),
    (algorithmic, {}),
]


@pytest.mark.parametrize(("program", "counters"), PLANTED, ids=lambda one: getattr(one, "__name__", ""))
def test_the_planted_cause_is_named_first_with_a_gain(tmp_path: Path, program, counters):
    first = explain(cells(tmp_path, program, **counters), {}, CORES).findings[0]
    assert first.cause == program.__name__.replace("_", "-")
    assert 0.1 < first.share <= 1


def test_what_main_does_alone_and_what_tasks_wait_for_inside_are_named_too(tmp_path: Path):
    assert explain(cells(tmp_path, serial_client), {}, CORES).findings[0].cause == "serial-client"
    assert explain(cells(tmp_path, behind_a_lock), {}, CORES).findings[0].cause == "accidental-serialisation"


@pytest.mark.parametrize("program", [sound, initialised_once])
def test_nothing_is_named_of_a_sound_program(tmp_path: Path, program):
    explained = explain(cells(tmp_path, program), {}, CORES)
    assert explained.findings == []
    assert explained.amdahl.fraction < 0.1
    assert explained.growth.exponent == pytest.approx(1, abs=0.1)


def test_what_is_read_again_in_every_task_is_named_though_its_tasks_do_not_grow(tmp_path: Path):
    def reads_each_time(scale, engines):
        return [Task(0.1, more={"loads": [1, 2_000_000, 1]}) for _ in range(12 * scale)]

    explained = explain(cells(tmp_path, reads_each_time, loads_repeated=11), {}, CORES)
    assert explained.growth is None
    assert [one.cause for one in explained.findings] == ["repeated-initialisation"]


def test_growth_shows_at_one_size_too_if_tasks_have_more_and_less_to_do(tmp_path: Path):
    def uneven(scale, engines):
        return [Task(0.1 * size**2, size=4000 * size) for size in (6, 6, 5, 5, 3, 3, 1, 1)]

    explained = explain(cells(tmp_path, uneven, scales=[1]), {}, CORES)
    assert [one.cause for one in explained.findings] == ["algorithmic"]
    assert explained.findings[0].share is None


def test_the_gain_of_a_mend_is_what_the_mended_program_saves(tmp_path: Path):
    uneven = explain(cells(tmp_path, load_imbalance), {}, CORES)
    even = explain(cells(tmp_path, lambda scale, engines: [Task(0.13 * scale)] * 10), {}, CORES)
    (before,), (after,) = ([c.median for c in one.cells if (c.engines, c.scale) == (2, 4)] for one in (uneven, even))
    assert uneven.findings[0].share == pytest.approx(1 - after / before, abs=0.02)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(program=programs, engines=st.integers(1, 3))
def test_all_time_of_all_engines_is_accounted_for_once(tmp_path: Path, program, engines):
    found = timed(run_of(tmp_path, engines, program))
    if found is None:
        assert not any(isinstance(step, Task) for step in program)
        return
    assert found.spent.total == pytest.approx(engines * found.seconds, abs=1e-5)
    assert min(found.spent.shares.values()) >= -1e-9


def test_engines_beyond_the_cores_that_gain_nothing_are_pointed_out_and_not_looked_at(tmp_path: Path):
    def shares_cores(scale, engines):
        return [Task(0.1 * scale * max(1, engines / CORES), cpu=0.1 * scale) for _ in range(12)]

    explained = explain(cells(tmp_path, shares_cores, engines=(1, 2, 3)), {}, CORES)
    assert explained.engines == 2
    assert any("3 engines on 2 cores gain nothing" in note for note in explained.notes)


def test_small_inputs_that_are_slower_in_parallel_and_a_slow_first_run_are_pointed_out(tmp_path: Path):
    def costly_to_begin(scale, engines):
        return [Task(0.03 * (engines - 1) + 0.02 * scale**2) for _ in range(4)]

    notes = explain(cells(tmp_path, costly_to_begin), {2: 9.0}, CORES).notes
    assert any("At ×1 2 engines are slower than one" in note for note in notes)
    assert any("The first run on new engines took 9.00 s" in note for note in notes)
