"""The promise of going parallel: exactly what one process finds, for any tables and any cut."""

from collections.abc import Iterator

import ipyparallel
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tweet_tables import TABLES, loaded, write

from harness import cluster
from harness.analysis import parallel, sequential, tweets
from harness.analysis.sequential import Analysis, analyse

ROW = {"Date": "2016-04-01", "Hour": "10:00", "RTs": 3}


@pytest.fixture(scope="module")
def view() -> Iterator[ipyparallel.LoadBalancedView]:
    """A view of engines of their own: they keep TensorFlow, which the engines of other tests need not."""
    with cluster.start(2) as running, running.client() as client:
        yield client.load_balanced_view()


@settings(deadline=None)
@given(rows=TABLES, n=st.integers(1, 30))
def test_parts_are_the_table_cut_in_order_with_no_row_lost(rows, n):
    table = loaded(rows)
    parts = parallel.parts(table, n)
    assert len(parts) == n
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
    assert [row for part in parts for row in part.index] == list(table.index)


@settings(deadline=None)
@given(rows=st.integers(0, 400), engines=st.integers(1, 5), least=st.integers(1, 20))
def test_ever_smaller_parts_lose_no_row_and_end_small(rows, engines, least):
    table = pd.DataFrame({"row": range(rows)})
    parts = [list(part.row) for part in parallel.ever_smaller_parts(table, engines, least)]
    assert [row for part in parts for row in part] == list(range(rows))
    lengths = [max(map(len, parts[first : first + engines])) for first in range(0, len(parts), engines)]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] <= 4 * least
    assert len(parts) == engines or min(map(len, parts)) >= least


@settings(deadline=None, max_examples=40)
@given(rows=TABLES, n=st.integers(1, 30))
@example(rows=[], n=3)
@example(rows=[{**ROW, tweets.TEXT: None}], n=3)
@example(rows=[{**ROW, tweets.TEXT: text} for text in ("株価が上がった", "أرباح", None, "great")], n=3)
def test_the_analyses_of_parts_add_up_to_that_of_the_table(rows, n):
    table = loaded(rows)
    assert sum(map(analyse, parallel.parts(table, n)), start=Analysis()) == analyse(table)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables=st.lists(TABLES, min_size=4, max_size=4))
@example(
    tables=[[], [{**ROW, tweets.TEXT: "good"}], [{**ROW, tweets.TEXT: None}] * 3, [{**ROW, tweets.TEXT: "株価"}] * 25]
)
def test_engines_find_exactly_what_one_process_finds(tables, view, tmp_path):
    for company, rows in zip(tweets.COMPANIES, tables, strict=True):
        write(tmp_path / f"{company}.csv", rows)
    found = parallel.run(view, folder=tmp_path, timeout=60)
    assert found == sequential.run(folder=tmp_path)
    assert list(found) == list(tweets.COMPANIES)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lengths=st.lists(st.integers(0, 30), min_size=1, max_size=4), engines=st.integers(1, 3), data=st.data())
def test_tables_are_cut_with_no_row_lost_and_engines_begin_with_a_few_rows(
    lengths, engines, data, tmp_path, monkeypatch
):
    monkeypatch.setattr(parallel, "FIRST", 4)
    rows = data.draw(st.none() | st.integers(0, 30))
    companies = list(tweets.COMPANIES)[: len(lengths)]
    for company, length in zip(companies, lengths, strict=True):
        write(tmp_path / f"{company}.csv", [{**ROW, tweets.TEXT: f"{company} {number}"} for number in range(length)])
    found = list(parallel.cut(companies, tmp_path, rows, engines))
    assert len(found[0][1]) == engines
    assert max(map(len, found[0][1])) <= 4
    for company in companies:
        texts = [text for name, parts in found if name == company for part in parts for text in part[tweets.TEXT]]
        assert texts == list(tweets.load(company, tmp_path, rows)[tweets.TEXT])
    assert list(dict.fromkeys(name for name, _ in found)) == companies


def test_a_failure_on_an_engine_reaches_the_caller(view, tmp_path):
    write(tmp_path / "amzn.csv", [{**ROW, tweets.TEXT: "good", "Hour": "25:99:00"}])
    with pytest.raises(ipyparallel.RemoteError):
        parallel.run(view, ["amzn"], tmp_path, timeout=60)
