"""Pool sizes as containers are told them."""

import pytest

from constructs_lib.budget.source import Source
from constructs_lib.budget.split import PoolSize
from constructs_lib.limits import Unknown
from constructs_lib.template.environment import Environment
from constructs_lib.template.pool_variables import pool_of
from constructs_lib.template.variable_labels import Labels

READ, ASSUMED = Source.READ, Source.ASSUMED


@pytest.mark.parametrize(
    ("variables", "pool", "sources"),
    [
        ({}, (5, 10), (ASSUMED, ASSUMED)),
        ({"DB_POOL_SIZE": "4", "DB_MAX_OVERFLOW": "2"}, (4, 2), (READ, READ)),
        ({"DB_POOL_SIZE": "4"}, (4, 10), (READ, ASSUMED)),
        ({"SQLALCHEMY_POOL_SIZE": "7", "SQLALCHEMY_MAX_OVERFLOW": "0"}, (7, 0), (READ, READ)),
        ({"POOL_SIZE": "3"}, (3, 10), (READ, ASSUMED)),
        ({"SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE": "12"}, (12, 0), (READ, READ)),
        ({"DB_POOL_MAX": "9"}, (9, 0), (READ, READ)),
        ({"DB_MAX_OVERFLOW": "-1"}, (5, -1), (ASSUMED, READ)),
        ({"DB_POOL_SIZE": "0"}, (0, 10), (READ, ASSUMED)),
        ({"DB_POOL_SIZE": "4", "DB_MAX_OVERFLOW": "0", "OTHER_POOL_SIZE": "8"}, (12, 10), (READ, ASSUMED)),
        ({"A_DB_POOL_SIZE": "4", "B_DB_POOL_SIZE": "6", "A_DB_MAX_OVERFLOW": "1"}, (10, 11), (READ, ASSUMED)),
        ({"OTHER_POOL_SIZE": "2"}, (5, 10), (ASSUMED, ASSUMED)),
        ({"OTHER_POOL_SIZE": "8"}, (8, 10), (READ, ASSUMED)),
        ({"REDIS_POOL_SIZE": "90", "HTTP_MAX_POOL_SIZE": "90"}, (5, 10), (ASSUMED, ASSUMED)),
        ({"CACHE_DB_POOL_SIZE": "2"}, (5, 10), (ASSUMED, ASSUMED)),
        ({"DB_MIN_POOL_SIZE": "1", "DB_POOL_MIN": "1"}, (5, 10), (ASSUMED, ASSUMED)),
        ({"DB_MAX_POOL_SIZE": "9", "DB_POOL_SIZE": "2"}, (2, 10), (READ, ASSUMED)),
        ({"DATABASE_POOL": "25"}, (25, 0), (READ, READ)),
        ({"DB_MAX_OPEN_CONNS": "30"}, (30, 0), (READ, READ)),
        ({"GF_DATABASE_MAX_OPEN_CONN": "30", "GF_DATABASE_MAX_IDLE_CONN": "40"}, (30, 0), (READ, READ)),
        ({"DB_POOL_CLASS": "sqlalchemy.pool.QueuePool"}, (5, 10), (ASSUMED, ASSUMED)),
        ({"THREAD_POOL_SIZES": "99"}, (5, 10), (ASSUMED, ASSUMED)),
        ({"DATABASE_URL": "postgres://db/x?connection_limit=50"}, (50, 0), (READ, READ)),
        ({"QUARKUS_DATASOURCE_JDBC_MAX_SIZE": "40"}, (40, 0), (READ, READ)),
        ({"HASURA_GRAPHQL_PG_CONNECTIONS": "50"}, (50, 0), (READ, READ)),
        ({"DB_MAX_CONNECTIONS": "100"}, (100, 0), (READ, READ)),
        ({"DB_MAX_CONNECTIONS": "100", "DB_POOL_SIZE": "4", "DB_MAX_OVERFLOW": "0"}, (4, 0), (READ, READ)),
        ({"RDS_MAX_CONNECTIONS": "683"}, (5, 10), (ASSUMED, ASSUMED)),
        ({"RAILS_MAX_THREADS": "25"}, (25, 0), (READ, READ)),
        ({"RAILS_MAX_THREADS": "25", "DB_POOL": "7"}, (7, 0), (READ, READ)),
        ({"DB_POOL_TIMEOUT": "30", "DB_POOL_RECYCLE": "900", "PG_MAX_IDLE_CONNS": "4"}, (5, 10), (ASSUMED, ASSUMED)),
        ({"UV_THREADPOOL_SIZE": "16", "DB_PORT": "5432", "REPORTS_DB_NAME": "7"}, (5, 10), (ASSUMED, ASSUMED)),
    ],
)
def test_the_usual_variables_are_read_and_the_rest_is_sqlalchemys(
    variables: dict[str, str | Unknown], pool: tuple[int, int], sources: tuple[Source, Source]
) -> None:
    sizes, origins = pool_of([variables])
    assert (sizes["pool_size"], sizes["max_overflow"]) == pool
    assert (origins["pool_size"], origins["max_overflow"]) == sources


