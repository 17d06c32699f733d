"""The stand-in for an archive on another machine, which exercises send rows to: a folder that all engines see."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4
from zlib import crc32

OF = 8
STORED, LOST = 0, 1


def fate(rows: list[Any]) -> int:
    """What becomes of these rows when they are sent for the first time, by their content, so that it can be foreseen.

    STORED: they arrive, and the confirmation gets lost on its way back. LOST: they never arrive. Else nothing happens.
    """
    return crc32(json.dumps(rows).encode()) % OF


class Archive:
    """What a program that talks to the archive has in its hands."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def append(self, rows: list[Any], key: str | None = None) -> None:
        """Store the rows; if they have a key, in the place of what is stored under that key.

        Raises TimeoutError if the archive does not confirm. For all that the caller knows, it may have them or not.
        """
        happens = fate(rows) if self._new(rows) else None
        if happens != LOST:
            path = self.folder / f"{key or uuid4().hex}.rows"
            path.write_text(json.dumps(rows), encoding="utf-8")
        if happens in (STORED, LOST):
            raise TimeoutError("no confirmation from the archive within 1 s")

    def rows(self) -> list[Any]:
        """All that is stored."""
        return [row for path in sorted(self.folder.glob("*.rows")) for row in json.loads(path.read_text("utf-8"))]

    def _new(self, rows: list[Any]) -> bool:
        """Whether these rows are sent for the first time; and note that they were."""
        try:
            (self.folder / f"{crc32(json.dumps(rows).encode())}.seen").touch(exist_ok=False)
        except FileExistsError:
            return False
        return True
