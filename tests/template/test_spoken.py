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
