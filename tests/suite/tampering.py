"""Tasks that reach into the harness: its run directory, its files and descriptors, its modules and hooks."""

import gc
import json
import os
import shutil
import sys
import time
from pathlib import Path


def _files():
    """Descriptor → path of what this process has open in a run directory."""
    found = {}
    for name in os.listdir("/proc/self/fd"):
        try:
            path = Path(os.readlink(f"/proc/self/fd/{name}"))
        except OSError:
            continue
        if path.parent.name == "events" or path.name.startswith("engine-"):
            found[int(name)] = path
    return found


def _run():
    events = next(path for path in _files().values() if path.parent.name == "events" and path.exists())
    return events.parent.parent


def _descriptor(suffix):
    return next(number for number, path in _files().items() if path.suffix == suffix)


def run_deleted():
    shutil.rmtree(_run())
    return "deleted"


def run_deleted_then_fails():
    shutil.rmtree(_run())
    raise ValueError("without a trace")  # where: run_deleted_then_fails


def run_looked_at():
    return sorted(path.name for path in _run().iterdir())


def events_deleted():
    for path in (_run() / "events").iterdir():
        path.unlink()
    return "deleted"


def events_emptied():
    for path in (_run() / "events").glob("*.jsonl"):
        os.truncate(path, 0)
    return "emptied"


def events_forged():
    for path in (_run() / "events").glob("*.jsonl"):
        with path.open("a") as file:
            file.write('{"id": "x", "kind": "raised", "time": 1, "task": 1, "data": {}}\nnot json\n[1]\n{"id"')
    return "forged"


def events_descriptor_closed():
    os.close(_descriptor(".jsonl"))
    return "closed"


def events_descriptor_closed_then_fails():
    os.close(_descriptor(".jsonl"))
    raise ValueError("after closing")  # where: events_descriptor_closed_then_fails


def log_deleted():
    for path in _run().glob("engine-*.log"):
        path.unlink()
    return "deleted"


def log_descriptor_closed():
    os.close(_descriptor(".log"))
    return "closed"


def output_descriptor_closed():
    os.close(_descriptor(".out"))
    return "closed"


def manifest_deleted():
    (_run() / "manifest.json").unlink()
    return "deleted"


def manifest_replaced():
    (_run() / "manifest.json").write_text("[]")
    return "replaced"


def manifest_read():
    return json.loads((_run() / "manifest.json").read_text())["engines"]


def outcome_forged():
    (_run() / "outcome.json").write_text('{"outcome": "ok", "reason": "trust me"}')
    raise ValueError("but really")  # where: outcome_forged


def folders_replaced_by_files():
    for name in ("tracebacks", "stacks"):
        shutil.rmtree(_run() / name)
        (_run() / name).write_text("a file")
    raise ValueError("no folder for this")  # where: folders_replaced_by_files


def folder_is_a_link():
    shutil.rmtree(_run() / "tracebacks")
    (_run() / "tracebacks").symlink_to("/nonexistent/folder")
    raise ValueError("no folder for this")  # where: folder_is_a_link


def modules_of_the_harness_removed():
    for name in [name for name in sys.modules if name.startswith("harness.")]:
        del sys.modules[name]
    return "removed"


def capture_forgotten():
    sys.modules["harness.engine.capture"]._active = None
    return "forgotten"


def capture_found_and_broken():
    for found in gc.get_objects():
        if type(found).__name__ == "EventFile":
            found.write = None
    return "broken"


def write_replaced():
    os.write = lambda descriptor, data: 1 / 0
    return "replaced"


def dumps_replaced():
    json.dumps = lambda *args, **kwargs: 1 / 0
    return "replaced"


def time_replaced():
    time.time = time.monotonic = time.perf_counter = time.process_time = lambda: 0.0
    return "replaced"


def len_replaced():
    import builtins

    builtins.len = lambda value: 42
    return "replaced"


def len_replaced_for_a_while():
    import builtins
    import time

    builtins.len = lambda value: 42
    time.sleep(0.4)  # in which the engine's other threads work
    return "replaced"


def isinstance_replaced_for_a_while():
    import builtins
    import time

    print("before")
    builtins.isinstance = lambda *value: True
    time.sleep(0.4)
    return "replaced"


def open_replaced():
    import builtins

    builtins.open = None
    return "replaced"


def import_replaced():
    import builtins

    def refuse(*args, **kwargs):
        raise ImportError("no imports any more")

    builtins.__import__ = refuse
    return "replaced"


def builtins_replaced_then_fails():
    import builtins

    builtins.isinstance = builtins.str = builtins.type = builtins.getattr = None
    raise ValueError("what now")  # where: builtins_replaced_then_fails


def builtin_shadowed():
    len = list
    return len("amzn")


def namespace_cleared():
    from IPython import get_ipython

    get_ipython().user_ns.clear()
    return "cleared"


def loop_stopped(view):
    engine = view.client[0]
    engine.apply_sync(_stop_loop)
    return engine.apply_sync(int, 3)


def _stop_loop():
    import asyncio

    asyncio.get_event_loop().stop()


def sockets_terminated():
    import threading

    import zmq

    threading.Thread(target=zmq.Context.instance().term, daemon=True).start()
    time.sleep(10**6)  # where: sockets_terminated


def tracing():
    sys.settrace(lambda frame, event, argument: None)
    sys.setprofile(lambda frame, event, argument: None)
    return "traced"


def tracing_that_raises():
    def trace(frame, event, argument):
        raise RuntimeError("from a tracer")

    sys.settrace(trace)
    return "traced"


def exit_registered():
    import atexit

    atexit.register(time.sleep, 600)
    return "registered"


def collector_disabled():
    gc.disable()
    return "disabled"


def kernel_hook_replaced():
    from IPython import get_ipython

    get_ipython().kernel.do_apply = None
    return "replaced"


def exception_hook_replaced():
    sys.excepthook = None
    raise ValueError("with a hook gone")  # where: exception_hook_replaced


def cwd_deleted():
    folder = os.path.abspath("folder-to-be-deleted")
    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    os.rmdir(folder)
    return "deleted"


def environment_cleared():
    os.environ.clear()
    return "cleared"


def environment_read():
    return len(dict(os.environ)) > 0
