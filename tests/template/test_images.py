"""What images are documented to open."""

from typing import Any

import pytest

from constructs_lib.budget.source import Source
from constructs_lib.limits import Unknown
from constructs_lib.template.commands import started_in
from constructs_lib.template.images import image_of
from tests.template.reachable_shop import ADDRESS, container, document_of, evidence
from tests.template.test_discover import peaks, with_api


def _of(image: Any, **variables: Any) -> Any:
    return {**container(DB_HOST=ADDRESS, **variables), "Image": image}


@pytest.mark.parametrize(
    ("image", "size"),
    [
        ("edoburu/pgbouncer:1.21", 20),
        ("bitnami/pgbouncer@sha256:abc", 20),
        ({"Fn::Sub": "${AWS::AccountId}.dkr.ecr.eu-west-1.amazonaws.com/pgbouncer:1"}, 20),
        ("hasura/graphql-engine:v2", 50),
        ("quay.io/keycloak/keycloak", 100),
        ("acme/web", 15),
    ],
)
def test_an_image_has_the_pool_that_is_documented_where_nothing_is_said(image: Any, size: int) -> None:
    """2 tasks × 200 % × 1 process × the size; 15 = 5 + 10 are assumed of any other."""
    assert peaks(with_api(_of(image))) == {"Api": 4 * size}


@pytest.mark.parametrize(
    ("image", "variables", "size"),
    [
        ("pgbouncer", {"DEFAULT_POOL_SIZE": "15", "RESERVE_POOL_SIZE": "30", "MIN_POOL_SIZE": "5"}, 45),
        ("pgbouncer", {"PGBOUNCER_DEFAULT_POOL_SIZE": "25", "PGBOUNCER_MAX_DB_CONNECTIONS": "30"}, 25),
        ("pgbouncer", {"RESERVE_POOL_SIZE": "0"}, 20),
        ("hasura/graphql-engine", {"HASURA_GRAPHQL_PG_CONNECTIONS": "70"}, 70),
        ("keycloak/keycloak", {"KC_DB_POOL_MAX_SIZE": "8"}, 8),
    ],
)
def test_its_own_variables_say_another_and_a_cap_is_not_added(image: str, variables: Any, size: int) -> None:
    """2 tasks × 200 % × 1 process × the size: 15 + 30 = 45, and 25 whatever all of its pools may have together."""
    assert peaks(with_api(_of(image, **variables))) == {"Api": 4 * size}


@pytest.mark.parametrize(
    "variables",
    [
        {"DEFAULT_POOL_SIZE": "many"},
        {"DEFAULT_POOL_SIZE": {"Ref": "Size"}},
        {"DATABASES": "shop = host=db pool_size=90"},
    ],
)
def test_a_size_of_a_pooler_that_cannot_be_read_is_no_number(variables: Any) -> None:
    assert peaks(with_api(_of("pgbouncer", **variables))) == {"Api": None}


def test_a_documented_pool_says_whose_it_is_and_is_no_assumption() -> None:
    made = with_api(_of("edoburu/pgbouncer"))
    (api,) = document_of(made).workloads.values()
    assert getattr(api, "given", {})["pool_size"] is Source.DOCUMENTED
    assert evidence(made) == {
        "Api": "DB_HOST of container 'web'; PgBouncer has a pool of 20 where nothing is said of it"
    }


@pytest.mark.parametrize(
    "image",
    [
        *("php:8-apache", "php:8.3-apache-bookworm", "public.ecr.aws/docker/library/php:8-apache"),
        *("wordpress", "wordpress:6-apache", "bitnami/wordpress:6"),
        "tiangolo/uvicorn-gunicorn-fastapi:python3.11",
    ],
)
def test_an_image_that_starts_a_number_of_processes_of_its_own_has_an_unknown_one(image: str) -> None:
    assert isinstance(started_in("web", {"Image": image}, {}).processes, Unknown)


@pytest.mark.parametrize(
    ("image", "command", "variables"),
    [
        ("php:8-fpm", None, {}),
        ("wordpress:6-php8.2-fpm", None, {}),
        ("php:8-apache", ["php", "artisan", "queue:work"], {}),
        ("acme/wordpress-importer", None, {}),
        ("nginx", None, {}),
        (None, None, {}),
    ],
)
def test_another_image_or_a_command_of_the_tasks_own_starts_what_it_says(
    image: Any, command: Any, variables: dict[str, str]
) -> None:
    assert started_in("web", {"Image": image, "Command": command}, variables).processes is None


def test_a_number_that_the_image_heeds_is_read() -> None:
    definition = {"Image": "tiangolo/uvicorn-gunicorn:python3.11"}
    assert started_in("web", definition, {"WEB_CONCURRENCY": "3"}).processes == 3


def test_an_image_is_known_by_its_repository_and_not_by_a_part_of_another_name() -> None:
    assert image_of({"Image": "acme/keycloak-theme:1"}) is None
    assert image_of({"Image": "acme/hasura/graphql-engine-tests"}) is None
    assert image_of({"Image": {"Ref": "Image"}}) is None
    assert image_of({}) is None
