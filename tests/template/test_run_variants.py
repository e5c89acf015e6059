"""Containers that are declared as Celery workers, or as a service, and start something else."""

from typing import Any

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan
from tests.budget.orders import findings, only
from tests.template.app_templates import Json, counted, document, instance, service, tasks


def container(command: Any, name: str = "app", **variables: str) -> Json:
    environment = [{"Name": key, "Value": value} for key, value in variables.items()]
    return {"Name": name, "Image": "x", "Command": command, "Environment": environment}


def made(kind: str, command: str | None, keys: Json | None = None, **variables: str) -> Plan:
    """One service of two tasks that are replaced in place, as it is declared."""
    words = None if command is None else ["sh", "-c", command]
    resources = {
        "Db": instance(),
        "Tasks": tasks(container(words, **variables)),
        "Api": service(DesiredCount=2, DeploymentConfiguration={"MaximumPercent": 100}),
    }
    return counted(document(api={"kind": kind, **(keys or {})}), resources)


def as_workers(command: str | None, keys: Json | None = None, **variables: str) -> Plan:
    return made("celery", command, {"concurrency": 1, **(keys or {})}, **variables)


SERVERS = [
    "gunicorn -w 30 app:app",
    "gunicorn app:app",
    "gunicorn -w $(nproc) app:app",
    "exec uvicorn app:app --workers 4",
    "python migrate.py && python -m gunicorn -w 4 app:app",
    "daphne shop.asgi:application",
    "poetry run waitress-serve app:app",
    "python manage.py migrate && python manage.py runserver 0.0.0.0:80",
    "gunicorn -w 30 app:app & python worker.py",
    "for port in 1 2; do gunicorn -w 4 app:app & done",
    "gunicorn -w 30 app:app & celery -A app worker -c 1",
    "gunicorn --daemon -w 30 app:app; celery -A app worker -c 1",
    "if [ $ROLE = web ]; then gunicorn -w 30 app:app; else celery -A app worker -c 1; fi",
    "if [ $ROLE = web ]; then daphne shop.asgi:application; else celery -A app worker -c 1; fi",
    "gunicorn -w 30 app:app & celery -A app beat",
]
"""What starts a web server, whatever else it starts."""


@pytest.mark.parametrize("keys", [{}, {"pool": "solo"}, {"pool": "threads"}, {"extra_connections": 30}])
@pytest.mark.parametrize("command", SERVERS)
def test_a_web_server_is_no_celery_worker_whatever_is_said_of_it(command: str, keys: Json) -> None:
    """30 gunicorn workers of 15 connections each in 2 tasks would be 900; the budget was told of 2."""
    plan = as_workers(command, keys)
    finding = only(plan, "unknown-tasks")
    assert "in container 'app' is no Celery worker" in finding.message
    assert finding.fix.startswith("make it a service (kind: service), which counts every process")
    assert finding.fixes == ()
    assert not plan.fits


@pytest.mark.parametrize(
    ("command", "variables"),
    [
        (None, {}),
        (None, {"WEB_CONCURRENCY": "30"}),
        ("./worker.sh", {"WEB_CONCURRENCY": "30"}),
        ("python worker.py", {"WEB_CONCURRENCY": "30"}),
        ("alembic upgrade head && celery -A app worker -c 1", {"WEB_CONCURRENCY": "30"}),
        ("alembic upgrade head && python check.py && exec celery -A app worker", {}),
        ("newrelic-admin run-program celery -A app worker", {}),
        ("./worker.sh -c 8", {}),
        ("supervisord -n", {}),
        ("pkill gunicorn; ./worker.sh", {}),
        ("if [ $ROLE = cron ]; then python cron.py; else celery -A app worker; fi", {}),
    ],
)
def test_what_cannot_be_recognised_is_taken_at_the_users_word(command: str | None, variables: dict[str, str]) -> None:
    """2 tasks × 1 child."""
    plan = as_workers(command, None, **variables)
    assert plan.to_json()["workloads"]["api"]["peak"] == 2
    assert plan.fits


@pytest.mark.parametrize(
    "command", ["python health.py & celery -A app worker -c 1", "python -m app.worker & python -m app.mailer"]
)
def test_of_a_program_beside_the_worker_somebody_has_to_say_what_it_opens(command: str) -> None:
    """2 tasks × (1 child + 3)."""
    finding = only(as_workers(command), "unknown-tasks")
    assert "extra_connections: several programs run at once in container 'app'" in finding.message
    assert "extra_connections" in finding.fix
    said = as_workers(command, {"extra_connections": 3})
    assert said.to_json()["workloads"]["api"]["peak"] == 8
    assert said.fits


