"""Overflow that comes and goes: a session that its client has closed takes its slot for another moment."""

from collections.abc import Callable

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import plan
from storm.deployment import Deployment, processes_per_task
from storm.pools import engine_options
from storm.process import Work
from storm.server import Server, Slots
from storm.sizing import SIZINGS
from storm.tasks import Tasks
from tests.server.polling import wait_until

DOCUMENT = {
    "schema": 1,
    "databases": {"orders": {"engine": "postgres", "max_connections": 29, "reserved": {"engine": 9}}},
    "workloads": {"api": {"database": "orders", "tasks": 2, "maximum_percent": 100, "processes": 1}},
}
REQUESTS = 500


@pytest.mark.parametrize("driver", ["psycopg", "asyncpg"])
def test_the_administrative_reserve_has_room_for_sessions_that_are_closing(
    server_with: Callable[[Slots], Server], driver: str
) -> None:
    """29 − 9 − 10 = 10; 2 pools of 5 → 3 + 1. Four clients of each open and close the fourth again and again."""
    planned = plan(Document.read(DOCUMENT))
    assert planned.tally.databases["orders"].capacity.admin_reserve == 10
    deployment = Deployment.of_plan(planned)
    size = SIZINGS["budget"].size(deployment, "api")
    assert size == (3, 1)
    server = server_with(deployment.slots)
    url = server.url(driver)
    options = engine_options(deployment.environments["api"], size, url)
    tasks = Tasks(
        lambda: Work(url=url, options=options, clients=size.ceiling, request_s=0.005),
        processes_per_task(deployment.workloads["api"]),
    )
    before = server.refusals()
    try:
        tasks.start(2)
        wait_until(lambda: sum(item.served for item in tasks.counters) >= REQUESTS, f"{REQUESTS} requests")
    finally:
        tasks.crash(len(tasks))
        server.drop_sessions()
    assert server.refusals() == before
    assert not any(item.refused or item.failed or item.timed_out for item in tasks.counters)
