"""A PgBouncer that lends the server's connections for a transaction at a time, as RDS Proxy does."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from storm.server import ROLE, Server
from tests.server.polling import PATIENCE_S, wait_until

INSTALL = "PgBouncer is not installed, and these tests need it: apt-get install --no-install-recommends pgbouncer"
PORT = 6432


@dataclass(frozen=True, slots=True)
class PgBouncer:
    """A pooler that runs."""

    folder: Path

    @property
    def url(self) -> str:
        """What an application connects to, with asyncpg."""
        return f"postgresql+asyncpg://{ROLE}@/postgres?host={self.folder}&port={PORT}"

    def clients(self) -> int:
        """How many applications' connections it has."""
        return self._count("SHOW CLIENTS")

    def servers(self) -> int:
        """How many connections it has to the server."""
        return self._count("SHOW SERVERS")

    def waiting(self) -> int:
        """How many clients wait for a connection to the server."""
        return sum(int(str(row["cl_waiting"])) for row in self._rows("SHOW POOLS") if row["database"] == "postgres")

    def _count(self, command: str) -> int:
        return sum(row["database"] == "postgres" for row in self._rows(command))

    def _rows(self, command: str) -> list[dict[str, object]]:
        # The console speaks the simple protocol only, and has no transactions.
        console = f"host={self.folder} port={PORT} user={ROLE} dbname=pgbouncer"
        with psycopg.connect(console, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
            cursor = connection.execute(command.encode())
            names = [column.name for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _without_prepared_statements(program: str) -> str:
    """Since 1.21 it can keep track of them, as RDS Proxy cannot; before, there is no such setting."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    version = tuple(int(part) for part in said.split()[1].split(".")[:2])
    return "max_prepared_statements = 0" if version >= (1, 21) else ""


@contextmanager
def running(server: Server, folder: Path, *, connections: int, idle_client_timeout: int) -> Iterator[PgBouncer]:
    """A pooler that opens so many connections at the most, and drops a client after so many idle seconds."""
    program = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    assert program is not None, INSTALL
    config = folder / "pgbouncer.ini"
    config.write_text(
        f"""
[databases]
postgres = host={server.socket_folder} user={ROLE}
[pgbouncer]
listen_addr =
listen_port = {PORT}
unix_socket_dir = {folder}
auth_type = any
admin_users = {ROLE}
pool_mode = transaction
default_pool_size = {connections}
max_db_connections = {connections}
client_idle_timeout = {idle_client_timeout}
{_without_prepared_statements(program)}
""",
        encoding="utf-8",
    )
    # It refuses to run as root; the server's own user, who is none but where root runs all this, reaches the socket.
    user = server.socket_folder.owner() if os.geteuid() == 0 else None
    if user is not None:
        shutil.chown(folder, user)
    log = folder / "log"
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [program, str(config)], user=user, extra_groups=[] if user else None, stdout=output, stderr=output
        )
    try:

        def listens() -> bool:
            assert process.poll() is None, log.read_text()
            return (folder / f".s.PGSQL.{PORT}").exists()

        wait_until(listens, "PgBouncer listens")
        yield PgBouncer(folder)
    finally:
        process.terminate()
        process.wait(PATIENCE_S)
