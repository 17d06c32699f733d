"""Where learners stand: the next exercise, and many workspaces read without changing them."""

from harness.course import all_exercises, load, standing
from harness.course.workspace import Progress, ProgressFile
from harness.places import CLONE


def test_the_next_exercise_is_the_first_not_done_and_what_was_given_up_comes_last():
    exercises = all_exercises(CLONE)
    progress = {}
    order = []
    while (following := standing.following(exercises, progress)) is not None:
        order.append(following.name)
        given_up = following is exercises[0] and len(order) == 1
        progress[following.name] = Progress(given_up=1.0) if given_up else Progress(passed=1.0)
    names = [one.name for one in exercises]
    assert order == [*names, names[0]]


def test_a_workspace_is_read_and_left_as_it_is(workspace):
    assert standing.learner(workspace / "nowhere").problem == "no such folder"
    assert standing.learner(workspace).problem == "nothing begun"
    ProgressFile().update(load("1", CLONE), prediction="", begun=1.0, checks=3, hints=2)
    ProgressFile().update(load("18", CLONE), prediction="ok", begun=2.0)
    ProgressFile().update(load("35", CLONE), passed=1.0)
    one = standing.learner(workspace)
    assert (one.count("passed"), one.checks, one.hints, one.at) == (1, 3, 2, "18_a_little_off")
    path = ProgressFile().path
    path.write_text("{")
    assert standing.learner(workspace).problem == "damaged progress file"
    assert path.read_text() == "{"


def test_where_a_room_is_stuck_is_counted():
    begun, passed = Progress(checks=1), Progress(passed=1.0)
    room = [standing.Learner(CLONE, {"01": passed, "18": begun}) for _ in range(2)]
    room.append(standing.Learner(CLONE, {"01": begun}))
    assert standing.stuck_at(room) == [("18", 2), ("01", 1)]
