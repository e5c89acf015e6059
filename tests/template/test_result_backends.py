"""Where a Celery worker keeps its results."""

from typing import Any

import pytest

from constructs_lib.budget.source import Source
from tests.template.reachable_shop import ADDRESS, container, document_of
from tests.template.test_discover import peaks, with_api

Json = dict[str, Any]


@pytest.mark.parametrize(
    ("said", "peak"),
    [
        ({"CELERY_RESULT_BACKEND": {"Fn::Sub": "db+postgresql://u@${Db.Endpoint.Address}/x"}}, 64),
        ({"CELERY_RESULT_BACKEND": "django-db"}, 64),
        ({"CELERY_RESULT_BACKEND": {"Ref": "Somewhere"}}, 64),
        ({"CELERY_RESULT_BACKEND": {"Fn::Sub": "redis://${Redis.RedisEndpoint.Address}/0"}}, 32),
        ({"CELERY_RESULT_BACKEND": ""}, 32),
        ({}, 32),
    ],
)
def test_results_that_are_kept_in_a_database_are_one_connection_more_for_each_job(said: Json, peak: int) -> None:
    """2 tasks × 200 % × 8 children × 1 = 32; with one more for each of 8 jobs 64."""
    run = ["celery", "-A", "a", "worker", "-c", "8"]
    assert peaks(with_api(container(command=run, DB_HOST=ADDRESS, **said))) == {"Api": peak}


def test_the_store_of_results_is_read_from_the_command_as_well() -> None:
    """2 × 200 % × (8 children + 8 for results) = 64."""
    run = ["celery", "-A", "a", "--result-backend=django-db", "worker", "-c", "8"]
    assert peaks(with_api(container(command=run, DB_HOST=ADDRESS))) == {"Api": 64}


def test_a_store_that_is_hidden_is_assumed_to_be_the_database() -> None:
    run = ["celery", "-A", "a", "worker", "-c", "8"]
    for value, source in (("django-db", Source.READ), ({"Ref": "Somewhere"}, Source.ASSUMED)):
        made = with_api(container(command=run, DB_HOST=ADDRESS, CELERY_RESULT_BACKEND=value))
        assert document_of(made).workloads["Api"].given["result_backend"] is source
