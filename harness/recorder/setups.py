"""How engines are to differ while a target runs, openly: for exercises about machines that are not alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SCRATCH = "scratch"
"""The folder of a run in which engines' working folders are made."""
ALL = "all"


@dataclass(frozen=True)
class Setups:
    """By engine id as text, or `all`: what `harness.engine.setup.different` knows, such as `environ` and `memory`.

    Here `cwd` is relative to a scratch folder. What an engine's own entry says goes before what `all` says.
    """

    engines: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def of(self, engine: int, scratch: Path) -> dict[str, Any]:
        """What is wanted of one engine, with its working folder below `scratch`; empty if nothing is."""
        common, own = self.engines.get(ALL, {}), self.engines.get(str(engine), {})
        wanted = {**common, **own, "environ": {**common.get("environ", {}), **own.get("environ", {})}}
        if wanted.get("cwd"):
            wanted["cwd"] = str(scratch / wanted["cwd"])
        return {name: value for name, value in wanted.items() if value}
