"""One real PostgreSQL for all tests here; each says which limits it wants."""

from collections.abc import Callable, Iterator

import pytest

from storm.server import Server, Slots, running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with running(Slots(max_connections=20)) as server:
        yield server


@pytest.fixture
def server_with(postgres: Server) -> Callable[[Slots], Server]:
    """The server with the given limits, restarted where it has others."""

    def restarted(slots: Slots) -> Server:
        postgres.restart(slots)
        return postgres

    return restarted