@pytest.mark.parametrize(
    "name",
    [
        "SPRING_DATASOURCE_TOMCAT_MAX_ACTIVE",
        "SPRING_DATASOURCE_DBCP2_MAX_TOTAL",
        "HIBERNATE_C3P0_MAX_SIZE",
        "DB_MAX_CONN",
        "DB_CONN_MAX",
        "DB_MAXCONN",
        "DB_MAX_OPEN",
        "GORM_MAX_OPEN",
        "SQLX_MAX_CONNECTIONS",
        "PGX_MAX_CONNS",
        "R2D2_MAX_SIZE",
        "ASYNCPG_MAX_SIZE",
        "KNEX_MAX",
        "ACTIVE_RECORD_POOL",
        "JDBC_MAX_ACTIVE",
    ],
)
def test_a_limit_by_the_name_that_a_library_gives_it_is_that_of_the_pool(name: str) -> None:
    sizes, origins = pool_of([{name: "60"}])
    assert sizes == {"pool_size": 60, "max_overflow": 0}
    assert set(origins.values()) == {READ}


@pytest.mark.parametrize("name", ["DBPOOL_SIZE", "PGPOOLSIZE", "DB_POOLSIZE"])
def test_a_size_needs_no_underscores(name: str) -> None:
    assert pool_of([{name: "60", "DB_POOL_TIMEOUT": "5"}])[0] == {"pool_size": 60, "max_overflow": 10}


@pytest.mark.parametrize("name", ["AIOHTTP", "ES", "SQS", "SMTP", "LDAP", "REDIS"])
def test_a_pool_of_something_else_than_a_database_is_none_of_its(name: str) -> None:
    assert pool_of([{f"{name}_POOL_SIZE": "60"}])[0] == {"pool_size": 5, "max_overflow": 10}


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"DB_POOL_SIZE": "many"}, "DB_POOL_SIZE is no whole number from 0 to 100000"),
        ({"DB_POOL_SIZE": "+2000"}, "DB_POOL_SIZE is no whole number from 0 to 100000"),
        ({"DB_POOL_SIZE": "-1"}, "DB_POOL_SIZE is no whole number from 0 to 100000"),
        ({"DB_POOL_SIZE": ""}, "DB_POOL_SIZE is no whole number from 0 to 100000"),
        ({"DB_POOL_SIZE": "2000000"}, "DB_POOL_SIZE is no whole number from 0 to 100000"),
        ({"DB_POOL_SIZE": "9" * 50}, "DB_POOL_SIZE is no whole number from 0 to 100000"),
        ({"DB_POOL_SIZE": Unknown("it is a secret")}, "DB_POOL_SIZE: it is a secret"),
        ({"DB_POOL_SIZE": "1", "A_POOL_SIZE": "?"}, "A_POOL_SIZE is no whole number from 0 to 100000"),
        ({"DB_POOL_CLASS": "NullPool"}, "DB_POOL_CLASS: it is another class than QueuePool, without a limit"),
        ({"DATABASE_URL": "postgres://db/x?connection_limit=$N"}, "DATABASE_URL is no whole number from 1 to 100000"),
        ({"TYPEORM_DRIVER_EXTRA": '{"max":60}'}, "TYPEORM_DRIVER_EXTRA speaks of the size of a pool"),
        ({"DATABASE_OPTIONS": '{"max_size": 60}'}, "DATABASE_OPTIONS speaks of the size of a pool"),
        ({"PG_MAX_CLIENTS": "60"}, "PG_MAX_CLIENTS may be the size of a pool, and is not understood"),
        ({"DB_MAX_CLIENTS": Unknown("a parameter")}, "DB_MAX_CLIENTS may be the size of a pool"),
        ({"JAVA_OPTS": "-Dhikari.maximum-pool-size=50"}, "JAVA_OPTS speaks of the size of a pool"),
    ],
)
def test_a_size_that_is_set_and_cannot_be_read_is_unknown(variables: dict[str, str | Unknown], reason: str) -> None:
    size = pool_of([{"DB_POOL_SIZE": "90", "DB_MAX_OVERFLOW": "10"}, variables])[0]["pool_size"]
    assert isinstance(size, Unknown)
    assert size.reason.startswith(reason)


def test_an_overflow_that_cannot_be_read_is_unknown_beside_a_size_that_can() -> None:
    sizes, _ = pool_of([{"DB_POOL_SIZE": "4", "DB_MAX_OVERFLOW": "some"}])
    assert sizes["pool_size"] == 4
    assert isinstance(sizes["max_overflow"], Unknown)


def test_a_file_of_variables_may_set_a_size_that_is_not_written_out_in_full() -> None:
    hidden = Unknown("a file of EnvironmentFiles may set it")
    assert isinstance(pool_of([Environment({"DB_POOL_SIZE": "4"}, hidden)])[0]["pool_size"], Unknown)
    whole = Environment({"DB_POOL_SIZE": "4", "DB_MAX_OVERFLOW": "0"}, hidden)
    assert pool_of([whole])[0] == {"pool_size": 4, "max_overflow": 0}


