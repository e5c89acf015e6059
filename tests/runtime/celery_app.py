"""A Celery application as a user writes it: the engine is made, and used, before the workers are forked."""

import os
from pathlib import Path

import celery
import sqlalchemy

from constructs_lib.runtime import create_engine, dispose_after_fork

FOLDER = Path(os.environ["BROKER_FOLDER"])
engine = create_engine(os.environ["DATABASE_URL"])
dispose_after_fork(engine)

BACKEND = sqlalchemy.text(
    "SELECT pg_backend_pid(), application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()"
)

with engine.connect() as connection:
    parent = connection.execute(BACKEND).one()

app = celery.Celery("tests", broker="filesystem://", backend=f"file://{FOLDER / 'results'}")
app.conf.broker_transport_options = {
    "data_folder_in": str(FOLDER / "queue"),
    "data_folder_out": str(FOLDER / "queue"),
    "control_folder": str(FOLDER / "control"),
}
app.conf.worker_prefetch_multiplier = 1


@app.task
def backend() -> list[object]:
    """The processes of the server that the child and its parent use, and the child's name there."""
    with engine.connect() as connection:
        pid, name = connection.execute(BACKEND).one()
        connection.execute(sqlalchemy.text("SELECT pg_sleep(0.3)"))
    return [os.getpid(), pid, parent[0], name]
