"""The limits against values that AWS documents and that people read from their servers (observed.csv)."""

import csv
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from constructs_lib.limits import Basis, Limit, Server, limit_of, memory_bytes_of
from constructs_lib.limits.default_limit import estimated_limit
from constructs_lib.limits.engine import Default
from constructs_lib.limits.engines import aurora_mysql

GIB = 2**30
LARGEST_ERROR_PERCENT = 12
LARGEST_ERROR_PERCENT_AT_1_GIB = 15


def points(kind: str, *engines: str) -> list[ParameterSet]:
    """Read the rows of a kind, of all engines where none is named."""
    found = []
    with (Path(__file__).parent / "observed.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["kind"] == kind and row["engine"] in (engines or (row["engine"],)):
                server = Server(
                    engine=row["engine"],
                    instance_class=row["instance_class"],
                    min_acu=row["min_acu"] or None,
                    max_acu=row["max_acu"] or None,
                )
                value = int(row["max_connections"])
                found.append(pytest.param(server, value, id="-".join(filter(None, row.values()))))
    return found


@pytest.mark.parametrize(("server", "value"), points("documented"))
def test_a_documented_value_is_reproduced(server: Server, value: int) -> None:
    limit = limit_of(server)
    assert isinstance(limit, Limit)
    assert (limit.low, limit.max_connections, limit.high) == (value, value, value)
    assert limit.basis is Basis.DOCUMENTED
    assert limit.assumption is None


@pytest.mark.parametrize(("server", "value"), points("observed"))
def test_an_observed_value_is_not_exceeded_and_not_missed_by_much(server: Server, value: int) -> None:
    limit = limit_of(server)
    assert isinstance(limit, Limit)
    assert limit.max_connections == limit.low <= value <= limit.high
    assert isinstance(server.instance_class, str)
    memory = memory_bytes_of(server.instance_class)
    small = isinstance(memory, int) and memory <= GIB
    allowed = LARGEST_ERROR_PERCENT_AT_1_GIB if small else LARGEST_ERROR_PERCENT
    assert 100 * (value - limit.max_connections) <= allowed * value


@pytest.mark.parametrize(
    ("server", "value"), [point for point in points("documented", "aurora-mysql") if "serverless" not in str(point.id)]
)
def test_the_rounding_of_logarithms_reproduces_the_table_of_aurora_mysql(server: Server, value: int) -> None:
    """The rounding is ours: AWS documents truncation, which does not give AWS's own values."""
    limit = estimated_limit(server, aurora_mysql.ENGINE, Default(formula=aurora_mysql.FORMULA))
    assert isinstance(limit, Limit)
    assert (limit.low, limit.high) == (value, value)


@pytest.mark.parametrize(
    ("gib", "connections"), [(1, 76), (2, 179), (4, 393), (8, 822), (16, 1678), (32, 3390), (64, 5000)]
)
def test_the_estimate_for_postgres_by_memory(gib: int, connections: int) -> None:
    limit = limit_of(Server(engine="postgres", memory_bytes=gib * GIB))
    assert isinstance(limit, Limit)
    assert limit.max_connections == connections