@pytest.mark.parametrize(
    ("command", "processes"),
    [
        ("celery -A app worker -c 8", 8),
        ("celery -A app worker --autoscale=10,2", 10),
        ("celery -A app worker -B -c 8", 9),
        ("celery -A app worker -P gevent -c 100", 1),
        ("gunicorn -w 4 app:app & celery -A app worker -c 8", 12),
    ],
)
@pytest.mark.parametrize("kind", ["service", "task"])
def test_every_process_of_a_worker_counts_where_it_is_declared_as_something_else(
    kind: str, command: str, processes: int
) -> None:
    """Two tasks at once of 5 connections for each process."""
    keys: Json = {"processes": 1, "pool_size": 5, "max_overflow": 0}
    if kind == "task":
        resources = {"Db": instance(), "Tasks": tasks(container(["sh", "-c", command]))}
        api = {"kind": kind, "resource": {"logical_id": "Tasks"}, "tasks": 1, "overlap": 2, **keys}
        plan = counted(document(api=api), resources)
    else:
        plan = made(kind, command, keys)
    assert plan.to_json()["workloads"]["api"]["peak"] == 2 * processes * 5


def test_a_beat_counts_whatever_is_said_of_it_and_the_document_that_says_so_can_be_read() -> None:
    """2 tasks × (1 child + 1)."""
    plan = as_workers("celery -A app worker -c 1 --beat", {"extra_connections": 0})
    said = "extra_connections is 0 in the budget, and container 'app' runs celery worker --beat"
    assert said in only(plan, "command-conflict").message
    assert plan.to_json()["workloads"]["api"]["peak"] == 4
    written = plan.document.to_json()
    assert Document.read(written).to_json() == written


def test_of_two_task_definitions_that_a_condition_chooses_between_neither_may_start_a_web_server() -> None:
    resources = {
        "Db": instance(),
        "Workers": tasks(container(["celery", "-A", "app", "worker", "-c", "1"])),
        "Web": tasks(container(["gunicorn", "-w", "30", "app:app"])),
        "Api": service(DesiredCount=2, TaskDefinition={"Fn::If": ["Blue", {"Ref": "Workers"}, {"Ref": "Web"}]}),
    }
    plan = counted(document(api={"kind": "celery", "concurrency": 1}), resources)
    assert "gunicorn in container 'app' is no Celery worker" in only(plan, "unknown-tasks").message


def test_a_container_that_is_not_among_the_workers_may_start_what_it_likes() -> None:
    resources = {
        "Db": instance(),
        "Tasks": tasks(
            container(["gunicorn", "-w", "30"], "web"), container(["celery", "worker", "-c", "4"], "worker")
        ),
        "Api": service(DesiredCount=2, DeploymentConfiguration={"MaximumPercent": 100}),
    }
    keys = {"kind": "celery", "task_definition": {"logical_id": "Tasks"}}
    all_of_them = counted(document(api=keys), resources)
    assert "gunicorn in container 'web' is no Celery worker" in only(all_of_them, "unknown-tasks").message
    workers = counted(document(api={**keys, "containers": ["worker"]}), resources)
    assert findings(workers, "unknown-tasks") == []
    assert workers.to_json()["workloads"]["api"]["peak"] == 8


def test_a_worker_that_shares_the_variables_of_a_web_server_is_no_web_server() -> None:
    """2 tasks × 4 children."""
    plan = made("celery", "celery -A app worker -c 4", WEB_CONCURRENCY="30", GUNICORN_CMD_ARGS="-w 30")
    assert plan.to_json()["workloads"]["api"]["peak"] == 8


@pytest.mark.parametrize(
    ("command", "warned"),
    [
        ("celery -A a worker -c 4", True),
        ("celery -A a worker -c 4 -B", True),
        ("gunicorn -w 3 app & celery -A a worker -c 4", False),
        ("gunicorn -w 4 app", False),
    ],
)
def test_a_service_that_starts_nothing_but_workers_is_counted_and_told_what_they_are(
    command: str,
    warned: bool,  # noqa: FBT001 - a row
) -> None:
    """Every child counts with a pool of the service's size, which is more than the one connection that it needs."""
    plan = made("service", command, {"pool_size": 2, "max_overflow": 1})
    found = [item.message for item in findings(plan, "command-conflict")]
    assert [("add_celery_workers, kind: celery" in message) for message in found] == [True] * warned
    assert plan.to_json()["workloads"]["api"]["peak"] >= 2 * 4 * 3
