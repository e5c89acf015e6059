"""What a sample counts on a real server."""

import subprocess
import sys
from collections.abc import Callable

import psycopg

from storm.sampler import Sampler
from storm.server import Server, Slots
from tests.server.polling import wait_for_connections, wait_until

SLEEPER = "import psycopg, sys; psycopg.connect(sys.argv[1]).execute('SELECT pg_sleep(3)')"


def test_a_session_that_outlives_its_client_is_left_behind_and_no_living_one(
    server_with: Callable[[Slots], Server],
) -> None:
    """The server notices that a client is gone after the statement: 1 of the dead and 1 of the living are 2."""
    server = server_with(Slots(max_connections=20))
    with Sampler(server) as sampler:
        with subprocess.Popen([sys.executable, "-c", SLEEPER, server.conninfo()]) as client:
            wait_for_connections(sampler, 1)
            client.kill()
        sampler.leave_behind()
        with psycopg.connect(server.conninfo()):
            wait_until(lambda: sampler.samples[-1].left_behind == 1 and sampler.latest == 2, "both are seen")
            assert sampler.samples[-1].of_the_living == 1
            wait_until(lambda: sampler.samples[-1].left_behind == 0, "the server notices")
            assert sampler.latest == 1
    assert sampler.peak() == 1
