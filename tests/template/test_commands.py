"""What the commands of containers start."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.budget.workloads import CeleryPool
from constructs_lib.budget.workloads.facts import CommandFacts
from constructs_lib.limits import Unknown
from constructs_lib.template.commands import command_facts
from constructs_lib.template.containers import environments
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
        (["gunicorn", "-Rw200", "app:app"], 200),
        (["gunicorn", "--workers=4", "app:app"], 4),
        (["/usr/local/bin/gunicorn", "--workers", "2", "--workers", "4", "app:app"], 4),
        (["python", "-m", "gunicorn", "app:app", "-k", "uvicorn.workers.UvicornWorker", "-w", "3"], 3),
        (["poetry", "run", "uvicorn", "app:app", "--workers", "2"], 2),
        (["opentelemetry-instrument", "hypercorn", "-w", "5", "app:app"], 5),
        (["granian", "--workers", "6", "app:app"], 6),
        (["fastapi", "run", "--workers", "4"], 4),
        (["uwsgi", "--processes", "8"], 8),
        (["uwsgi", "--set", "processes=8", "--master"], 8),
        (["bundle", "exec", "puma", "-w", "3", "-t", "5:5"], 3),
        (["bundle", "exec", "puma"], None),
        (["litestar", "run", "--wc", "8"], 8),
        (["litestar", "--app", "shop:app", "run", "-W", "4"], 4),
        (["sanic", "app:app", "--workers=4"], 4),
        (["pm2-runtime", "app.js"], None),
        (["gunicorn", "app:app"], None),
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
        ("bash -c 'exec gunicorn -w 7 app:app'", 7),
        ("gunicorn -b $(hostname -i):80 -w 4 app:app", 4),
        ('gunicorn -w "4" --name "$(hostname) & co" app:app # gunicorn -w 9', 4),
        ("gunicorn -D -w 4 app:app; gunicorn -w 2 admin:app", 6),
        ("python consumer.py & gunicorn -w 4 app:app", 5),
        ("python consumer.py & python consumer.py", 2),
        ("while ! nc -z db 5432; do sleep 1; done; exec gunicorn -w 4 app:app", 4),
        ("echo starting gunicorn -w 9; command -v gunicorn && gunicorn -w 4 app:app", 4),
        ("case $ROLE in web|api) gunicorn -w 4 app:app;; *) uvicorn app:app;; esac", 4),
        (". /venv/bin/activate && gunicorn app:app & gunicorn -w 3 admin:app", 4),
        ("bash -c 'W=8; gunicorn -w $W app:app'", 8),
        ('N=6; bash -c "gunicorn -w $N app:app"', 6),
        ("export $(cat .env) && gunicorn -w 4 app:app", 4),
        ("W=${W:-3}; gunicorn -w $W app:app", 3),
        ("(cd /srv && gunicorn -w 4 app:app) 2>&1 | tee log", 4),
        ("mkdir -p /var/run/gunicorn; chown app /var/log/gunicorn; gunicorn -w 4 app:app", 4),
    ],
)
def test_a_shells_script_is_looked_into(script: str, count: int) -> None:
    """What `&` joins runs at once and is added; of what runs one after the other, the most counts."""
    assert processes(["sh", "-c", script]) == count
    assert processes([script], ["/bin/bash", "-euo", "pipefail", "-c"]) == count


def test_of_more_processes_than_any_plan_has_only_that_is_known() -> None:
    """600,000 twice are more than 1,000,000; 500,000 twice are as many."""
    script = "gunicorn -w {0} app:app & gunicorn -w {0} admin:app"
    many = processes(["sh", "-c", script.format(600_000)])
    assert many == Unknown("the command starts more than 1000000 processes in container 'web'", 1_000_000)
    assert processes(["sh", "-c", script.format(500_000)]) == 1_000_000


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
        (None, {"GUNICORN_CMD_ARGS": "--bind=:80 --workers=8"}, 8),
        (["./start.sh"], {"GUNICORN_CMD_ARGS": "-w 8", "WEB_CONCURRENCY": "3"}, 8),
        (["./start.sh"], {"GUNICORN_CMD_ARGS": "-w 2", "WEB_CONCURRENCY": "3"}, 3),
        (None, {"GUNICORN_CMD_ARGS": "--bind=:80"}, None),
        (["uvicorn", "app:app"], {"GUNICORN_CMD_ARGS": "-w 8"}, None),
        (["celery", "worker"], {"GUNICORN_CMD_ARGS": "-w 8", "CELERY_WORKER_CONCURRENCY": "4"}, 4),
        (None, {"CELERY_WORKER_CONCURRENCY": "8"}, 8),
        (None, {"CELERY_WORKER_CONCURRENCY": "2", "WEB_CONCURRENCY": "3"}, 3),
        (["python", "manage.py", "runserver"], {"CELERY_WORKER_CONCURRENCY": "8"}, None),
        (["sh", "-c", "python a.py & python b.py"], {"WEB_CONCURRENCY": "4"}, 4),
        (["hypercorn", "app:app"], {"WEB_CONCURRENCY": "3"}, None),
        (None, {"SERVER_WORKER_AMOUNT": "5"}, 5),
        (None, {"KONG_NGINX_WORKER_PROCESSES": "6"}, 6),
        (["sh", "-c", "gunicorn -w $WORKERS app:app"], {"WORKERS": "6"}, 6),
        (["sh", "-c", "gunicorn -w ${WORKERS:-2} app:app"], {"WORKERS": "6"}, 6),
        (["env", "WEB_CONCURRENCY=8", "gunicorn", "app:app"], {"WEB_CONCURRENCY": "3"}, 8),
        (["sh", "-c", "gunicorn $ARGS app:app"], {"ARGS": "--bind :80 -w 6"}, 6),
        (["sh", "-c", "gunicorn --bind 0.0.0.0:$PORT -p $PIDS -w 4 app:app"], {}, 4),
        (["sh", "-c", "WEB_CONCURRENCY=5 gunicorn app:app"], {"WEB_CONCURRENCY": "3"}, 5),
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
        (None, {"GUNICORN_CMD_ARGS": Unknown("it is a secret")}, "GUNICORN_CMD_ARGS: it is a secret"),
    ],
)
def test_a_count_that_is_computed_is_unknown_and_never_the_default(command: Any, variables: Any, reason: str) -> None:
    found = processes(command, **variables)
    assert isinstance(found, Unknown)
    assert found.reason.removesuffix(" in container 'web'") == reason


@pytest.mark.parametrize(
    "command",
    [
        ["gunicorn", "-c", "settings.py", "app:app"],
        ["gunicorn", "-Rc", "settings.py", "app:app"],
        ["hypercorn", "--config", "settings.toml", "app:app"],
        ["uwsgi", "--ini", "uwsgi.ini"],
        ["uwsgi", "/srv/uwsgi.ini"],
        ["gunicorn", {"Ref": "Options"}, "app:app"],
        ["gunicorn", "-w", "2", {"Ref": "Options"}],
        ["sh", "-c", "gunicorn -w 2 $OPTIONS app:app"],
        ["sh", "-c", {"Fn::Sub": "gunicorn ${Options} app:app"}],
        ["sh", "-c", "gunicorn -w 4 'not closed"],
        ["sh", "-c", "cat > run.sh <<END\ngunicorn -w 4\nEND\nsh run.sh"],
        ["sh", "-c", "run() { gunicorn -w 4 app:app; }; run & run"],
        ["sh", "-c", "for port in 1 2 3; do gunicorn -w 4 app:app & done"],
        ["sh", "-c", "seq 4 | xargs -P 4 gunicorn -w 4"],
        ["sh", "-c", "for i in 1 2 3 4; do python w.py & done; wait"],
        ["sh", "-c", "for i in 1 2 3 4; do ./work & done; wait"],
        ["sh", "-c", "for i in 1 2; do { sleep 1; python w.py; } & done; wait"],
        ["sh", "-c", "for i in 1 2 3 4; do python w.py & if [ $i = 4 ]; then wait; fi; done"],
        ["sh", "-c", "while true; do for i in 1 2; do python w.py & done; wait; done"],
        ["sh", "-c", "while read q; do QUEUE=$q python w.py & done < queues; wait"],
        ["sh", "-c", "seq 4 | xargs -P 4 -I{} python w.py"],
        ["sh", "-c", "seq 4 | xargs --max-procs=0 ./work"],
        ["sh", "-c", "seq 4 | xargs -P4 sh -c 'exec ./work'"],
        ["xargs", "-a", "queues", "-P", "4", "sh", "-c", "python w.py"],
        ["sh", "-c", "parallel -j 4 python w.py ::: 1 2 3 4"],
        ["parallel", "./work", ":::", "1", "2"],
        ["npx", "concurrently", "node a.js", "node b.js"],
        ["node_modules/.bin/concurrently", "node a.js", "node b.js"],
        ["sh", "-c", 'eval "gunicorn -w 4"'],
        ["sh", "-c", "eval gunicorn -w 4"],
        ["sh", "-c", "$SERVER -w 4"],
        ["sh", "-c", "exec $SERVER"],
        ["tini", "--", {"Ref": "Program"}],
        ["sh", "-c", "timeout -k 5 10s $SERVER"],
        ["sh", "-c", "$(which gunicorn) -w 4"],
        ["sh", "-c", "su app -c 'gunicorn -w 4 app:app'"],
        ["sh", "-c", "if [ -z $A ]; then W=8; fi; W=2; gunicorn -w $W app:app"],
        ["sh", "-c", ". ./settings.sh; gunicorn -w ${W:-2} app:app"],
        ["sh", "-c", "export $(cat .env); gunicorn app:app"],
        ["sh", "-c", "if $A; then W=2; fi; gunicorn -w ${W:-8} app:app"],
        ["sh", "-c", "ARGS='-b :80'; ARGS+=' -w 8'; gunicorn $ARGS app:app"],
        ["sh", "-c", "ARGS=(-w 8); gunicorn $ARGS app:app"],
        ["sh", "-c", "for W in 8; do sleep 1; done; gunicorn -w $W app:app"],
        ["sh", "-c", "W=2; let W=8; gunicorn -w $W app:app"],
        ["sh", "-c", "cat <(gunicorn -w 4 app:app)"],
        ["sh", "-c", 'set -- "$@" -w 8; exec gunicorn "$@"', "--", "-w", "2"],
        ["sh", "-c", 'shift; exec "$@"', "--", "gunicorn", "-w", "2"],
        ["uv", "run", "--with", "gunicorn", "gunicorn", "-w", "4"],
        ["start-many", "4", "gunicorn", "-w", "4"],
        ["gunicorn", "-w", "4", "app:app", "&", "gunicorn", "-w", "2", "admin:app"],
        ["supervisord", "-n"],
        ["-w", "4", "app:app"],
        ["--bind", ":80", "--workers=4"],
        [{"Ref": "Program"}, "-w", "4"],
    ],
)
def test_whatever_is_not_understood_around_a_server_is_unknown(command: Any) -> None:
    assert isinstance(processes(command), Unknown)


@pytest.mark.parametrize(
    "script",
    [
        "for i in 1 2 3; do python migrate.py && break; sleep 1; done",
        "while ! nc -z db 5432; do sleep 1; done; python w.py & wait",
        "for i in 1 2 3; do sleep 5 & done; wait; python w.py",
        "for i in 1 2 3; do python w.py; done & wait",
        "while true; do python w.py; sleep 60; done",
        "while true; do python w.py & wait; done",
        "while true; do python w.py & child=$!; wait $child; sleep 1; done",
        "ls queues | xargs python w.py",
        "ls queues | xargs -P 1 python w.py",
        "python parallel",
    ],
)
def test_what_a_loop_runs_one_after_the_other_is_one_program(script: str) -> None:
    assert processes(["sh", "-c", script]) is None


@pytest.mark.parametrize(
    "command",
    [
        ["gunicorn", "app:app"],
        ["sh", "-c", "gunicorn -w ${W:-2} app:app"],
        ["celery", "worker"],
    ],
)
def test_what_a_file_of_variables_may_set_is_unknown(command: Any) -> None:
    variables = environments({"ContainerDefinitions": [{"Name": "web", "EnvironmentFiles": [{"Value": "arn"}]}]})
    found = command_facts({"web": {"Command": command}}, variables).processes
    assert found is not None
    assert isinstance(found.value, Unknown)


def test_a_count_on_the_command_line_wins_over_files_and_hidden_variables() -> None:
    assert processes(["gunicorn", "-c", "settings.py", "-w", "4"], GUNICORN_CMD_ARGS=Unknown("it is a secret")) == 4
    hidden = processes(["gunicorn", "app:app"], GUNICORN_CMD_ARGS=Unknown("it is a secret"))
    assert isinstance(hidden, Unknown)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("bundle exec puma -C config/puma.rb", "the workers of puma may be set in its configuration file"),
        ("bundle exec unicorn -c config/unicorn.rb", "the workers of unicorn may be set in its configuration file"),
        ("sanic app:app --fast", "--fast of sanic starts one for every CPU of the host"),
        ("pm2-runtime ecosystem.config.js", "pm2-runtime starts what its own configuration says"),
        ("npx pm2-runtime start pm2.json --env production", "pm2-runtime starts what its own configuration says"),
        ("overmind start", "overmind starts what its own configuration says"),
        ("goreman start", "goreman starts what its own configuration says"),
        ("bin/jobs", "bin/jobs starts what its own configuration says"),
        ("bin/rails solid_queue:start", "solid_queue:start starts what its own configuration says"),
        ("python manage.py qcluster", "qcluster starts what its own configuration says"),
        ("php artisan horizon", "horizon starts what its own configuration says"),
        ("apache2-foreground", "apache2-foreground starts what its own configuration says"),
        ("mpirun -np 8 python x.py", "mpirun may start several programs at once"),
    ],
)
def test_a_number_that_stands_in_a_file_or_is_that_of_the_hosts_cpus_is_unknown(command: str, reason: str) -> None:
    found = processes(command.split())
    assert isinstance(found, Unknown)
    assert found.reason.startswith(reason)


def test_a_script_of_an_image_that_hands_on_is_looked_behind() -> None:
    assert processes(["gunicorn", "-w", "4"], ["/docker-entrypoint.sh"]) == 4
    assert processes(["gunicorn", "-w", "4"], ["sh", "-c", 'gunicorn -w 2 & exec "$@"', "--"]) == 6
    assert processes(["gunicorn -w 4 app:app"]) == 4, "an entry point of the image that is a shell"


def test_a_computed_piece_elsewhere_in_the_command_does_no_harm() -> None:
    join = {"Fn::Join": ["", ["migrate --host ", {"Fn::GetAtt": ["Db", "Endpoint"]}, " && gunicorn -w 4 app:app"]]}
    assert processes(["sh", "-c", join]) == 4
    assert processes(["sh", "-c", {"Fn::Sub": "migrate ${Db.Endpoint} && gunicorn -w 4 app:app"}]) == 4


@pytest.mark.parametrize(
    "command", [["celery", "worker", "-P", "solo", {"Ref": "More"}], ["sh", "-c", "celery worker -P solo $MORE"]]
)
def test_a_solo_worker_with_an_argument_that_is_computed_may_be_another(command: Any) -> None:
    facts = command_facts({"worker": {"Command": command}}, {})
    assert facts.concurrency is not None
    assert isinstance(facts.concurrency.value, Unknown)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["celery", "-A", "shop", "worker", "-c", "4"], (4, None, None)),
        (["celery", "-A", "shop", "worker", "--concurrency=4", "-P", "gevent"], (4, CeleryPool.GEVENT, None)),
        (["celery", "-A", "shop", "worker", "--pool=threads", "-c8"], (8, CeleryPool.THREADS, None)),
        (["celery", "worker", "-c", "2", "--pool=eventlet"], (2, CeleryPool.EVENTLET, None)),
        (["celery", "worker", "--pool=solo"], (1, CeleryPool.SOLO, None)),
        (["celeryd", "-c", "4"], (4, None, None)),
        (["celery", "-A", "shop", "worker", "-BEc4"], (4, None, 1)),
        (["celery", "-A", "worker", "beat"], (None, None, 1)),
        (["celery", "worker", "--autoscale=10,3", "-c", "4"], (10, None, None)),
        (["celery", "worker", "--autoscale", "10,3"], (10, None, None)),
        (["celery", "worker", "--autoscale=3,10"], (10, None, None)),
        (["celery", "-A", "shop", "worker", "-B", "-c", "4"], (4, None, 1)),
        (["celery", "worker", "--beat"], (None, None, 1)),
        (["celery", "-A", "shop", "beat"], (None, None, 1)),
        (["sh", "-c", "celery -A a worker -c 4 & celery -A a worker -c 2 -Q slow & celery -A a beat"], (6, None, 1)),
        (["celery", "-A", "shop", "flower"], (None, None, 1)),
    ],
)
def test_a_celery_worker_says_its_concurrency_and_its_pool(command: Any, expected: tuple[object, ...]) -> None:
    assert celery(command) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("celery worker -P solo -c 8 & celery worker -P solo", (2, CeleryPool.PREFORK)),
        ("celery worker -P gevent -c 100 & celery worker -c 4", (104, CeleryPool.PREFORK)),
        ("celery worker -P gevent -c 100 & celery worker -P gevent -c 50", (150, CeleryPool.GEVENT)),
        ("celery worker --detach -c 4; celery worker -c 2", (6, None)),
        ("celery worker -c 4 || celery worker -c 2", (4, None)),
        ("python manage.py migrate && celery worker -c 4", (4, None)),
    ],
)
def test_of_several_workers_the_jobs_of_all_that_run_at_once_add_up(script: str, expected: tuple[object, ...]) -> None:
    assert celery(["sh", "-c", script])[:2] == expected


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("celery worker -c 4 & celery worker", "Celery's own default is the host's CPU count"),
        ("celery multi start 3 -c 4", "celery multi starts several workers"),
        ("celeryd-multi start 3 -c 4", "celery multi starts several workers"),
        ("celery -A shop $ROLE -c 4", "what celery runs is computed, and may be a worker"),
        ("celery worker $ARGS -c 4", "an argument of celery worker is computed, and may set --concurrency"),
        ("for n in 1 2; do celery worker -c 4 & done", "a server is started in a loop"),
    ],
)
def test_the_concurrency_of_several_workers_is_unknown_where_that_of_one_is(script: str, reason: str) -> None:
    concurrency = celery(["sh", "-c", script])[0]
    assert isinstance(concurrency, Unknown)
    assert reason in concurrency.reason


@pytest.mark.parametrize(
    ("script", "count"),
    [
        ("gunicorn -w 4 app:app & celery worker -c 8", 12),
        ("gunicorn -w 4 app:app & celery worker -P gevent -c 100", 5),
        ("gunicorn -w 4 app:app & celery beat", 5),
        ("celery worker -B -c 8", 9),
        ("if [ $ROLE = web ]; then gunicorn -w 4 app:app; else celery worker -c 8; fi", 8),
    ],
)
def test_celery_children_are_processes_beside_those_of_a_web_server(script: str, count: int) -> None:
    """4 + 8 prefork children; greenlets share the one process of their worker; a beat is one."""
    assert processes(["sh", "-c", script]) == count


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
