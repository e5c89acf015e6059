"""Pool sizes as containers are told them."""

import pytest

from constructs_lib.budget.source import Source
from constructs_lib.limits import Unknown
from constructs_lib.template.pool_variables import pool_of

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
        ({"DB_POOL_SIZE": "many"}, (5, 10), (ASSUMED, ASSUMED)),
        ({"DB_POOL_SIZE": Unknown("it is a secret")}, (5, 10), (ASSUMED, ASSUMED)),
        ({"DB_POOL_SIZE": "9" * 50}, (5, 10), (ASSUMED, ASSUMED)),
        ({"DB_POOL_SIZE": "4", "OTHER_POOL_SIZE": "8"}, (8, 10), (READ, ASSUMED)),
        ({"THREAD_POOL_SIZES": "99"}, (5, 10), (ASSUMED, ASSUMED)),
    ],
)
def test_the_usual_variables_are_read_and_the_rest_is_sqlalchemys(
    variables: dict[str, str | Unknown], pool: tuple[int, int], sources: tuple[Source, Source]
) -> None:
    sizes, origins = pool_of([variables])
    assert (sizes["pool_size"], sizes["max_overflow"]) == pool
    assert (origins["pool_size"], origins["max_overflow"]) == sources


def test_of_several_containers_the_largest_pool_counts() -> None:
    sizes, _ = pool_of([{"DB_POOL_SIZE": "2", "DB_MAX_OVERFLOW": "1"}, {"DB_POOL_SIZE": "8", "DB_MAX_OVERFLOW": "1"}])
    assert sizes == {"pool_size": 8, "max_overflow": 1}


def test_a_pool_without_limit_is_larger_than_any() -> None:
    sizes, _ = pool_of([{"A_POOL_SIZE": "90", "A_MAX_OVERFLOW": "0"}, {"A_POOL_SIZE": "1", "A_MAX_OVERFLOW": "-1"}])
    assert sizes["max_overflow"] == -1
    assert pool_of([{"A_POOL_SIZE": "90"}, {"A_POOL_SIZE": "0"}])[0]["pool_size"] == 0


def test_without_containers_the_defaults_are_assumed() -> None:
    assert pool_of([]) == ({"pool_size": 5, "max_overflow": 10}, {"pool_size": ASSUMED, "max_overflow": ASSUMED})
