"""A Celery app whose jobs keep a database connection until they are let go.

Its folder is in the environment: the broker's messages, a file for each job that has ended, and `let-go`.
"""

import os
import time
from pathlib import Path
from uuid import uuid4

import sqlalchemy
from celery import Celery

from constructs_lib import runtime

FOLDER = "HELD_JOBS_FOLDER"
DATABASE_URL = "DATABASE_URL"
PATIENCE_S = 60
LET_GO = "let-go"
DONE = "done"


def folder() -> Path:
    """The folder of this app."""
    return Path(os.environ[FOLDER])


def app_in(place: Path) -> Celery:
    """An app whose broker is a folder: no server, and real messages between real processes."""
    for name in ("messages", "control", DONE):
        (place / name).mkdir(exist_ok=True)
    celery = Celery("held_jobs", broker="filesystem://")
    celery.conf.broker_transport_options = {
        "data_folder_in": str(place / "messages"),
        "data_folder_out": str(place / "messages"),
        "control_folder": str(place / "control"),
    }
    celery.conf.worker_prefetch_multiplier = 1
    celery.conf.worker_hijack_root_logger = False
    return celery


if FOLDER in os.environ:  # in a worker
    app = app_in(folder())
    # Made before a prefork worker forks, as in most applications: its pool is still empty then.
    engine = runtime.create_engine(os.environ[DATABASE_URL])

    @app.task(name="hold")
    def hold() -> None:
        """Keep a connection until the file is there."""
        with engine.connect() as connection:
            connection.execute(sqlalchemy.text("SELECT 1"))
            deadline = time.monotonic() + PATIENCE_S
            while not (folder() / LET_GO).exists() and time.monotonic() < deadline:
                time.sleep(0.05)
        (folder() / DONE / str(uuid4())).touch()
