"""Numbers in commands and variables that nobody understands, and that may multiply the pools."""

from typing import Any

import pytest

from constructs_lib.limits import Unknown
from constructs_lib.template.commands import started_in
from tests.template.reachable_shop import ADDRESS, container
from tests.template.test_discover import errors, peaks, with_api

HARMLESS = [
    "node server.js -p 3000",
    "node --max-old-space-size=4096 --v8-pool-size=4 server.js",
    "java -Xmx512m -jar app.jar --server.port=8080",
    "bundle exec rails server -b 0.0.0.0 -p 3000",
    "bundle exec puma -b tcp://0.0.0.0",
    "pm2-runtime start app.js",
    "wait-for-it.sh db:5432 -t 30 -- node server.js",
    "wait-for-it db:5432 --timeout 30 -- ./app",
    "nice -n 10 ./app",
    "npm run start",
    "php-fpm --nodaemonize",
    "daphne -p 8000 app:asgi",
    "waitress-serve --threads 8 app:app",
    "python manage.py process --batch-size 50 --worker-timeout 30",
    "puma -t 5:5",
]


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("pm2-runtime app.js -i 8", "-i"),
        ("pm2-runtime start app.js -i max", "-i"),
        ("bundle exec thin -w 8 start", "-w"),
        ("./worker --parallelism 8", "--parallelism"),
        ("./worker --nproc=8", "--nproc"),
        ("torchrun --nproc_per_node=8 train.py", "--nproc_per_node"),
        ("python -m torch.distributed.run --nproc-per-node 8 train.py", "--nproc-per-node"),
        ("bundle exec sidekiq -c 25", "-c"),
        ("wait-for-it db:5432 -- ./app --workers=4", "--workers"),
        ("python consume.py --num-workers $N", "--num-workers"),
    ],
)
def test_a_number_of_workers_for_a_program_that_is_not_known_makes_its_processes_unknown(
    command: str, option: str
) -> None:
    processes = started_in("web", container(command=command.split()), {}).in_all
    assert isinstance(processes, Unknown)
    assert processes.reason.startswith(f"{option} is given to a program")


@pytest.mark.parametrize("command", HARMLESS)
def test_other_numbers_are_no_workers(command: str) -> None:
    started = started_in("web", container(command=command.split()), {})
    assert started.in_all is None
    assert started.threads in {None, 5, 8}


@pytest.mark.parametrize(
    "name",
    [
        *("GUNICORN_WORKERS", "PHP_FPM_PM_MAX_CHILDREN", "NUM_PROCS", "WORKER_COUNT"),
        *("HTTP_WORKERS", "PROCESS_COUNT", "NPROC"),
    ],
)
@pytest.mark.parametrize("command", ["./start.sh", "gunicorn app", ""])
def test_a_variable_that_is_called_like_a_number_of_processes_makes_it_unknown(name: str, command: str) -> None:
    processes = started_in("web", container(command=command.split()), {name: "8"}).in_all
    assert isinstance(processes, Unknown)
    assert processes.reason.startswith(f"{name} may be the number of processes")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("PM2_INSTANCES", value) for value in ("4", "0", "-1")),
        *(("JOB_CONCURRENCY", "8"), ("SIDEKIQ_COUNT", "8"), ("WORKERS_PER_CORE", "1")),
    ],
)
@pytest.mark.parametrize("command", [None, ["npm", "start"]])
def test_a_number_for_each_core_or_of_another_manager_makes_it_unknown(
    name: str, value: str, command: list[str] | None
) -> None:
    """Of PM2 0 is every core and -1 all but one; a worker for each core is as many as the host has."""
    processes = started_in("web", container(command=command), {name: value}).in_all
    assert isinstance(processes, Unknown)
    assert processes.reason.startswith(f"{name} may be the number of processes")
    assert started_in("web", container(command=command), {name: value, "WEB_CONCURRENCY": "2"}).in_all == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GUNICORN_OPTS", "--workers 20"),
        ("UWSGI_OPTS", "--master --processes=8"),
        ("CELERYD_OPTS", "--concurrency=60"),
        ("CELERY_OPTS", "-c 60"),
        ("WORKER_EXTRA_ARGS", "-n 4"),
    ],
)
def test_options_that_a_script_may_hand_to_a_program_make_it_unknown_but_for_a_server_that_is_known(
    name: str, value: str
) -> None:
    for command in (None, ["./start.sh"]):
        processes = started_in("web", container(command=command), {name: value}).in_all
        assert isinstance(processes, Unknown)
        assert processes.reason.startswith(f"{name} may set the number of processes")
    assert started_in("web", container(command=["uvicorn", "app:app"]), {name: value}).in_all is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GUNICORN_OPTS", "--bind :80 --timeout 30"),
        ("JAVA_OPTS", "-Xmx2g --workers 3"),
        ("GUNICORN_WORKERS", "1"),
        ("NGINX_WORKER_PROCESSES", "4"),
        ("CELERY_WORKERS", "8"),
        ("APP_INSTANCE_COUNT", "8"),
        ("WORKER_TIMEOUT", "30"),
        ("WORKERS", "none"),
        ("PM2_INSTANCES", "1"),
    ],
)
def test_a_variable_of_another_meaning_leaves_the_number_of_processes_unsaid(name: str, value: str) -> None:
    assert started_in("web", container(command=["./start.sh"]), {name: value}).in_all is None


def test_a_server_that_says_its_workers_needs_no_variable() -> None:
    run = ["gunicorn", "-w", "2", "app"]
    assert started_in("web", container(command=run), {"GUNICORN_WORKERS": "8"}).in_all == 2


@pytest.mark.parametrize(
    "command", ["gunicorn -w 2 --threads 40 app", "gunicorn -k gevent --worker-connections 1000 a"]
)
def test_more_threads_than_sqlalchemys_pool_serves_need_a_pool_that_somebody_said(command: str) -> None:
    """2 tasks × 200 % × 2 processes × (5 + 10) = 120 where a pool is said, whatever the threads."""
    made = with_api(container(command=command.split(), DB_HOST=ADDRESS))
    assert errors(made)["Api"].startswith("unbounded-pool")
    said: dict[str, Any] = {"DB_POOL_SIZE": "5", "DB_MAX_OVERFLOW": "10"}
    processes = 2 if "-w" in command.split() else 1
    assert peaks(with_api(container(command=command.split(), DB_HOST=ADDRESS, **said))) == {"Api": 60 * processes}


def test_greenlets_of_django_have_a_connection_each() -> None:
    """Of SQLAlchemy's they wait for its pool: 2 tasks × 200 % × (5 + 10) = 60."""
    run = ["gunicorn", "-k", "gevent", "app"]
    assert peaks(with_api(container(command=run, DB_HOST=ADDRESS))) == {"Api": 60}
    made = with_api(container(command=run, DB_HOST=ADDRESS, DJANGO_SETTINGS_MODULE="shop.settings"))
    assert "its command has 1000 threads or connections" in errors(made)["Api"]
