"""Every way to send work gives the same with `harness.record` and without, on a stock cluster without the harness."""

import collections
import os

import ipyparallel as ipp
import pytest

import harness
from harness.places import CLONE
from tests.programs.plain import fail, fail_oddly, join, keys, second_time_lucky, shout, where_chosen

WITHOUT = "import sys; sys.modules.update(dict.fromkeys(('harness', 'loguru')))"


@pytest.fixture(scope="module")
def strangers(tmp_path_factory):
    """A client of a stock cluster of two engines on which neither the harness nor loguru can be imported."""
    folder = tmp_path_factory.mktemp("strangers")
    (folder / "sitecustomize.py").write_text(WITHOUT)
    cluster = ipp.Cluster(n=2, profile_dir=str(folder / "profile"), log_level=40)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", f"{folder}{os.pathsep}{CLONE}")
        client = cluster.start_and_connect_sync()
    try:
        client[1].execute("import os; os.environ['CHOSEN'] = 'yes'", block=True)
        yield client
        assert client[:].apply_sync(lacks_the_harness) == [True, True]
    finally:
        cluster.stop_cluster_sync()


@ipp.interactive
def lacks_the_harness():
    try:
        import harness  # noqa: F401
    except ImportError:
        return True
    return False


def described(work, *arguments):
    """What a call gives: its result and type, or the exception's type, name and value."""
    try:
        result = work(*arguments)
    except ipp.error.CompositeError as error:
        return ("composite", [(name, value) for name, value, _, _ in error.elist])
    except ipp.error.RemoteError as error:
        return (type(error).__name__, error.ename, error.evalue)
    except Exception as error:
        return (type(error).__name__, str(error))
    return ("result", type(result).__name__, result)


def dependent(balanced, folder):
    first = balanced.apply_async(join, "first")
    with balanced.temp_flags(after=first, follow=first):
        second = balanced.apply_async(join, "second")
    return [first.get(), second.get(), first.engine_id == second.engine_id]


def impossible(balanced, folder):
    first = balanced.apply_async(fail, "amzn")
    with balanced.temp_flags(after=first):
        return balanced.apply_sync(join, "never")


def retried(balanced, folder):
    with balanced.temp_flags(retries=1):
        return balanced.apply_sync(second_time_lucky, str(folder / "calls"))


def retried_in_vain(balanced, folder):
    with balanced.temp_flags(retries=1):
        return balanced.apply_sync(fail, "amzn")


def set_and_looked_up(direct, folder):
    direct["name"] = [1, 2]
    return direct["name"]


def of_a_reference(direct, folder):
    direct.push({"pushed": "here"}, block=True)
    return direct.apply_sync(join, ipp.Reference("pushed"), "x")


BALANCED = {
    "apply": (1, lambda view, _: view.apply_sync(join, 1, "b", sep="+")),
    "apply, asynchronous": (2, lambda view, _: [one.get() for one in [view.apply_async(join, n) for n in (1, 2)]]),
    "map": (3, lambda view, _: view.map_sync(shout, ["a", "bb", "ccc"])),
    "map, asynchronous, in chunks": (2, lambda view, _: view.map_async(shout, "abcd", chunksize=2).get()),
    "map, read as it comes": (3, lambda view, _: list(view.map_async(shout, ["a", "bb", "ccc"]))),
    "imap": (3, lambda view, _: list(view.imap(shout, ["a", "bb", "ccc"]))),
    "imap, unordered": (3, lambda view, _: sorted(view.imap(shout, ["a", "bb", "ccc"], ordered=False))),
    "map of unequal lengths": (2, lambda view, _: view.map_sync(join, [1, 2], ["a"])),
    "a lambda": (1, lambda view, _: view.apply_sync(lambda x: x + 1, 1)),
    "a failure": (1, lambda view, _: view.apply_sync(fail, "amzn")),
    "several failures": (2, lambda view, _: view.map_sync(fail, ["amzn", "nflx"])),
    "an exception that can't be pickled": (1, lambda view, _: view.apply_sync(fail_oddly)),
    "require and depend": (1, lambda view, _: view.apply_sync(where_chosen, 1)),
    "dependencies in time and place": (2, dependent),
    "a dependency that failed": (2, impossible),
    "a retry that serves": (1, retried),
    "retries in vain": (1, retried_in_vain),
}
DIRECT = {
    "apply on one": (1, lambda view, _: view.client[1].apply_sync(join, "x", "y")),
    "apply on all": (2, lambda view, _: view.apply_sync(join, "x", "y")),
    "apply on all, asynchronous": (2, lambda view, _: view.apply_async(join, "x").get()),
    "map on all": (2, lambda view, _: view.map_sync(shout, ["a", "bb", "ccc"])),
    "failures on all": (2, lambda view, _: view.apply_sync(fail, "amzn")),
    "keys in order": (1, lambda view, _: view.client[0].apply_sync(keys, {"b": 1, "a": 2})),
    "scatter and gather": (4, lambda view, _: (view.scatter("parts", [1, 2, 3]).get(), view.gather("parts").get())[1]),
    "push and pull": (4, lambda view, _: (view.push({"pushed": 7}).get(), view.pull("pushed").get())[1]),
    "pull what is not there": (2, lambda view, _: view.pull("nothing", block=True)),
    "set and look up": (4, set_and_looked_up),
    "a reference": (4, of_a_reference),
    "execute": (4, lambda view, _: (view.execute("x = 6 * 7", block=True), view.pull("x", block=True))[1]),
    "execute, asynchronous": (2, lambda view, _: [type(one).__name__ for one in view.execute("y = 1").get()]),
    "execute what fails": (2, lambda view, _: view.execute("1 / 0", block=True)),
    "execute what is no Python": (2, lambda view, _: view.execute("1 +", block=True)),
}
BROADCAST = {
    "broadcast": (2, lambda view, _: view.apply_sync(join, "x")),
    "broadcast of a failure": (2, lambda view, _: view.apply_sync(fail, "amzn")),
}
COALESCING = {
    "coalescing broadcast": (2, lambda view, _: view.apply_sync(join, "x")),
    "coalescing broadcast of a failure": (2, lambda view, _: view.apply_sync(fail, "amzn")),
    "coalescing push and pull": (4, lambda view, _: (view.push({"pushed": 7}).get(), view.pull("pushed").get())),
    "coalescing broadcast, execute": (2, lambda view, _: [type(one).__name__ for one in view.execute("y = 1").get()]),
}
VIEWS = {
    "balanced": (BALANCED, lambda client: client.load_balanced_view()),
    "direct": (DIRECT, lambda client: client[:]),
    "broadcast": (BROADCAST, lambda client: client.broadcast_view()),
    "coalescing": (COALESCING, lambda client: client.broadcast_view(is_coalescing=True)),
}
WAYS = [(kind, way) for kind, (ways, _) in VIEWS.items() for way in ways]


