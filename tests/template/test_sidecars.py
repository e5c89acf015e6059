"""Containers that have no use for a database, and clients of a pooler in their own task."""

from typing import Any

import pytest

from constructs_lib.template.sidecars import sidecars_in
from tests.template.reachable_shop import ADDRESS, container, evidence
from tests.template.test_discover import peaks, with_api

WEB: Any = container(command=["gunicorn", "-w", "3", "app"], POOL_SIZE="2", MAX_OVERFLOW="1")
IMAGES = [
    "public.ecr.aws/datadog/agent:latest",
    "public.ecr.aws/appmesh/aws-appmesh-envoy:v1.22",
    "840364872350.dkr.ecr.us-west-2.amazonaws.com/aws-appmesh-envoy:v1",
    "envoyproxy/envoy:v1.30",
    "amazon/aws-for-fluent-bit:stable",
    "amazon/aws-xray-daemon",
    "public.ecr.aws/aws-observability/aws-otel-collector",
    "amazon/cloudwatch-agent@sha256:abc",
    "nginx:alpine",
    "public.ecr.aws/nginx/nginx:1",
]


def _of(image: Any, name: str = "beside", **more: Any) -> Any:
    return {**container(name), "Image": image, **more}


@pytest.mark.parametrize("image", IMAGES)
def test_a_sidecar_that_only_security_groups_let_through_counts_for_nothing(image: str) -> None:
    """2 tasks × 200 % × 3 processes × (2 + 1) = 36, where one more container would add 2 × 200 % × (5 + 10) = 60."""
    made = with_api(WEB, _of(image))
    assert peaks(made) == {"Api": 36}
    (words,) = evidence(made).values()
    assert words.endswith("; left out beside: known by image to use no database")


@pytest.mark.parametrize(
    "beside",
    [
        _of("acme/nginx"),
        _of("123456789012.dkr.ecr.eu-west-1.amazonaws.com/nginx"),
        _of({"Ref": "Image"}),
        _of("nginx", Environment=[{"Name": "UPSTREAM", "Value": "db.internal:5432"}]),
        _of("datadog/agent", Environment=[{"Name": "DD_CHECKS", "Value": '{"postgres": {}}'}]),
        _of("nginx", Environment=[{"Name": "DB_POOL_SIZE", "Value": "5"}]),
        _of("nginx", EnvironmentFiles=[{"Type": "s3", "Value": "arn:aws:s3:::a/b.env"}]),
    ],
)
def test_another_image_or_one_that_speaks_of_a_database_counts_as_any_container(beside: Any) -> None:
    assert peaks(with_api(WEB, beside)) != {"Api": 36}


def test_a_sidecar_that_is_given_the_address_is_the_one_that_connects() -> None:
    """2 tasks × 200 % × 1 process × (5 + 10) = 60, and nothing leads the application there."""
    plain: Any = container(command=["gunicorn", "-w", "3", "app"])
    assert peaks(with_api(plain, _of("nginx", Environment=[{"Name": "UPSTREAM", "Value": ADDRESS}]))) == {"Api": 60}


def test_where_there_are_only_sidecars_they_count() -> None:
    """2 tasks × 200 % × 2 containers × (5 + 10) = 120: something in the task may connect, whatever it is."""
    assert peaks(with_api(_of("nginx", "a"), _of("amazon/aws-xray-daemon", "b"))) == {"Api": 120}


def test_an_agent_may_take_its_orders_from_the_labels_beside_it() -> None:
    labels: Any = {"com.datadoghq.ad.checks": '{"postgres": {}}'}
    containers: Any = {"web": {"Image": "acme/web", "DockerLabels": labels}, "agent": {"Image": "datadog/agent"}}
    assert sidecars_in(containers) == set()
    assert sidecars_in({**containers, "web": {"Image": "acme/web"}}) == {"agent"}


POOLER: Any = {**container("pooler", DB_HOST=ADDRESS), "Image": "edoburu/pgbouncer"}


class TestClientsOfAPooler:
    @pytest.mark.parametrize(
        "told",
        [
            {"DB_HOST": "localhost"},
            {"DB_HOST": "127.0.0.1", "DB_PASSWORD": {"Ref": "Password"}},
            {"DB_HOST": "localhost:6432"},
            {"DATABASE_URL": "postgresql://u:p@localhost:6432/app?sslmode=disable"},
            {"DATABASE_URL": {"Fn::Sub": "postgres://app:${Password}@127.0.0.1/app"}},
        ],
    )
    def test_one_that_only_has_the_tasks_own_address_is_not_counted(self, told: Any) -> None:
        """2 tasks × 200 % × 20, the pool of PgBouncer, and nothing of the 3 processes × (2 + 1)."""
        web = container(command=["gunicorn", "-w", "3", "app"], POOL_SIZE="2", MAX_OVERFLOW="1", **told)
        made = with_api(web, POOLER)
        assert peaks(made) == {"Api": 80}
        (words,) = evidence(made).values()
        assert words.endswith("; left out web: a client of the pooler beside it")

    @pytest.mark.parametrize(
        ("web", "beside"),
        [
            (container(DB_HOST="localhost.example.com"), POOLER),
            (container(DB_HOST="localhost", REPORTS_DB_HOST="db.internal"), POOLER),
            (container(DB_HOST="localhost", secrets={"DB_SECRET": "arn:aws:secretsmanager:x"}), POOLER),
            (container(secrets={"DATABASE_URL": "arn:aws:secretsmanager:x"}), POOLER),
            (container(DB_HOST="localhost"), {**POOLER, "Image": "alpine/socat"}),
        ],
    )
    def test_one_that_may_go_past_it_or_has_no_pooler_beside_it_is_counted(self, web: Any, beside: Any) -> None:
        """2 tasks × 200 % × 20 = 80 are the pooler's alone."""
        assert sum(size or 0 for size in peaks(with_api(web, beside)).values()) > 80

    def test_where_nothing_leads_the_pooler_anywhere_all_count(self) -> None:
        """2 tasks × 200 % × (20 + 15): both by the security groups of the task."""
        pooler: Any = {**container("pooler"), "Image": "edoburu/pgbouncer"}
        assert sum(size or 0 for size in peaks(with_api(container(DB_HOST="localhost"), pooler)).values()) == 140
