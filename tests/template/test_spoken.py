"""Pool sizes that stand in options and in addresses."""

import pytest

from tests.template.reachable_shop import ADDRESS, container
from tests.template.test_discover import peaks, with_api


@pytest.mark.parametrize(
    ("command", "size"),
    [
        ("java -Dspring.datasource.hikari.maximum-pool-size=50 -jar app.jar", 50),
        ("java -jar app.jar --spring.datasource.hikari.maximum-pool-size=60", 60),
        ("java -Dquarkus.datasource.jdbc.max-size=40 -jar app.jar", 40),
    ],
)
def test_a_size_in_the_options_is_that_of_the_pool(command: str, size: int) -> None:
    """2 tasks × 200 % × the size."""
    assert peaks(with_api(container(command=command.split(), DB_HOST=ADDRESS))) == {"Api": 4 * size}


def test_a_limit_in_an_address_that_is_computed_is_that_of_the_pool() -> None:
    """2 tasks × 200 % × 40 = 160."""
    url = {"Fn::Sub": "postgres://${Db.Endpoint.Address}/x?connection_limit=40&pool_timeout=2"}
    assert peaks(with_api(container(DATABASE_URL=url))) == {"Api": 160}


@pytest.mark.parametrize(
    ("command", "size"),
    [
        (["sh", "-c", "DB_POOL_SIZE=50 gunicorn app:app"], 51),
        (["sh", "-c", "export DB_POOL_SIZE='50'; gunicorn app:app"], 51),
        (["env", "DB_POOL_SIZE=50", "DB_MAX_OVERFLOW=9", "gunicorn", "app:app"], 59),
        (["sh", "-c", "DB_POOL_SIZE=2 ./migrate && gunicorn app:app"], 6),
        (["sh", "-c", "MODE=50 gunicorn app:app"], 6),
        (["sh", "-c", "DB_POOL_SIZE=50 gunicorn app:app & DB_POOL_SIZE=7 ./worker"], 51),
        (["sh", "-c", "DB_MAX_OVERFLOW=0 ./migrate && gunicorn app:app"], 6),
    ],
)
def test_a_size_that_the_command_sets_counts_where_it_is_larger_than_the_containers(
    command: list[str], size: int
) -> None:
    """2 tasks × 200 % × the size; 5 + 1 are the container's."""
    made = with_api(container(command=command, DB_HOST=ADDRESS, DB_POOL_SIZE="5", DB_MAX_OVERFLOW="1"))
    assert peaks(made) == {"Api": 4 * size}


def test_a_size_that_the_command_computes_or_that_has_no_limit_is_no_number() -> None:
    for said in ("DB_POOL_SIZE=$SIZE", "DB_POOL_SIZE=0", "DB_POOL_CLASS=NullPool"):
        command = ["sh", "-c", f"{said} gunicorn app:app"]
        made = with_api(container(command=command, DB_HOST=ADDRESS, DB_POOL_SIZE="5", DB_MAX_OVERFLOW="1"))
        assert peaks(made) == {"Api": None}


def test_an_overflow_of_0_is_a_limit_and_one_that_the_command_raises_counts() -> None:
    """2 tasks × 200 % × (5 + 90)."""
    command = ["sh", "-c", "DB_MAX_OVERFLOW=90 gunicorn app:app"]
    made = with_api(container(command=command, DB_HOST=ADDRESS, DB_POOL_SIZE="5", DB_MAX_OVERFLOW="0"))
    assert peaks(made) == {"Api": 380}


def test_what_the_command_sets_for_another_program_takes_nothing_from_what_is_assumed() -> None:
    """2 tasks × 200 % × (5 + 10); and a pool without a limit keeps none."""
    command = ["sh", "-c", "DB_POOL_SIZE=1 DB_POOL_CLASS=QueuePool ./migrate && gunicorn app:app"]
    assert peaks(with_api(container(command=command, DB_HOST=ADDRESS))) == {"Api": 60}
    assert peaks(with_api(container(command=command, DB_HOST=ADDRESS, DB_POOL_CLASS="NullPool"))) == {"Api": None}


@pytest.mark.parametrize(
    ("command", "size"),
    [
        (["./srv", "-db-max-conns=40"], 40),
        (["./srv", "-db-max-conns", "40"], 40),
        (["./srv", "--dsn=postgres://db/x?min_size=2&max_size=40"], 40),
        (["./srv", "postgres://db/x?pool=40"], 40),
        (["sh", "-c", "DATABASE_URL='postgres://db/x?pool=40' ./srv"], 40),
        (["sh", "-c", "DATABASE_URL='postgres://db/x?pool=4' ./srv"], 15),
    ],
)
def test_an_address_or_a_flag_in_a_command_says_the_size_of_a_pool(command: list[str], size: int) -> None:
    """2 tasks × 200 % × the size; 5 + 10 are assumed where a program of the command may have less than that."""
    assert peaks(with_api(container(command=command, DB_HOST=ADDRESS))) == {"Api": 4 * size}
