"""Django has a connection for each thread: no pool of SQLAlchemy's is assumed where it is known to run."""

from typing import Any

import pytest

from constructs_lib.budget.plan import Plan, plan
from tests.template.reachable_shop import ADDRESS, SHOP, container, document_of, tasks

SETTINGS: dict[str, Any] = {"DJANGO_SETTINGS_MODULE": "shop.settings"}


def planned(command: str, **variables: Any) -> Plan:
    made = container("web", command=command.split(), DB_HOST=ADDRESS, **variables)
    return plan(document_of({**SHOP, "ApiTask": tasks(made)}))


def size(command: str, **variables: Any) -> tuple[int | None, int | None]:
    found = planned(command, **variables).to_json()["workloads"]["Api"]
    return found["pool_size"], found["max_overflow"]


@pytest.mark.parametrize(
    ("command", "threads"),
    [
        ("gunicorn shop.wsgi -w 3", 1),
        ("gunicorn shop.wsgi -w 3 --threads 4", 4),
        ("gunicorn shop.wsgi -k gthread --threads=40", 40),
        ("uwsgi --module shop.wsgi --processes 4 --threads 2", 2),
    ],
)
def test_a_worker_has_a_connection_for_each_of_its_threads(command: str, threads: int) -> None:
    assert size(command, **SETTINGS) == (threads, 0)


def test_what_runs_before_it_in_one_thread_changes_nothing() -> None:
    made = container("web", DB_HOST=ADDRESS, **SETTINGS)
    made["Command"] = ["sh", "-c", "python manage.py migrate && gunicorn shop.wsgi --threads 4"]
    found = plan(document_of({**SHOP, "ApiTask": tasks(made)})).to_json()["workloads"]["Api"]
    assert (found["pool_size"], found["max_overflow"]) == (4, 0)
    assert found["evidence"].endswith("; Django has a connection for each of its 4 threads")


@pytest.mark.parametrize("command", ["python manage.py migrate --noinput", "django-admin clearsessions"])
def test_a_command_of_its_own_does_one_thing_after_the_other(command: str) -> None:
    made = planned(command)
    assert size(command) == (1, 0)
    assert any("pool_size 1 and max_overflow 0, for it does one thing at a time" in x.message for x in made.findings)


@pytest.mark.parametrize("command", ["python manage.py rqworker", "python manage.py", "python import.py migrate"])
def test_of_other_commands_nothing_is_known(command: str) -> None:
    made = planned(command)
    assert size(command) == (5, 10)
    assert any("what SQLAlchemy takes where nothing is said" in finding.message for finding in made.findings)


@pytest.mark.parametrize(
    "command",
    [
        "uvicorn shop.asgi:application",
        "gunicorn shop.asgi -k uvicorn.workers.UvicornWorker",
        "hypercorn shop.asgi",
        "gunicorn shop.wsgi -k gevent",
    ],
)
def test_a_server_without_a_limit_of_requests_gives_it_no_limit_of_connections(command: str) -> None:
    """Outside of Django they wait for the pool that is assumed."""
    assert size(command) == (5, 10)
    (finding,) = [x for x in planned(command, **SETTINGS).findings if x.id == "unbounded-pool"]
    assert finding.message.endswith("and without a pool, as in Django, each has a connection of its own")


@pytest.mark.parametrize(
    "command",
    [
        "gunicorn shop.wsgi -w 3 -c settings.py",
        "gunicorn shop.wsgi -w 3 -k tornado",
        "uwsgi --module shop.wsgi --processes 4 --gevent 100",
        "./start.sh",
    ],
)
def test_where_something_else_may_say_how_many_threads_there_are_none_are_assumed(command: str) -> None:
    assert size(command, **SETTINGS) == (5, 10)


def test_a_pool_that_its_variables_speak_of_is_one() -> None:
    assert size("gunicorn shop.wsgi --threads 4", DB_POOL_SIZE="7", DB_MAX_OVERFLOW="1", **SETTINGS) == (7, 1)
