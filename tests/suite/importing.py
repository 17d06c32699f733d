"""Modules missing, removed, replaced, shadowed; import machinery broken; and imports that work."""

import importlib
import sys
import types


def missing():
    return importlib.import_module("tweets_that_nobody_installed")  # where: missing


def missing_handled():
    try:
        return importlib.import_module("tweets_that_nobody_installed")
    except ModuleNotFoundError:
        return "without it"


def removed():
    import json

    del sys.modules["json"]
    return json.dumps([1])


def replaced():
    sys.modules["json"] = types.ModuleType("json")
    return "replaced"


def many_removed():
    for name in [name for name in sys.modules if name.partition(".")[0] in ("json", "threading", "zmq", "tornado")]:
        del sys.modules[name]
    return "removed"


def path_emptied():
    sys.path[:] = ["/nowhere"]
    return "emptied"


def path_longer_for_a_while():
    sys.path.insert(0, "/nowhere")
    sys.path.remove("/nowhere")
    return "as before"


def finders_removed():
    sys.meta_path.clear()
    return "removed"


def finder_raises():
    class Refusing:
        def find_spec(self, name, path, target=None):
            raise RuntimeError(f"no {name} today")

    sys.meta_path.insert(0, Refusing())
    return "inserted"


def attribute_missing():
    import json

    return json.load_tweets  # where: attribute_missing


def new_module():
    module = types.ModuleType("made_up")
    sys.modules["made_up"] = module
    del sys.modules["made_up"]
    return module.__name__


def reloaded():
    import colorsys

    return importlib.reload(colorsys).__name__
