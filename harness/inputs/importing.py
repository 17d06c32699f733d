"""`harness data import`: a real export checked cell by cell and put where the analysis reads it."""

import csv
import io
import re
import zipfile
import zlib
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import pandas
import pandera.pandas as pandera
from openpyxl import load_workbook

from harness.errors import BadInput
from harness.inputs import tables
from harness.inputs.schema import COLUMNS, COMPANIES

SHEET = "Stream"
DELIMITERS = ",;\t"
TEXTS = ("Tweet content", "Bio")  # kept to the letter; other cells lose blanks around them
COUNTS = ("Favs", "RTs", "Followers", "Following", "Listed")
SHOWN = 40  # characters of a bad cell
# What openpyxl lets through from its readers of zip archives, XML and cells.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, SyntaxError, TypeError, ValueError)


@dataclass(frozen=True)
class Imported:
    """A table now in place. `copy` keeps what stood there; `ignored` are columns that the analysis has no use for."""

    path: Path
    rows: int
    copy: Path | None
    ignored: tuple[str, ...]


def is_date(cells: pandas.Series) -> pandas.Series:
    """Which cells are days that exist, year first."""
    return pandas.to_datetime(cells, format="%Y-%m-%d", errors="coerce").notna()


def is_within(limit: float) -> pandera.Check:
    """A check that a cell is empty or a number from -limit to limit."""

    def within(cells: pandas.Series) -> pandas.Series:
        return (cells == "") | (pandas.to_numeric(cells, errors="coerce").abs() <= limit)

    return pandera.Check(within, error=f"is not a number from -{limit} to {limit}")


def matches(pattern: str, wanted: str) -> pandera.Check:
    """A check that a whole cell has a form, which a message calls `wanted`."""
    return pandera.Check.str_matches(f"^(?:{pattern})$", error=f"is not {wanted}")


