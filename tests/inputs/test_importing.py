"""`harness data import` takes a real export as it comes, names what is wrong with it, and loses nothing."""

import csv
import io
from datetime import datetime, time
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from harness.analysis.tweets import load
from harness.cli import main
from harness.errors import BadInput
from harness.inputs import made, tables
from harness.inputs.importing import import_table
from harness.inputs.schema import COLUMNS

ROWS = made.table("amzn", rows=12, seed=5)
TEXT, DATE, HOUR, RTS = (COLUMNS.index(name) for name in ("Tweet content", "Date", "Hour", "RTs"))


def export(folder: Path, rows=ROWS, columns=COLUMNS, delimiter=",", encoding="utf-8") -> Path:
    """A .csv as an export has it."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(columns)
    writer.writerows(rows)
    file = folder / "export.csv"
    file.write_bytes(text.getvalue().encode(encoding))
    return file


def workbook(folder: Path, rows=ROWS, sheet="Stream") -> Path:
    """An .xlsx as an export has it: another sheet first, dates and numbers as such."""
    book = Workbook()
    book.active.title = "Influencers"
    page = book.create_sheet(sheet)
    page.append(COLUMNS)
    for row in rows:
        cells: list[object] = [int(cell) if cell.isdigit() and len(cell) < 10 else cell or None for cell in row]
        cells[DATE] = datetime.fromisoformat(row[DATE])
        cells[HOUR] = time.fromisoformat(row[HOUR])
        cells[-1] = row[-1] == "True"
        page.append(cells)
    file = folder / "export.xlsx"
    book.save(file)
    return file


def with_cell(row: int, column: str, value: str) -> list[list[str]]:
    """The rows with one cell changed; `row` as counted in the file."""
    rows = [list(line) for line in ROWS]
    rows[row - 2][COLUMNS.index(column)] = value
    return rows


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["data", "import", *map(str, arguments)])
    return ended.value.code


def refused(capsys, folder: Path, *arguments: object) -> str:
    """The one line that an import ends with; exit status 2, and the folder of tables is as it was."""
    out = folder / "tables"
    out.mkdir()
    (out / "amzn.csv").write_bytes(b"the old table")
    options = arguments if "--company" in arguments else (*arguments, "--company", "amzn")
    assert run(*options, "--out", out) == 2
    told = capsys.readouterr()
    assert "->" not in told.out
    assert len(told.err.splitlines()) == 1
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {"amzn.csv": b"the old table"}
    return told.err


def test_a_csv_becomes_the_table_to_the_letter(tmp_path):
    done = import_table(export(tmp_path), "amzn", tmp_path / "tables")
    assert done.rows == len(ROWS)
    assert (tmp_path / "tables" / "amzn.csv").read_bytes() == tables.as_csv(ROWS)


def test_a_workbook_becomes_the_same_table_as_the_csv(tmp_path):
    import_table(workbook(tmp_path), "amzn", tmp_path / "tables")
    assert (tmp_path / "tables" / "amzn.csv").read_bytes() == tables.as_csv(ROWS)


@pytest.mark.parametrize(("delimiter", "encoding"), [(";", "utf-8"), ("\t", "utf-8"), (",", "utf-8-sig")])
def test_other_delimiters_and_a_byte_order_mark_are_taken(tmp_path, delimiter, encoding):
    import_table(export(tmp_path, delimiter=delimiter, encoding=encoding), "amzn", tmp_path)
    assert (tmp_path / "amzn.csv").read_bytes() == tables.as_csv(ROWS)


def test_columns_in_another_order_and_some_more_are_taken_and_told(tmp_path, capsys):
    columns = ("Symbols", *reversed(COLUMNS), "Hashtags")
    file = export(tmp_path, [("$AMZN", *reversed(row), "#x") for row in ROWS], columns)
    assert run(file, "--company", "amzn", "--out", tmp_path / "tables") == 0
    assert "columns not used: Symbols, Hashtags" in capsys.readouterr().out
    assert (tmp_path / "tables" / "amzn.csv").read_bytes() == tables.as_csv(ROWS)


def test_the_analysis_reads_what_was_imported_missing_texts_and_counts_included(tmp_path):
    rows = with_cell(3, "Tweet content", "")
    rows[2][RTS] = ""
    rows[3][HOUR] = "9:05:59"
    rows[3][-1] = "FALSE"
    rows[4][RTS] = " 12.0 "
    rows[5][TEXT] = "NA"
    import_table(export(tmp_path, rows), "nflx", tmp_path)
    table = load("nflx", tmp_path)
    assert list(table.index[table["Tweet content"].isna()]) == [1]
    assert list(table.index[table["RTs"].isna()]) == [2]
    assert table["Hour"][3] == "09:05"
    assert not table["Is a RT"][3]
    assert table["RTs"][4] == 12
    assert table["Tweet content"][5] == "NA"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1, max_size=4))
@example(["\r"])
@example(['"', "a,b", "\n", ""])
def test_any_text_survives(tmp_path_factory, texts):
    rows = [(*ROWS[place][:TEXT], text, *ROWS[place][TEXT + 1 :]) for place, text in enumerate(texts)]
    folder = tmp_path_factory.mktemp("any")
    import_table(export(folder, rows), "msft", folder)
    with (folder / "msft.csv").open(encoding="utf-8", newline="") as file:
        assert [line["Tweet content"] for line in csv.DictReader(file)] == texts


def test_the_old_table_is_kept_under_a_name_that_is_told(tmp_path, capsys):
    out = tmp_path / "tables"
    out.mkdir()
    (out / "amzn.csv").write_bytes(b"the old table")
    assert run(export(tmp_path), "--company", "amzn", "--out", out) == 0
    (copy,) = out.glob("amzn.*.bak.csv")
    assert copy.read_bytes() == b"the old table"
    assert str(copy) in capsys.readouterr().out
    assert {path.name for path in out.iterdir()} == {"amzn.csv", copy.name}


def test_importing_twice_keeps_two_copies(tmp_path):
    for seed in (1, 2, 3):
        import_table(export(tmp_path, made.table("msft", 3, seed)), "msft", tmp_path / "tables")
    assert len(list((tmp_path / "tables").glob("msft.*.bak.csv"))) == 2


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("Date", "2016-13-40", "'2016-13-40' is not a date"),
        ("Date", "28/03/2016", "'28/03/2016' is not a date"),
        ("Date", "", "an empty cell is not a date"),
        ("Hour", "25:00", "'25:00' is not a time"),
        ("Tweet Id", "7.1E+17", "'7.1E+17' is not a tweet id"),
        ("RTs", "many", "'many' is not a count"),
        ("Followers", "-3", "'-3' is not a count"),
        ("Latitude", "91", "'91' is not a number from -90 to 90"),
        ("Is a RT", "maybe", "'maybe' is not True or False"),
        ("Tweet language (ISO 639-1)", "English\nor so", r"'English\nor so' is not a language code"),
        ("Favs", "9" * 50 + "!", "…' is not a count"),
    ],
)
def test_a_bad_cell_is_named_with_row_and_column(tmp_path, capsys, column, value, says):
    told = refused(capsys, tmp_path, export(tmp_path, with_cell(7, column, value)))
    assert f'export.csv, row 7, column "{column}": ' in told
    assert says in told
    assert "more bad" not in told


def test_the_first_bad_cell_of_the_file_is_named_and_the_others_counted(tmp_path, capsys):
    rows = with_cell(9, "Date", "soon")
    rows[3][HOUR] = "noon"  # row 5
    rows[8][RTS] = "x"
    told = refused(capsys, tmp_path, export(tmp_path, rows))
    assert "row 5, column \"Hour\": 'noon' is not a time like 09:30 (2 more bad cells)" in told


def test_rows_are_counted_past_line_breaks_and_blank_lines(tmp_path, capsys):
    rows = with_cell(4, "Tweet content", "one\ntwo\n\nthree")
    rows[4][DATE] = "never"  # row 6, and a blank line before it makes it 7
    rows.insert(3, [])
    told = refused(capsys, tmp_path, export(tmp_path, rows))
    assert 'row 7, column "Date"' in told


def test_a_bad_date_in_a_workbook_is_named_with_row_and_column(tmp_path, capsys):
    book = Workbook()
    book.active.title = "Stream"
    book.active.append(COLUMNS)
    for row in with_cell(5, "Date", "soon"):
        book.active.append(row)
    book.save(tmp_path / "e.xlsx")
    told = refused(capsys, tmp_path, tmp_path / "e.xlsx")
    assert "e.xlsx, row 5, column \"Date\": 'soon' is not a date" in told


@pytest.mark.parametrize("missing", [["Hour"], ["Date", "Is a RT"]])
def test_a_missing_column_is_named(tmp_path, capsys, missing):
    kept = [place for place, name in enumerate(COLUMNS) if name not in missing]
    file = export(tmp_path, [[row[place] for place in kept] for row in ROWS], [COLUMNS[place] for place in kept])
    told = refused(capsys, tmp_path, file)
    assert "row 1: column" in told
    assert all(f'"{name}"' in told for name in missing)


def test_a_column_that_is_there_twice_is_named(tmp_path, capsys):
    told = refused(capsys, tmp_path, export(tmp_path, [(*row, row[DATE]) for row in ROWS], (*COLUMNS, "Date")))
    assert 'row 1: column "Date" is there twice' in told


def test_another_encoding_is_named_with_row_and_column(tmp_path, capsys):
    rows = [[cell.encode("ascii", "ignore").decode() for cell in row] for row in with_cell(6, "Bio", "b")]
    rows[4][TEXT] = "Café at last"
    told = refused(capsys, tmp_path, export(tmp_path, rows, encoding="latin-1"))
    assert 'row 6, column "Tweet content": byte 0xE9 is not UTF-8' in told


def test_utf_16_is_named(tmp_path, capsys):
    assert "UTF-16" in refused(capsys, tmp_path, export(tmp_path, encoding="utf-16"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (",".join(COLUMNS).encode(), "no rows below"),
        ((",".join(COLUMNS) + "\n\n\n").encode(), "no rows below"),
        (b'"Tweet Id,Date\n1,2', "row 1 (line 2)"),
        ((",".join(COLUMNS) + "\n" + "1," * 25).encode() + b"1", "row 2: 26 cells, but row 1 names 20 columns"),
        (bytes(range(256)), "row "),
    ],
)
def test_a_csv_without_a_table_is_one_line(tmp_path, capsys, content, says):
    (tmp_path / "e.csv").write_bytes(content)
    told = refused(capsys, tmp_path, tmp_path / "e.csv")
    assert "e.csv" in told
    assert says in told


def test_a_wrong_sheet_names_those_there_are(tmp_path, capsys):
    told = refused(capsys, tmp_path, workbook(tmp_path), "--sheet", "Tweets")
    assert "no sheet 'Tweets'" in told
    assert "Influencers, Stream" in told


def test_another_sheet_can_be_named(tmp_path):
    import_table(workbook(tmp_path, sheet="Tweets"), "amzn", tmp_path, sheet="Tweets")
    assert (tmp_path / "amzn.csv").read_bytes() == tables.as_csv(ROWS)


def test_an_empty_sheet_is_one_line(tmp_path, capsys):
    assert "is empty" in refused(capsys, tmp_path, workbook(tmp_path), "--sheet", "Influencers")


def test_what_only_looks_like_a_workbook_is_one_line(tmp_path, capsys):
    (tmp_path / "e.xlsx").write_bytes(export(tmp_path).read_bytes())
    assert "no Excel workbook" in refused(capsys, tmp_path, tmp_path / "e.xlsx")


def test_a_damaged_workbook_is_refused_or_read_and_never_a_crash(tmp_path):
    whole = workbook(tmp_path).read_bytes()
    refusals = []
    for seed in range(60):
        content, random = bytearray(whole), Random(seed)
        for _ in range(3):
            content[random.randrange(len(content))] ^= 1 << random.randrange(8)
        (tmp_path / "e.xlsx").write_bytes(content)
        try:
            import_table(tmp_path / "e.xlsx", "amzn", tmp_path)
        except BadInput as refusal:
            refusals.append(str(refusal))
    assert len(refusals) > 20
    assert not any("\n" in refusal for refusal in refusals)


def test_an_unknown_company_is_one_line(tmp_path, capsys):
    assert "'aapl'" in refused(capsys, tmp_path, export(tmp_path), "--company", "aapl")
    with pytest.raises(BadInput, match="aapl"):
        import_table(export(tmp_path), "aapl", tmp_path)


def test_what_is_not_a_file_is_one_line(tmp_path, capsys):
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    assert "is not a file" in refused(capsys, tmp_path, folder)


def test_a_file_that_is_not_there_is_one_line(tmp_path, capsys):
    assert "no file" in refused(capsys, tmp_path, tmp_path / "nowhere.csv")


def test_another_kind_of_file_is_one_line(tmp_path, capsys):
    other = export(tmp_path).rename(tmp_path / "export.xls")
    assert "neither .xlsx nor .csv" in refused(capsys, tmp_path, other)
