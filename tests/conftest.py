"""The PostgreSQL that several tests ask."""

from collections.abc import Iterator

import psycopg
import pytest

from storm.server import started

# Three slots for superusers and reserved roles out of twelve: few enough to open them all.
SETTINGS = """
max_connections = 12
superuser_reserved_connections = 2
reserved_connections = 1
fsync = off
"""
ACCESS = """
local all postgres trust
local all rejected reject
local all all scram-sha-256
"""
ROLES = """
CREATE ROLE app LOGIN PASSWORD 'hunter-two';
CREATE ROLE limited LOGIN PASSWORD 'hunter-two' CONNECTION LIMIT 7;
CREATE ROLE full LOGIN PASSWORD 'hunter-two' CONNECTION LIMIT 0;
CREATE ROLE rejected LOGIN;
CREATE DATABASE small CONNECTION LIMIT 5;
"""


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[str]:
    """The folder of the socket of a PostgreSQL 16 with few connections."""
    with started(SETTINGS, ACCESS) as server:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for statement in ROLES.strip().splitlines():
                connection.execute(statement.encode())
        yield str(server.get_postmaster_info().socket_dir)
