"""Workers of task queues other than Celery."""

from typing import Any

import pytest

from constructs_lib.limits import Unknown
from tests.template.reachable_shop import ADDRESS, container, document_of
from tests.template.test_commands import facts, processes
from tests.template.test_discover import peaks, with_api


@pytest.mark.parametrize(
    ("command", "count"),
    [
        ("dramatiq tasks -p 4", 4),
        ("dramatiq tasks -p4", 4),
        ("dramatiq --processes=4 tasks", 4),
        ("dramatiq-gevent tasks --processes 2 --threads 100", 2),
        ("python -m dramatiq tasks --processes 3", 3),
        ("python manage.py rundramatiq -p 5 --threads 1", 5),
        ("poetry run dramatiq -p 4 tasks", 4),
        ("taskiq worker broker:broker", 2),
        ("taskiq worker --workers 6 broker:broker", 6),
        ("taskiq worker -w6 broker:broker", 6),
        ("taskiq scheduler broker:scheduler", None),
        ("rq worker-pool -n 6", 6),
        ("python -m rq.cli worker-pool -n 8", 8),
        ("rq worker-pool high", 1),
        ("rq worker high", None),
        ("rq worker --url $REDIS_URL $QUEUES", None),
        ("rq worker-pool --url $REDIS_URL -n 3", 3),
        ("python manage.py run_huey -w 8 -k process", 8),
        ("python manage.py run_huey -k process -w8", 8),
        ("huey_consumer.py app.huey --worker-type=process", 1),
        ("python manage.py run_huey -w 8 -k $KIND", 8),
        ("huey_consumer app.huey -w 8", None),
        ("huey_consumer app.huey -w 8 -k greenlet", None),
    ],
)
def test_the_processes_of_a_worker_are_read_or_those_that_it_starts_by_itself(command: str, count: int | None) -> None:
    assert processes(command.split()) == count


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("dramatiq tasks", "no --processes, without which dramatiq starts one for every CPU of the host, in container"),
        ("dramatiq-gevent tasks", "no --processes, without which"),
        ("python manage.py rundramatiq", "no --processes, without which"),
        ("dramatiq tasks -p many", "--processes of dramatiq is no count of at least 1"),
        ("dramatiq tasks -p 0", "--processes of dramatiq is no count of at least 1"),
        ("dramatiq tasks $ARGS", "an argument of dramatiq is computed, and may set --processes"),
        ("dramatiq tasks -p 4 --fork-function tasks.metrics", "--fork-function of dramatiq starts processes beside"),
        ("taskiq worker broker --use-process-pool", "--use-process-pool of taskiq starts processes beside"),
        ("bundle exec sidekiqswarm", "SIDEKIQ_COUNT is not set, without which sidekiqswarm starts one for every CPU"),
        ("rq worker-pool -n 3 $QUEUES", "an argument of rq is computed, and may set --num-workers"),
        ("taskiq $ROLE broker", "an argument of taskiq is computed, and may set --workers"),
    ],
)
def test_a_number_that_nobody_can_know_is_unknown(command: str, reason: str) -> None:
    found = processes(command.split())
    assert isinstance(found, Unknown)
    assert reason in found.reason


def test_task_queues_heed_no_variable_of_a_web_server() -> None:
    assert processes(["dramatiq", "tasks", "-p", "4"], WEB_CONCURRENCY="9") == 4


def test_a_variable_says_the_number_where_the_worker_heeds_it() -> None:
    assert processes(["bundle", "exec", "sidekiqswarm", "-q", "$QUEUE"], SIDEKIQ_COUNT="8") == 8


def test_each_process_has_a_pool_of_its_own() -> None:
    """2 tasks × 200 % × 4 processes × (2 + 1) = 48."""
    run = ["dramatiq", "tasks", "-p", "4"]
    sized: dict[str, Any] = {"DB_POOL_SIZE": "2", "DB_MAX_OVERFLOW": "1"}
    assert peaks(with_api(container(command=run, DB_HOST=ADDRESS, **sized))) == {"Api": 48}


def test_more_threads_than_a_pool_serves_by_default_leave_a_pool_unknown_that_nobody_spoke_of() -> None:
    """16 threads, each with a connection where there is no pool, as in Django; 15 are what 5 + 10 serve."""
    for run in (["dramatiq", "tasks", "-p", "1", "-t"], ["huey_consumer", "app.huey", "-w"]):
        for threads, known in (("15", True), ("16", False)):
            made = with_api(container(command=[*run, threads], DB_HOST=ADDRESS))
            (api,) = document_of(made).workloads.values()
            assert isinstance(getattr(api, "pool_size", None), int) is known


def test_the_workers_of_other_task_queues_are_no_celery_workers() -> None:
    beside = facts(["sh", "-c", "dramatiq tasks -p 1 & celery worker -c 2"]).extra_connections
    assert beside is not None
    assert isinstance(beside.value, Unknown)
    assert beside.value.reason == "dramatiq in container 'web' is no Celery worker, and has pools of its own"
