"""A real Celery worker whose children are forked from a process that has used its engine."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy

from constructs_lib.runtime import create_async_engine, create_engine, dispose_after_fork, forking
from tests.runtime.container import address, container
from tests.server.polling import wait_until

PROGRAM = """
from tests.runtime.celery_app import app, backend
results = [backend.delay() for _ in range(6)]
print(*(" ".join(map(str, result.get(timeout=45))) for result in results), sep="\\n")
"""


def open_as(name: str, socket_folder: str) -> set[str]:
    """The processes of the server that serve connections of a name."""
    query = sqlalchemy.text("SELECT pid FROM pg_stat_activity WHERE application_name = :name")
    engine = sqlalchemy.create_engine(address("psycopg", socket_folder), poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        return {str(pid) for pid in connection.scalars(query, {"name": name})}


def backends_of(client: "subprocess.CompletedProcess[str]") -> set[str]:
    return {line.split()[1] for line in client.stdout.splitlines()}


PRELOADED = """
import os, sys, sqlalchemy
from constructs_lib.runtime import check_server, create_engine, dispose_after_fork, warm
def tell(pid):
    os.write(1, b"%d\\n" % pid)  # one write a line: three processes share the pipe, and print may write twice
engine = create_engine(sys.argv[1])
if sys.argv[2] == "dispose":
    dispose_after_fork(engine)
check_server(engine)
warm(engine)
pid = sqlalchemy.text("SELECT pg_backend_pid()")
with engine.connect() as connection:
    own = connection.scalar(pid)
children = []
for _ in range(2):
    child = os.fork()
    if not child:
        with engine.connect() as connection:
            tell(connection.scalar(pid))
            sys.stdin.read()
        os._exit(0)
    children.append(child)
if sys.argv[2] != "dispose":
    with engine.connect() as connection:
        assert connection.scalar(pid) == own, "a child has ended its parent's session"
tell(own)
sys.stdin.read()
for child in children:
    os.waitpid(child, 0)
"""


@pytest.mark.parametrize(("how", "parents"), [("dispose", 0), ("keep", 1)])
def test_a_process_that_forks_keeps_its_connections_to_itself_or_gives_them_up(
    postgres_socket: str, how: str, parents: int
) -> None:
    """It checks the server and warms 4 // 4 = 1. Two children have one each; their parent none, or its own."""
    name = f"preloaded-{how}"
    environment = {**os.environ, **container(DB_APPLICATION_NAME=name, DB_POOL_PRE_PING="false")}
    program = [sys.executable, "-c", PRELOADED, address("psycopg2", postgres_socket), how]
    with subprocess.Popen(
        program, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as forked:
        assert forked.stdout is not None
        pids = [forked.stdout.readline().strip() for _ in range(3)]
        assert len(set(pids) - {""}) == 3, forked.communicate()
        wait_until(lambda: len(open_as(name, postgres_socket)) == 2 + parents, "two children and what the parent keeps")
        _, errors = forked.communicate("", timeout=60)
    assert (forked.returncode, errors) == (0, "")


def test_a_pool_in_use_and_an_asynchronous_one_are_left_alone_by_a_fork(postgres_socket: str) -> None:
    engine = create_engine(address("psycopg", postgres_socket), environ=container())
    asynchronous = create_async_engine(address("asyncpg", postgres_socket), environ=container())
    dispose_after_fork(engine, asynchronous)
    pools = engine.pool, asynchronous.pool
    with engine.connect():
        forking._before()
        assert (engine.pool, asynchronous.pool) == pools
    forking._before()
    assert engine.pool is not pools[0]
    assert asynchronous.pool is pools[1]
    engine.dispose()


def test_every_child_of_a_worker_has_a_connection_of_its_own(postgres_socket: str, tmp_path: Path) -> None:
    """Two children: two processes of the server, neither of them the one of their parent, whose own is closed."""
    for name in ("queue", "control", "results"):
        (tmp_path / name).mkdir()
    environment = {
        **os.environ,
        **container(DB_POOL_SIZE="1", DB_MAX_OVERFLOW="0", DB_APPLICATION_NAME="workers"),
        "BROKER_FOLDER": str(tmp_path),
        "DATABASE_URL": address("psycopg2", postgres_socket),
    }
    options = ["--pool=prefork", "--concurrency=2", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    program = [sys.executable, "-m", "celery", "--app=tests.runtime.celery_app", "worker", *options, "--loglevel=ERROR"]
    with subprocess.Popen(program, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as worker:
        try:
            client = subprocess.run(
                [sys.executable, "-c", PROGRAM],
                env=environment,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            wait_until(lambda: open_as("workers", postgres_socket) == backends_of(client), "the parent has none")
        finally:
            worker.send_signal(signal.SIGQUIT)  # at once, without waiting for what hangs
            _, errors = worker.communicate(timeout=60)
    assert client.returncode == 0, client.stderr + errors.decode()
    seen = {tuple(line.split()) for line in client.stdout.splitlines()}
    children = {child for child, _, _, _ in seen}
    backends = {backend for _, backend, _, _ in seen}
    parents = {parent for _, _, parent, _ in seen}
    assert len(children) == len(backends) == len(seen) == 2
    assert not backends & parents
    assert len(parents) == 1
    assert {name for _, _, _, name in seen} == {"workers"}