# Cells are checked as text, before anything is converted, so that a message shows what the file says.
SCHEMA = pandera.DataFrameSchema(
    {name: pandera.Column(str) for name in COLUMNS}
    | {
        "Tweet Id": pandera.Column(str, matches(r"\d+", "a tweet id (digits only)")),
        "Date": pandera.Column(str, pandera.Check(is_date, error="is not a date like 2016-03-28")),
        "Hour": pandera.Column(str, matches(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?", "a time like 09:30")),
        "Latitude": pandera.Column(str, is_within(90)),
        "Longitude": pandera.Column(str, is_within(180)),
        "Tweet language (ISO 639-1)": pandera.Column(str, matches(r"([a-z]{2,3}(-\w+)?)?", "a language code like en")),
        "Is a RT": pandera.Column(str, matches("(?i:true|false)", "True or False")),
    }
    | {name: pandera.Column(str, matches(r"(\d+(\.0)?)?", "a count like 12")) for name in COUNTS}
)


def import_table(file: Path, company: str, folder: Path, sheet: str = SHEET) -> Imported:
    """Check an export (.csv in UTF-8, or .xlsx) and make it the company's table in `folder`.

    Raises BadInput with row and column for what is wrong; nothing in `folder` is then changed.
    """
    if company not in COMPANIES:
        raise BadInput(f"no company {company!r}: choose one of {', '.join(COMPANIES)}")
    table = checked(read(file, sheet), file.name)
    tables.prepare(folder)
    path = folder / f"{company}.csv"
    ignored = tuple(name for name in table.columns if name not in COLUMNS)
    content = tables.as_csv(table[list(COLUMNS)].itertuples(index=False))
    return Imported(path, len(table), tables.replace(path, content), ignored)


def read(file: Path, sheet: str) -> pandas.DataFrame:
    """The cells of an export as text, empty ones as "", indexed by row as counted in the file (header: row 1)."""
    readers = {".csv": lambda: csv_rows(file), ".xlsx": lambda: sheet_rows(file, sheet)}
    if not file.exists():
        raise BadInput(f"no file {file}")
    if not file.is_file():
        raise BadInput(f"{file} is not a file: name the .xlsx or .csv itself")
    if file.suffix.lower() not in readers:
        raise BadInput(f"{file.name} is neither .xlsx nor .csv: save the export as one of them")
    try:
        rows = readers[file.suffix.lower()]()
    except OSError as problem:
        raise BadInput(f"cannot read {file}: {problem.strerror or problem}") from None
    header = [name.strip() for name in rows.get(1, [])]
    if not any(header):
        raise BadInput(f"{file.name} is empty: row 1 should name the columns ({COLUMNS[0]}, {COLUMNS[1]}, ...)")
    width = max(place for place, name in enumerate(header) if name) + 1
    twice = sorted({name for name in header[:width] if header.count(name) > 1 and name in COLUMNS})
    if twice:
        raise BadInput(f'{file.name}, row 1: column "{twice[0]}" is there twice; remove one')
    cells = {number: row for number, row in rows.items() if number > 1 and any(row)}
    if not cells:
        raise BadInput(f"{file.name} is empty: it has a header in row 1 and no rows below it")
    for number, row in cells.items():
        if any(row[width:]):
            raise BadInput(
                f"{file.name}, row {number}: {len(row)} cells, but row 1 names {width} columns; "
                "a text with a delimiter in it needs quotes around it"
            )
        row[width:] = []
        row += [""] * (width - len(row))
    return pandas.DataFrame(list(cells.values()), index=list(cells), columns=header[:width], dtype=str)


def csv_rows(file: Path) -> dict[int, list[str]]:
    """The records of a CSV file by number; the delimiter is the one that its first line has most of."""
    content = file.read_bytes()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadInput(f"{file.name}, row 1: the encoding is UTF-16; save the file as CSV in UTF-8")
    text = content.decode("utf-8-sig", errors="surrogateescape").replace("\0", "\N{REPLACEMENT CHARACTER}")
    first_line = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first_line.count)
    rows: dict[int, list[str]] = {}
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, row in enumerate(reader, start=1):
            rows[number] = row
    except csv.Error as problem:
        number = len(rows) + 1
        raise BadInput(f"{file.name}, row {number} (line {reader.line_num}): {problem}; check its quotes") from None
    refuse_undecoded(rows, file.name)
    return rows


def refuse_undecoded(rows: dict[int, list[str]], name: str) -> None:
    """Raise BadInput for the first cell with a byte that is not UTF-8."""
    for number, row in rows.items():
        for place, cell in enumerate(row):
            if undecoded := re.search("[\udc80-\udcff]", cell):
                column = rows[1][place] if number > 1 and place < len(rows[1]) else str(place + 1)
                column = "".join(letter if letter.isprintable() else "?" for letter in column[:SHOWN])
                byte = ord(undecoded[0]) - 0xDC00
                raise BadInput(
                    f'{name}, row {number}, column "{column}": byte 0x{byte:02X} is not UTF-8; '
                    "save the file as CSV in UTF-8"
                )


def sheet_rows(file: Path, sheet: str) -> dict[int, list[str]]:
    """The rows of a sheet of an Excel workbook by number."""
    try:
        with closing(load_workbook(file, read_only=True, data_only=True)) as workbook:
            if sheet not in workbook.sheetnames:
                there = ", ".join(workbook.sheetnames)
                raise BadInput(f"{file.name} has no sheet {sheet!r}: choose one with --sheet ({there})")
            page = workbook[sheet]
            page.reset_dimensions()  # some exporters write a wrong size, and rows would be missed
            return {
                number: [as_text(cell) for cell in row]
                for number, row in enumerate(page.iter_rows(values_only=True), start=1)
            }
    except DAMAGED:
        raise BadInput(f"{file.name} is no Excel workbook (.xlsx), or damaged: save the export again") from None


def as_text(cell: object) -> str:
    """A cell of a sheet as a CSV export would write it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d" if cell.time() == time() else "%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def checked(table: pandas.DataFrame, name: str) -> pandas.DataFrame:
    """The table with its cells in the form that made tables have.

    Raises BadInput for the first bad cell, counting the others.
    """
    for column in table.columns.difference(TEXTS):
        table[column] = table[column].str.strip()
    try:
        SCHEMA.validate(table, lazy=True)
    except pandera.errors.SchemaErrors as found:
        raise BadInput(f"{name}, {one_line(found.failure_cases)}") from None
    table["Hour"] = table["Hour"].str.extract(r"^(\d+:\d\d)")[0].str.zfill(5)
    table["Is a RT"] = table["Is a RT"].str.capitalize()
    for column in COUNTS:
        table[column] = table[column].str.removesuffix(".0")
    return table


def one_line(failures: pandas.DataFrame) -> str:
    """What pandera found wrong, as one line: the first in the order of the file, and how many more there are."""
    absent = failures[failures["check"] == "column_in_dataframe"]["failure_case"]
    if len(absent):
        names = ", ".join(f'"{name}"' for name in absent)
        is_missing = "column {} is missing" if len(absent) == 1 else "columns {} are missing"
        return f"row 1: {is_missing.format(names)}; export the table with all its columns"
    order = {name: place for place, name in enumerate(COLUMNS)}
    first = min(failures.itertuples(), key=lambda case: (case.index, order[case.column]))
    cell = first.failure_case if len(first.failure_case) <= SHOWN else first.failure_case[: SHOWN - 1] + "…"
    shown = repr(cell) if cell else "an empty cell"
    others = len(failures) - 1
    more = f" ({others} more bad cell{'s' * (others > 1)})" if others else ""
    return f'row {first.index}, column "{first.column}": {shown} {first.check}{more}; mend the file and import it again'
