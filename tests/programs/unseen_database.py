"""Two tasks add to a number in a database, which a search does not see, and write a file of their own meanwhile."""

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory


def add(folder, number):
    # isolation_level None: each statement is a transaction of its own
    database = sqlite3.connect(Path(folder) / "total", isolation_level=None)
    [(total,)] = database.execute("select value from total")
    (Path(folder) / f"log-{number}").touch()
    database.execute("update total set value = ?", (total + number,))
    database.close()


def main(view):
    with TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "total", isolation_level=None)
        database.execute("create table total (value)")
        database.execute("insert into total values (0)")
        view.map_async(add, [folder] * 2, [1, 2]).get()
        assert database.execute("select value from total").fetchall() == [(3,)]
        database.close()
