"""What the commands of containers start."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.budget.workloads import CeleryPool
from constructs_lib.budget.workloads.facts import CommandFacts
from constructs_lib.limits import Unknown
from constructs_lib.template.commands import command_facts
from tests.laws.strategies import LAW, json_values

Json = dict[str, Any]


def facts(command: Any, entry_point: Any = None, **variables: str | Unknown) -> CommandFacts:
    definition = {"Command": command, "EntryPoint": entry_point}
    return command_facts({"web": definition}, {"web": variables})


def processes(command: Any, entry_point: Any = None, **variables: str | Unknown) -> object:
    found = facts(command, entry_point, **variables).processes
    return None if found is None else found.value


def celery(command: Any, **variables: str) -> tuple[object, object, object]:
    found = facts(command, **variables)
    read = (found.concurrency, found.pool, found.extra_connections)
    concurrency, pool, extra = (None if fact is None else fact.value for fact in read)
    return concurrency, pool, extra


@pytest.mark.parametrize(
    ("command", "count"),
    [
        (["gunicorn", "-w", "4", "app:app"], 4),
        (["gunicorn", "-w4", "app:app"], 4),
        (["gunicorn", "--workers=4", "app:app"], 4),
        (["/usr/local/bin/gunicorn", "--workers", "2", "--workers", "4", "app:app"], 4),
        (["python", "-m", "gunicorn", "app:app", "-k", "uvicorn.workers.UvicornWorker", "-w", "3"], 3),
        (["poetry", "run", "uvicorn", "app:app", "--workers", "2"], 2),
        (["opentelemetry-instrument", "hypercorn", "-w", "5", "app:app"], 5),
        (["granian", "--workers", "6", "app:app"], 6),
        (["fastapi", "run", "--workers", "4"], 4),
        (["uwsgi", "--processes", "8"], 8),
        (["gunicorn", "app:app"], None),
        (["gunicorn", "-c", "settings.py", "app:app"], None),
        (["uvicorn", "app:app"], None),
        (["python", "serve.py", "-w", "4"], None),
        (["pip", "install", "gunicorn", "-w", "4"], None),
        ([], None),
        (None, None),
        ({"Ref": "AWS::NoValue"}, None),
    ],
)
def test_a_web_server_says_how_many_workers_it_starts(command: Any, count: int | None) -> None:
    assert processes(command) == count


@pytest.mark.parametrize(
    ("script", "count"),
    [
        ("alembic upgrade head && exec gunicorn -w 4 app:app", 4),
        ("gunicorn -w 4 app:app & gunicorn -w 2 admin:app", 6),
        ("gunicorn -w 4 app:app & gunicorn admin:app", 5),
        ("gunicorn -w 4 app:app || gunicorn -w 2 app:app", 4),
        ("cd /srv; gunicorn --workers=4 'app:create(\"x;y\")' >/dev/null 2>&1", 4),
        ("set -e\npython manage.py migrate\ngunicorn \\\n  --workers 4 app:app\n", 4),
        ("WORKERS=3 && gunicorn -w $WORKERS app:app", 3),
        ("export WEB_CONCURRENCY=5; uvicorn app:app", 5),
        ("gunicorn -w ${WORKERS:-2} app:app", 2),
        ('if [ -n "$DEBUG" ]; then uvicorn app:app; else gunicorn -w 4 app:app; fi', 4),
        ("gunicorn -w 4 'not closed", 4),
        ("bash -c 'exec gunicorn -w 7 app:app'", 7),
    ],
)
def test_a_shells_script_is_looked_into(script: str, count: int) -> None:
    """What `&` joins runs at once and is added; of what runs one after the other, the most counts."""
    assert processes(["sh", "-c", script]) == count
    assert processes([script], ["/bin/bash", "-euo", "pipefail", "-c"]) == count


def test_an_entry_point_and_its_command_are_one_line() -> None:
    assert processes(["-w", "4", "app:app"], ["gunicorn"]) == 4
    assert processes(["gunicorn", "-w", "4"], ["sh", "-c", 'migrate && exec "$@"', "--"]) == 4


@pytest.mark.parametrize(
    ("command", "variables", "count"),
    [
        (["gunicorn", "app:app"], {"WEB_CONCURRENCY": "3"}, 3),
        (["gunicorn", "-w", "2", "app:app"], {"WEB_CONCURRENCY": "3"}, 2),
        (["gunicorn", "app:app"], {"GUNICORN_CMD_ARGS": "--bind=:80 --workers=5", "WEB_CONCURRENCY": "3"}, 5),
        (["uvicorn", "app:app"], {"UVICORN_WORKERS": "4", "WEB_CONCURRENCY": "3"}, 4),
        (None, {"WEB_CONCURRENCY": "3"}, 3),
        (["hypercorn", "app:app"], {"WEB_CONCURRENCY": "3"}, None),
        (["sh", "-c", "gunicorn -w $WORKERS app:app"], {"WORKERS": "6"}, 6),
        (["sh", "-c", "gunicorn -w ${WORKERS:-2} app:app"], {"WORKERS": "6"}, 6),
    ],
)
def test_variables_say_what_the_command_does_not(command: Any, variables: Any, count: int | None) -> None:
    assert processes(command, **variables) == count


@pytest.mark.parametrize(
    ("command", "variables", "reason"),
    [
        (["sh", "-c", "gunicorn -w $(nproc) app:app"], {}, "--workers of gunicorn is computed by the shell"),
        (["sh", "-c", "gunicorn -w $N app:app"], {}, "--workers of gunicorn is $N, which the template does not set"),
        (["gunicorn", "-w", {"Ref": "N"}], {}, "--workers of gunicorn is computed by an intrinsic function"),
        (["gunicorn", "-w", "auto"], {}, "--workers of gunicorn is no count of at least 1"),
        (["gunicorn", "-w", "0"], {}, "--workers of gunicorn is no count of at least 1"),
        (["gunicorn", "-w"], {}, "--workers of gunicorn is no count of at least 1"),
        ({"Fn::If": ["A", [], []]}, {}, "Command of container 'web' is Fn::If …"),
        ("gunicorn --password hunter2", {}, "Command of container 'web' is a string, and ECS takes a list"),
        (None, {"WEB_CONCURRENCY": Unknown("it is a secret")}, "WEB_CONCURRENCY: it is a secret"),
    ],
)
def test_a_count_that_is_computed_is_unknown_and_never_the_default(command: Any, variables: Any, reason: str) -> None:
    found = processes(command, **variables)
    assert isinstance(found, Unknown)
    assert found.reason.removesuffix(" in container 'web'") == reason


def test_a_computed_piece_elsewhere_in_the_command_does_no_harm() -> None:
    join = {"Fn::Join": ["", ["migrate --host ", {"Fn::GetAtt": ["Db", "Endpoint"]}, " && gunicorn -w 4 app:app"]]}
    assert processes(["sh", "-c", join]) == 4
    assert processes(["sh", "-c", {"Fn::Sub": "migrate ${Db.Endpoint} && gunicorn -w 4 app:app"}]) == 4


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["celery", "-A", "shop", "worker", "-c", "4"], (4, None, None)),
        (["celery", "-A", "shop", "worker", "--concurrency=4", "-P", "gevent"], (4, CeleryPool.GEVENT, None)),
        (["celery", "-A", "shop", "worker", "--pool=threads", "-c8"], (8, CeleryPool.THREADS, None)),
        (["celery", "worker", "-c", "2", "--pool=eventlet"], (2, CeleryPool.EVENTLET, None)),
        (["celery", "worker", "--pool=solo"], (None, CeleryPool.SOLO, None)),
        (["celery", "worker", "--autoscale=10,3", "-c", "4"], (10, None, None)),
        (["celery", "worker", "--autoscale", "10,3"], (10, None, None)),
        (["celery", "worker", "--autoscale=3,10"], (10, None, None)),
        (["celery", "-A", "shop", "worker", "-B", "-c", "4"], (4, None, 1)),
        (["celery", "worker", "--beat"], (None, None, 1)),
        (["celery", "-A", "shop", "beat"], (None, None, 1)),
        (["sh", "-c", "celery -A a worker -c 4 & celery -A a worker -c 2 -Q slow & celery -A a beat"], (6, None, 1)),
        (["celery", "-A", "shop", "flower"], (None, None, None)),
    ],
)
def test_a_celery_worker_says_its_concurrency_and_its_pool(command: Any, expected: tuple[object, ...]) -> None:
    assert celery(command) == expected


@pytest.mark.parametrize("name", ["CELERYD_CONCURRENCY", "CELERY_WORKER_CONCURRENCY"])
def test_a_setting_says_the_concurrency_where_the_command_does_not(name: str) -> None:
    assert celery(["celery", "worker"], **{name: "6"})[0] == 6
    assert celery(["celery", "worker", "-c", "2"], **{name: "6"})[0] == 2


def test_of_several_containers_the_one_that_starts_the_most_counts() -> None:
    containers: Json = {"web": {"Command": ["gunicorn", "-w", "2"]}, "admin": {"Command": ["gunicorn", "-w", "3"]}}
    found = command_facts(containers, {})
    assert found.processes is not None
    assert found.processes.value == 3


def test_a_secret_in_a_command_is_not_repeated() -> None:
    found = facts(["gunicorn", "-w", "4", "--env", "URL=postgres://me:hunter2@db/shop", "hunter2"])
    assert found.words["processes"] == "container 'web' runs gunicorn --workers 4"


texts = st.text() | st.lists(
    st.sampled_from(
        ["gunicorn", "celery", "worker", "-w", "4", "-c", "$(", "${A:-", "'", "&&", "&", ";", "sh", "-c", "\n"]
    )
).map(" ".join)
words = st.lists(texts | json_values | st.builds(lambda script: ["sh", "-c", script], texts), max_size=6)


@LAW
@given(words | json_values, words | json_values, st.dictionaries(st.just("WEB_CONCURRENCY"), st.text()))
def test_any_command_is_read(command: Any, entry_point: Any, variables: dict[str, str]) -> None:
    found = facts(command, entry_point, **variables)
    for fact in (found.processes, found.concurrency):
        assert fact is None or isinstance(fact.value, Unknown) or (isinstance(fact.value, int) and fact.value >= 1)
        assert fact is None or not isinstance(fact.value, Unknown) or fact.value.reason.isprintable()
