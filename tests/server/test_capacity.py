"""What the capacity model predicts is what a real server accepts: N connections, and not one more."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import pytest

from constructs_lib.budget.capacity import capacity_of
from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import plan
from storm.server import REFUSED, ROLE, Server, Slots

ServerWith = Callable[[Slots], Server]


def document(database: dict[str, Any], connections: int) -> Document:
    return Document.read(
        {
            "schema": 1,
            "databases": {"orders": {"engine": "postgres", **database}},
            "workloads": {"all": {"kind": "reserved", "database": "orders", "connections": connections}},
        }
    )


async def opened(server: Server, number: int) -> str | None:
    """Open so many connections as an ordinary role, then one more: the SQLSTATE of its refusal, None if it is let in.

    A superuser, for whom slots are kept, is let in even then.
    """
    socket = str(server.socket_folder)
    async with AsyncExitStack() as stack:

        async def connect(user: str) -> None:
            connection = await asyncpg.connect(host=socket, user=user, database="postgres")
            stack.push_async_callback(connection.close)

        for _ in range(number):
            await connect(ROLE)
        await connect("postgres")
        try:
            await connect(ROLE)
        except asyncpg.PostgresError as error:
            return str(error.sqlstate)
    return None


@pytest.mark.parametrize(
    ("slots", "database", "usable"),
    [
        pytest.param(
            Slots(max_connections=20, superuser_reserved_connections=3, reserved_connections=6),
            {"engine_version": "16.13"},
            11,
            id="RDS since 16.5: 20 - 3 - 4 - 2",
        ),
        pytest.param(
            Slots(max_connections=14, superuser_reserved_connections=3, reserved_connections=2),
            {"engine_version": "16.4"},
            9,
            id="RDS before 16.5: 14 - 3 - 2",
        ),
        pytest.param(
            Slots(max_connections=12, superuser_reserved_connections=1),
            {"reserved": {"engine": 1}},
            11,
            id="declared: 12 - 1",
        ),
    ],
)
def test_an_ordinary_role_opens_exactly_the_capacity(
    server_with: ServerWith, slots: Slots, database: dict[str, Any], usable: int
) -> None:
    """RDS's own four slots are stood for by reserved_connections: either is closed to an ordinary role."""
    reserved = {**database.get("reserved", {}), "admin": 0}
    described = {**database, "max_connections": slots.max_connections, "reserved": reserved}
    assert capacity_of(document(described, usable).databases["orders"]).usable == usable
    assert plan(document(described, usable)).fits
    assert not plan(document(described, usable + 1)).fits

    server = server_with(slots)
    before = server.refusals()
    assert asyncio.run(opened(server, usable)) == REFUSED
    assert server.refusals() == before + 1


def test_the_administrative_reserve_is_room_that_applications_are_not_given(server_with: ServerWith) -> None:
    """20 − 9 − 10 = 1: the server would take eleven, the plan counts on one."""
    slots = Slots(max_connections=20, superuser_reserved_connections=3, reserved_connections=6)
    described = {"engine_version": "16.13", "max_connections": 20}
    assert plan(document(described, 1)).fits
    assert not plan(document(described, 2)).fits
    assert asyncio.run(opened(server_with(slots), 1)) is None
