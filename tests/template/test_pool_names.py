"""The size of a pool that stands in an address or a connection string."""

import pytest

from constructs_lib.template.pool_names import limit_in, not_understood
from tests.template.reachable_shop import container
from tests.template.test_discover import peaks, with_api

_AT_DB = "postgresql://u:p@${Db.Endpoint.Address}:5432/x"


@pytest.mark.parametrize(
    ("written", "library"),
    [
        (f"{_AT_DB}?connection_limit=45", "Prisma"),
        (f"{_AT_DB}?pool=45", "Rails"),
        (f"{_AT_DB}?min_size=5&max_size=45", "databases"),
        ("asyncpg://u:p@${Db.Endpoint.Address}/x?minsize=1&maxsize=45", "Tortoise"),
        ("r2dbc:pool:postgresql://${Db.Endpoint.Address}/x?initialSize=2&maxSize=45", "R2DBC"),
        (f"{_AT_DB}?max_connections=45", "peewee"),
        (f"{_AT_DB}?pool_max_conns=45", "pgx"),
        ("Host=${Db.Endpoint.Address};Minimum Pool Size=2;Maximum Pool Size=45", "Npgsql"),
        ("Server=${Db.Endpoint.Address};Max Pool Size=45;Database=x", "SqlClient"),
        (f"{_AT_DB}?Max%20Pool%20Size=45", "Npgsql, escaped"),
    ],
)
def test_a_size_among_the_parameters_of_an_address_is_that_of_the_pool(written: str, library: str) -> None:
    """2 tasks × 200 % × 1 process × 45 = 180."""
    assert peaks(with_api(container(DATABASE_URL={"Fn::Sub": written}))) == {"Api": 180}, library


@pytest.mark.parametrize(
    "said", ["max=45", "maxTotal=45", "maxConnections=45", "pool_size=45", "pool=5&max_overflow=40"]
)
def test_a_size_whose_meaning_is_not_documented_is_no_number(said: str) -> None:
    assert peaks(with_api(container(DATABASE_URL={"Fn::Sub": f"{_AT_DB}?{said}"}))) == {"Api": None}


def test_a_connection_string_that_turns_its_pool_off_has_no_limit_that_is_known() -> None:
    text = {"Fn::Sub": "Host=${Db.Endpoint.Address};Pooling=false"}
    assert not_understood("DATABASE_URL", "Host=db;Pooling=false") is not None
    assert peaks(with_api(container(DATABASE_URL=text))) == {"Api": None}


def test_of_two_sizes_in_one_text_none_is_taken_for_the_pools() -> None:
    text = "postgres://a/x?pool=5 postgres://b/x?pool=50"
    assert limit_in(text) is None
    assert not_understood("URLS", text) == "URLS speaks of the size of a pool, and is not understood"


@pytest.mark.parametrize(
    "written",
    ["redis://cache/0?max_connections=50", "https://x.test/?max=50&pool=3", "pool=3", "postgres://a/x?pool=true"],
)
def test_what_is_no_address_of_a_database_says_no_size_of_its_pool(written: str) -> None:
    assert limit_in(written) is None
    assert not_understood("TARGET", written) is None
