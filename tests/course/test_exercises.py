"""Each exercise shows its symptom as shipped, passes with its solution, and lets no decoy and no gutted task through.

The short form of `harness verify`: each thing once, on 2 engines.
"""

from collections.abc import Iterator

import pytest

from harness import cluster as clusters
from harness.apps import searched
from harness.course import proof
from harness.course.exercise import Exercise, all_exercises
from harness.course.trial import GUTTED, SEED
from harness.places import CLONE

EXERCISES = all_exercises(CLONE)
each = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.name)


@pytest.fixture(scope="module")
def _stock() -> Iterator[clusters.Cluster]:
    with clusters.start(2, backend="local") as running:
        yield running


@pytest.fixture
def fitting(exercise: Exercise, request: pytest.FixtureRequest) -> clusters.Cluster:
    """The cluster that the exercise is to run on."""
    return request.getfixturevalue("cluster" if exercise.backend is None else "_stock")


def problems(found):
    return [f"{one.part}: {one.problem}" for one in found if one.problem]


@each
def test_its_files_are_complete_and_give_nothing_away(exercise):
    assert problems(proof.files(exercise)) == []


@each
def test_as_shipped_it_shows_its_symptom(exercise, fitting):
    assert problems(proof.shipped(exercise, fitting, [SEED], searched)) == []


@each
def test_without_recording_it_shows_its_symptom_too(exercise, fitting):
    assert problems([proof.bare_shows(exercise, fitting)]) == []


@each
def test_with_its_solution_it_passes(exercise, fitting):
    assert problems([proof.passes(exercise, fitting, searched)]) == []


@each
def test_a_decoy_is_rejected_with_a_hint_of_its_own(exercise, fitting):
    found = list(proof.decoys(exercise, fitting, searched))
    assert found
    assert problems(found) == []


@each
def test_a_gutted_task_is_rejected_and_told_why(exercise, fitting):
    found = list(proof.gutted_versions(exercise, fitting, searched))
    assert len(found) == len(GUTTED)
    assert problems(found) == []
