"""A crash of everything at the peak of a deployment: its dead take slots until the server has noticed them."""

from collections.abc import Callable, Iterator

import psycopg
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
from tests.server.polling import wait_for_connections, wait_until
from tests.server.test_saturation import DOCUMENT, LONG_S


@pytest.fixture
def server(server_with: Callable[[Slots], Server]) -> Iterator[Server]:
    """One that looks every tenth of a second whether its clients are there, whatever they have asked for."""
    server = server_with(Deployment.of_plan(plan(Document.read(DOCUMENT))).slots)
    set_interval(server, "100ms")
    yield server
    set_interval(server, "0")


def set_interval(server: Server, interval: str) -> None:
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET client_connection_check_interval = '{interval}'".encode())
        connection.execute("SELECT pg_reload_conf()")


def test_the_dead_of_a_peak_make_room_where_the_server_looks_for_its_clients(server: Server) -> None:
    """24 of 31, in statements of ten minutes; 24 dead and 24 new ones would be 48, so the new ones start later."""
    deployment = Deployment.of_plan(plan(Document.read(DOCUMENT)))
    size, url = SIZINGS["budget"].size(deployment, "api"), server.url("asyncpg")
    options = engine_options(deployment.environments["api"], size, url)
    tasks = Tasks(
        lambda: Work(url=url, options=options, clients=size.ceiling, request_s=LONG_S),
        processes_per_task(deployment.workloads["api"]),
    )
    before = server.refusals()
    with Sampler(server) as sampler:
        try:
            for _ in range(2):
                tasks.start(2)
                wait_for_connections(sampler, 24)
                tasks.crash(2)
                wait_until(lambda: sampler.latest == 0, "the server has noticed")
        finally:
            tasks.crash(len(tasks))
            server.drop_sessions()
    assert sampler.peak() == 24
    assert server.refusals() == before