def test_what_is_said_of_no_pool_may_be_assumed_otherwise() -> None:
    assert pool_of([{}], PoolSize(1, 0))[0] == {"pool_size": 1, "max_overflow": 0}


def test_of_several_containers_the_largest_pool_counts() -> None:
    sizes, _ = pool_of([{"DB_POOL_SIZE": "2", "DB_MAX_OVERFLOW": "1"}, {"DB_POOL_SIZE": "8", "DB_MAX_OVERFLOW": "1"}])
    assert sizes == {"pool_size": 8, "max_overflow": 1}


def test_a_pool_without_limit_is_larger_than_any() -> None:
    sizes, _ = pool_of([{"A_POOL_SIZE": "90", "A_MAX_OVERFLOW": "0"}, {"A_POOL_SIZE": "1", "A_MAX_OVERFLOW": "-1"}])
    assert sizes["max_overflow"] == -1
    assert pool_of([{"A_POOL_SIZE": "90"}, {"A_POOL_SIZE": "0"}])[0]["pool_size"] == 0


def test_without_containers_the_defaults_are_assumed() -> None:
    assert pool_of([]) == ({"pool_size": 5, "max_overflow": 10}, {"pool_size": ASSUMED, "max_overflow": ASSUMED})


def pool(variables: dict[str, str | Unknown], labels: Labels) -> tuple[object, ...]:
    """The size of one container's pool, and whether each part was read."""
    sizes, origins = pool_of([variables], labels=labels)
    return *sizes.values(), *(source is READ for source in origins.values())


REPORTS = {"REPORTS_POOL_SIZE": "3", "REPORTS_MAX_OVERFLOW": "2"}


def test_a_pool_with_the_label_of_what_leads_to_the_database_is_the_databases() -> None:
    """REPORTS_HOST leads there: 3 + 2 of the REPORTS pool, and not the 5 + 10 that are assumed of a pool of no one's.

    Another pool that may be anyone's counts beside it: 3 + 4 and 2 + 10.
    """
    labels = Labels(own={"REPORTS"}, others={""})
    assert pool({**REPORTS, "DB_POOL_SIZE": "10", "DB_MAX_OVERFLOW": "5"}, labels) == (3, 2, True, True)
    assert pool({"REPORTS_POOL_MAX": "9"}, labels) == (9, 0, True, True)
    assert pool({**REPORTS, "MISC_POOL_SIZE": "4"}, labels) == (7, 12, True, False)


@pytest.mark.parametrize(
    ("variables", "labels"),
    [
        (REPORTS, Labels()),
        (REPORTS, Labels(own={"ORDERS"})),
        (REPORTS, Labels(own={"REPORTS"}, others={"REPORTS"})),
        (REPORTS, Labels(own={"REPORTS", ""}, others={"ORDERS"}, strange={"ORDERS"})),
        (REPORTS, Labels(own={"REPORTS_READ"})),
        ({"REPORTS_READ_POOL_SIZE": "1", "REPORTS_READ_MAX_OVERFLOW": "1"}, Labels(own={"REPORTS"})),
        ({"SERVER_POOL_SIZE": "1", "SERVER_MAX_OVERFLOW": "1"}, Labels(own={""})),
        ({"REDIS_POOL_SIZE": "1", "REDIS_MAX_OVERFLOW": "1"}, Labels(own={"REDIS"})),
        ({"WORKER_POOL_SIZE": "2"}, Labels(own={"WORKER"})),
        ({"WORKER_MAX_POOL_SIZE": "2"}, Labels(own={"WORKER"})),
    ],
)
def test_a_pool_that_may_be_of_something_else_is_never_counted_instead_of_the_assumed_one(
    variables: dict[str, str | Unknown], labels: Labels
) -> None:
    """Not without the label of what leads there and nowhere else, nor where workers are what there is a pool of.

    At least 15, which is the 5 + 10 of SQLAlchemy.
    """
    size, overflow, *_ = pool(variables, labels)
    assert isinstance(size, int)
    assert isinstance(overflow, int)
    assert size + overflow >= 15


def test_a_pool_of_workers_is_the_databases_where_it_overflows_as_no_other_does() -> None:
    assert pool({"WORKER_POOL_SIZE": "2", "WORKER_MAX_OVERFLOW": "1"}, Labels(own={"WORKER"})) == (2, 1, True, True)


def test_beside_another_pool_one_label_without_a_size_of_its_own_leaves_the_assumed_pool() -> None:
    """ORDERS and REPORTS lead to one database, and MISC may be the pool of ORDERS or of nothing: 15, not 1 + 1."""
    variables: dict[str, str | Unknown] = {"REPORTS_MAX_POOL_SIZE": "1", "MISC_MAX_POOL_SIZE": "1"}
    assert pool(variables, Labels(own={"ORDERS", "REPORTS"})) == (5, 10, False, False)
