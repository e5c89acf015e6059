"""No command line makes a number smaller than the worker counts that are written in it."""

from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.limits import Unknown
from constructs_lib.template.commands import command_facts
from tests.laws.strategies import LAW


@dataclass(frozen=True)
class Line:
    """A line of a shell, and the processes that it starts at the very least."""

    text: str
    least: int


COUNT = st.integers(1, 40)
SPELLINGS = {
    "gunicorn": ("-w {}", "-w{}", "--workers {}", "--workers={}", "-Rw{}", "-w '{}'", "-Rw {}"),
    "uvicorn": ("--workers {}", "--workers={}", '--workers "{}"'),
    "celery worker": ("-c {}", "-c{}", "--concurrency={}", "--concurrency {}", "-Ec{}", "--autoscale={},1"),
    "celery -A shop worker": ("-c {}", "-BEc {}"),
    "/usr/bin/gunicorn3": ("-w {}",),
    "python -m gunicorn": ("-w {}",),
    "python manage.py celery worker": ("-c {}",),
    "hypercorn": ("-w {}",),
    "uwsgi": ("-p {}", "--processes={}"),
    "dramatiq tasks": ("-p {}", "-p{}", "--processes={}"),
    "bundle exec puma": ("-w {}", "-w{}", "--workers={}"),
    "litestar run": ("--wc {}", "-W {}", "--web-concurrency={}"),
    "rq worker-pool": ("-n {}", "--num-workers={}"),
    "huey_consumer app.huey -k process": ("-w {}", "--workers={}"),
    "taskiq worker tasks": ("-w {}", "--workers={}"),
}
NOISE = (
    "app:app",
    "-b :80",
    "--name 'a & b; c'",
    '"x;y"',
    "-k uvicorn.workers.UvicornWorker",
    "--bind=$HOST:80",
    "--host $(hostname -i)",
    "$ARGS",
    "$(options)",
    "--name `id -u`",
    "2>&1",
    ">>/var/log/gunicorn",
    "\\\n",
    "--env A=B",
    "-w 1",
    "-c 1",
    "--workers=1",
    "--app gunicorn",
    "'it''s'",
)
BEFORE = (
    ("{}", 1),
    ("exec {}", 1),
    ("nohup {} ", 1),
    ("env A=1 B=2 {}", 1),
    ("A=1 {}", 1),
    ("timeout -s TERM 10 {}", 1),
    ("tini -- {}", 1),
    ("./docker-entrypoint.sh {}", 1),
    ("poetry run {}", 1),
    ("anything {}", 1),
    ("$PREFIX {}", 1),
    ("eval {}", 1),
    ("xargs -P 2 {}", 2),
)
AROUND = (
    *BEFORE,
    ("( {} )", 1),
    ("{{ {}; }}", 1),
    ("if true; then {}; fi", 1),
    ("case $ROLE in web) {};; esac", 1),
    ("[ -f x ] && {}", 1),
    ("! {}", 1),
    ("# a comment\n{}", 1),
    ("for n in 1 2; do {} & done", 2),
    ("while true; do {} & done", 2),
    ("run() {{ {}\n}}; run & run", 2),
    ("function run {{ {}\n}}; run & run", 2),
    ("{} -w 1 --daemon; sleep 1", 1),
)


@st.composite
def servers(draw: st.DrawFn, places: tuple[tuple[str, int], ...] = AROUND) -> Line:
    """One server with a count in it, among other arguments, behind other words."""
    program = draw(st.sampled_from(list(SPELLINGS)))
    number = draw(COUNT)
    said = draw(st.sampled_from(SPELLINGS[program])).format(number)
    noise = st.lists(st.sampled_from(NOISE), max_size=2).map(" ".join)
    around, times = draw(st.sampled_from(places))
    return Line(around.format(f"{program} {draw(noise)} {said} {draw(noise)}"), number * times)


@st.composite
def joined(draw: st.DrawFn, parts: st.SearchStrategy[Line]) -> Line:
    """Lines at once, which add up, or one after the other, of which the largest runs at some time."""
    found = draw(st.lists(parts, min_size=1, max_size=3))
    at_once = draw(st.booleans())
    joint = draw(st.sampled_from([" & ", " | ", " &\n"] if at_once else ["; ", " && ", " || ", "\n"]))
    numbers = [line.least for line in found]
    return Line(joint.join(line.text for line in found), sum(numbers) if at_once else max(numbers))


def quoted(line: Line) -> Line:
    inner = line.text.replace("'", "'\\''")
    return Line(f"bash -euc '{inner}'", line.least)


scripts = st.recursive(servers(), lambda inner: joined(inner) | inner.map(quoted), max_leaves=4)
VARIABLES = st.dictionaries(
    st.sampled_from(["ARGS", "PREFIX", "HOST", "WEB_CONCURRENCY", "GUNICORN_CMD_ARGS", "CELERYD_CONCURRENCY"]),
    st.sampled_from(["", "1", "-w 1", "exec", "a b"]) | st.builds(Unknown, st.just("it is a secret")),
)


def processes(command: list[str], variables: dict[str, Any]) -> object:
    found = command_facts({"web": {"Command": command}}, {"web": variables}).processes
    return None if found is None else found.value


@LAW
@given(scripts, VARIABLES)
def test_a_script_starts_at_least_what_is_written_in_it(line: Line, variables: dict[str, Any]) -> None:
    found = processes(["sh", "-c", line.text], variables)
    assert isinstance(found, Unknown) or (isinstance(found, int) and found >= line.least)


@LAW
@given(scripts.filter(lambda line: "celery" not in line.text), VARIABLES)
def test_a_script_of_web_servers_is_no_worker_unless_nobody_can_tell(line: Line, variables: dict[str, Any]) -> None:
    facts = command_facts({"web": {"Command": ["sh", "-c", line.text]}}, {"web": variables})
    beside, counted = facts.extra_connections, facts.processes
    assert beside is not None or (counted is not None and isinstance(counted.value, Unknown))
    assert beside is None or isinstance(beside.value, Unknown)


@LAW
@given(
    servers(BEFORE), VARIABLES, st.sampled_from([[], ["tini", "--"], ["env", "A=1"], ["sh", "-c", 'exec "$@"', "--"]])
)
def test_an_argument_vector_starts_at_least_what_is_written_in_it(
    line: Line, variables: dict[str, Any], before: list[str]
) -> None:
    """Split as a person would: what a shell would have understood is only words here."""
    found = processes([*before, *line.text.replace("'", "").replace('"', "").split()], variables)
    assert found is not None
    assert isinstance(found, Unknown) or (isinstance(found, int) and found >= line.least)
