"""A real Celery worker whose children are forked from a process that has used its engine."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.runtime.container import address, container

PROGRAM = """
from tests.runtime.celery_app import app, backend
results = [backend.delay() for _ in range(6)]
print(*(" ".join(map(str, result.get(timeout=45))) for result in results), sep="\\n")
"""


def test_every_child_of_a_worker_has_a_connection_of_its_own(postgres_socket: str, tmp_path: Path) -> None:
    """Two children: two processes of the server, neither of them the one of their parent."""
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
