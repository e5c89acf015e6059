"""Pools that are used to the last connection open exactly what the plan says, in real processes."""

from collections.abc import Callable

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import plan
from storm.deployment import Deployment, processes_per_task
from storm.pools import engine_options
from storm.process import Work
from storm.sampler import Sampler
from storm.server import Server, Slots
from storm.sizing import SIZINGS
from storm.tasks import Tasks
from tests.server.polling import wait_for_connections, wait_for_samples

DOCUMENT = {
    "schema": 1,
    "databases": {
        "orders": {"engine": "postgres", "max_connections": 40, "reserved": {"engine": 9, "admin": 2}},
    },
    "workloads": {"api": {"database": "orders", "tasks": 1, "maximum_percent": 200, "processes": 2}},
}
BEYOND = 3
"""So many clients more than a pool has connections."""
LONG_S = 600


@pytest.mark.parametrize("driver", ["psycopg", "asyncpg"])
def test_saturated_pools_open_as_many_connections_as_the_plan_says(
    server_with: Callable[[Slots], Server], driver: str
) -> None:
    """40 − 9 − 2 = 29; 1 task × 200 % × 2 processes = 4 pools; 29 ÷ 4 = 7 → 4 + 2; 4 × 6 = 24."""
    planned = plan(Document.read(DOCUMENT))
    connections = planned.tally.allotments["api"].connections
    assert planned.fits
    assert connections == (12, 12, 24)
    deployment = Deployment.of_plan(planned)
    server = server_with(deployment.slots)
    size = SIZINGS["budget"].size(deployment, "api")
    url = server.url(driver)
    options = engine_options(deployment.environments["api"], size, url)
    tasks = Tasks(
        lambda: Work(url=url, options=options, clients=size.ceiling + BEYOND, request_s=LONG_S),
        processes_per_task(deployment.workloads["api"]),
    )
    before = server.refusals()
    with Sampler(server) as sampler:
        try:
            for live, expected in ((1, connections.scaled_out), (2, connections.deploying)):
                tasks.start(live - len(tasks))
                wait_for_connections(sampler, expected)
                wait_for_samples(sampler, 10)
                assert sampler.peak() == expected
                assert sampler.samples[-1].by_name == {"api": expected}
        finally:
            tasks.crash(len(tasks))
            server.drop_sessions()
    assert server.refusals() == before
    assert not any(counters.failed or counters.timed_out for counters in tasks.counters)