@pytest.mark.parametrize(("kind", "way"), WAYS)
def test_results_types_and_exceptions_are_those_of_bare_ipyparallel_and_the_tasks_are_recorded(
    strangers, tmp_path, kind, way
):
    ways, view_of = VIEWS[kind]
    count, work = ways[way]
    bare = described(work, view_of(strangers), tmp_path)
    (tmp_path / "calls").unlink(missing_ok=True)
    with harness.record(view_of(strangers), deadline=60) as recorded:
        seen = described(work, recorded.view, tmp_path)
    assert seen == bare
    run = recorded.run
    assert [event.task for event in run.of_kind("submitted")] == list(range(1, count + 1))
    assert sorted(event.task for event in run.of_kind("reply")) == list(range(1, count + 1))
    never_sent = {event.task for event in run.of_kind("reply") if event.data.get("type") == "ImpossibleDependency"}
    for kind in ("received", "end"):
        assert {event.task for event in run.of_kind(kind)} == set(range(1, count + 1)) - never_sent
    failed = {event.task for event in run.of_kind("reply") if event.data["status"] == "error"} - never_sent
    assert failed <= {event.task for event in run.of_kind("raised")}


def test_every_attempt_is_recorded_with_its_engine(strangers, tmp_path):
    with harness.record(strangers.load_balanced_view()) as recorded:
        retried(recorded.view, tmp_path)
    attempts = [event.engine for event in recorded.run.of_kind("received")]
    assert sorted(attempts) == [0, 1]
    assert [event.engine for event in recorded.run.of_kind("raised")] == attempts[:1]
    assert "retried" in recorded.run.outcome.signs


def test_what_an_engine_without_loguru_logs_is_in_its_log(strangers):
    with harness.record(strangers[:]) as recorded:
        recorded.view.execute("import logging; logging.getLogger('mine').warning('seen')", block=True)
    for engine in (0, 1):
        [file] = recorded.run.log_files()[engine]
        lines = file.read_text().splitlines()
        assert [line.split(" | ")[3] for line in lines] == ["INFO", "WARNING", "INFO"]
        assert lines[1].endswith(" | seen")


def test_nothing_stays_on_the_engines_afterwards(strangers):
    names = strangers[0].apply_sync(names_in_use)
    with harness.record(strangers[:]) as recorded:
        recorded.view.apply_sync(join, "x")
    assert strangers[0].apply_sync(names_in_use) == names
    assert collections.Counter(event.kind for event in recorded.run.events)["engine-closed"] == 2


@ipp.interactive
def names_in_use():
    import logging
    import sys

    kernel = get_ipython().kernel  # noqa: F821
    hooked = {*vars(kernel), *vars(kernel.shell)} & {"do_apply", "do_execute", "run_code", "showtraceback"}
    return [sorted(hooked), sorted(vars(sys.stdout)), logging.Logger.callHandlers.__module__]
