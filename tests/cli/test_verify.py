"""`connection-budget verify`, at a real PostgreSQL with 12 connections, 3 of them reserved."""

import json
import re
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result

from constructs_lib.budget.observation import SIGNS
from constructs_lib.cli.commands import commands

SECRET = "hunter-two"  # noqa: S105 - the password of the server in tests/conftest.py
Json = dict[str, Any]


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATABASE_URL", "PGPASSWORD", "PGHOST", "PGSERVICE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def url(socket_folder: str, user: str = "app") -> str:
    return f"postgresql://{user}:{SECRET}@/postgres?host={socket_folder}"


def clients(stack: ExitStack, socket_folder: str, name: str, number: int) -> list["psycopg.Connection"]:
    conninfo = f"host={socket_folder} user=app password={SECRET} dbname=postgres application_name={name}"
    return [stack.enter_context(psycopg.connect(conninfo)) for _ in range(number)]


def document(**database: Any) -> Json:
    """One pool: 12 − 3 − 3 = 6 are 4 + 1."""
    orders = {"engine": "postgres", "max_connections": 12, "reserved": {"engine": 3, "admin": 3}, **database}
    api = {"database": "orders", "tasks": 1, "maximum_percent": 100, "processes": 1}
    return {"schema": 1, "databases": {"orders": orders}, "workloads": {"api": api}}


def verified(*arguments: str, budget: Json | None = None) -> Result:
    if budget is not None:
        Path("budget.json").write_text(json.dumps(budget), encoding="utf-8")
        arguments = (*arguments, "--budget", "budget.json")
    result = CliRunner().invoke(commands, ["verify", *arguments])
    assert SECRET not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def words(result: Result) -> str:
    return " ".join(result.stdout.split())


def test_a_server_as_it_was_budgeted_holds(postgres_socket: str) -> None:
    """The pool keeps 4 and can open 5."""
    with ExitStack() as stack:
        clients(stack, postgres_socket, "api", 4)
        result = verified(url(postgres_socket), budget=document())
    assert result.exit_code == 0, result.output
    words = " ".join(result.stdout.split())
    assert "4 of 12 connections in use beside this one; 3 are reserved, 9 are for ordinary roles" in words
    assert "limits: role full 0, role limited 7, database small 5" in words
    assert "api app 4 4 idle 4 5" in words
    assert "HOLDS: every workload is within its share" in words


def test_overflow_leaks_and_strangers_are_told_apart(postgres_socket: str) -> None:
    with ExitStack() as stack:
        clients(stack, postgres_socket, "api", 5)
        overflow = verified(url(postgres_socket), "--format", "json", budget=document())
        clients(stack, postgres_socket, "api", 1)
        clients(stack, postgres_socket, "psql", 2)
        leak = verified(url(postgres_socket), "--format", "json", budget=document())
    found = json.loads(overflow.stdout)
    assert (overflow.exit_code, found["holds"]) == (0, True)
    assert [item["id"] for item in found["observations"]] == ["overflow-in-use"]
    (application,) = found["applications"]
    assert (application["connections"], application["kept"], application["budgeted"]) == (5, 4, 5)
    found = json.loads(leak.stdout)
    assert (leak.exit_code, found["holds"]) == (1, False)
    assert {(item["id"], item["severity"]) for item in found["observations"]} == {
        ("leak", "error"),
        ("unbudgeted-client", "warning"),
    }


def test_a_transaction_that_stays_open_is_a_leak_also_without_a_budget(postgres_socket: str) -> None:
    """The patience of the pool is 1 s."""
    budget = document()
    budget["workloads"]["api"]["pool_timeout"] = 1
    with ExitStack() as stack:
        (connection,) = clients(stack, postgres_socket, "api", 1)
        connection.execute("SELECT 1")
        time.sleep(2.2)
        result = verified(url(postgres_socket), budget=budget)
        assert verified(url(postgres_socket)).exit_code == 0
    assert result.exit_code == 1
    assert "ERROR leak: api has 1 connection idle in transaction" in result.stdout


def test_a_limit_that_is_lower_than_budgeted_is_told(postgres_socket: str) -> None:
    result = verified(url(postgres_socket), budget=document(max_connections=683))
    assert result.exit_code == 1
    assert "max_connections is 12 at the server and 683 in the budget" in " ".join(result.stdout.split())


def test_a_lower_limit_of_the_role_or_the_database_is_told_while_nobody_is_connected(postgres_socket: str) -> None:
    """`limited` has 7 and the database `small` 5; the pool may open (12 − 3 − 1 = 8) 5 + 2 = 7, and (12 − 3) 6 + 2."""
    seven, eight = document(reserved={"engine": 3, "admin": 1}), document(reserved={"engine": 3, "admin": 0})
    assert verified(url(postgres_socket, "limited"), budget=seven).exit_code == 0
    role = verified(url(postgres_socket, "limited"), budget=eight)
    assert role.exit_code == 1
    assert "the role limited has a limit of 7 connections, and api (not connected now) may open 8" in words(role)
    database = verified(url(postgres_socket).replace("/postgres?", "/small?"), budget=seven)
    assert database.exit_code == 1
    assert "the database small has a limit of 5 connections, and api (not connected now) may open 7" in words(database)


def test_an_administrator_is_told_what_cannot_be_said(postgres_socket: str) -> None:
    """Of the roles, `full` has 0; nobody knows which one the workload uses."""
    result = verified(f"postgresql://postgres@/postgres?host={postgres_socket}", budget=document())
    assert result.exit_code == 1
    assert "CANNOT BE SAID: it depends on who uses full" in words(result)
    with ExitStack() as stack:
        clients(stack, postgres_socket, "api", 1)
        assert verified(f"postgresql://postgres@/postgres?host={postgres_socket}", budget=document()).exit_code == 0


def test_a_name_that_is_not_ascii_finds_its_workload_on_a_real_server(postgres_socket: str) -> None:
    budget = document()
    budget["workloads"] = {"bücher": budget["workloads"]["api"]}
    with ExitStack() as stack:
        clients(stack, postgres_socket, "bücher", 1)
        result = verified(url(postgres_socket), "--format", "json", budget=budget)
    (application,) = json.loads(result.stdout)["applications"]
    assert (application["name"], application["connections"]) == ("bücher", 1)


def test_the_url_can_come_from_the_environment(postgres_socket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url(postgres_socket))
    result = verified()
    assert result.exit_code == 0
    assert "NOTHING STUCK" in result.stdout


def test_an_assembly_s_templates_carry_the_budget(postgres_socket: str, tmp_path: Path) -> None:
    folder = tmp_path / "cdk.out"
    folder.mkdir()
    template = {"Resources": {}, "Metadata": {"ConnectionBudget": document()}}
    (folder / "Shop.template.json").write_text(json.dumps(template), encoding="utf-8")
    (folder / "Data.template.json").write_text('{"Resources": {}}', encoding="utf-8")
    for path in (folder, folder / "Shop.template.json"):
        assert verified(url(postgres_socket), "--budget", str(path)).exit_code == 0
    empty = verified(url(postgres_socket), "--budget", str(folder / "Data.template.json"))
    assert (empty.exit_code, empty.stderr.strip().endswith("no template here has Metadata.ConnectionBudget")) == (
        2,
        True,
    )


def test_watching_looks_again_until_it_is_interrupted(postgres_socket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the first and the second look, a sixth connection comes: the last look counts."""
    with ExitStack() as stack:
        clients(stack, postgres_socket, "api", 5)
        waits: list[float] = []

        def wait(seconds: float) -> None:
            waits.append(seconds)
            if len(waits) > 1:
                raise KeyboardInterrupt
            clients(stack, postgres_socket, "api", 1)

        monkeypatch.setattr("constructs_lib.cli.watched.time.sleep", wait)
        result = verified(url(postgres_socket), "--watch", "--interval", "3", budget=document())
    assert waits == [3, 3]
    assert result.exit_code == 1
    tables = re.split(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", result.stdout, flags=re.MULTILINE)
    assert ["HOLDS:" in text for text in tables] == [False, True, False]
    assert "api has 6 connections" in " ".join(tables[2].split())


STOP = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'connection-budget'"


@pytest.mark.parametrize(("looks", "status"), [(3, 0), (2, 2)])
def test_a_session_that_is_lost_while_watching_is_opened_again(
    postgres_socket: str, monkeypatch: pytest.MonkeyPatch, looks: int, status: int
) -> None:
    """The second look finds the session ended, the third holds; who leaves after the second has no answer."""
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == looks:
            raise KeyboardInterrupt
        if len(waits) == 1:
            with ExitStack() as stack:
                (connection,) = clients(stack, postgres_socket, "stop", 1)
                connection.execute(STOP)

    monkeypatch.setattr("constructs_lib.cli.watched.time.sleep", wait)
    result = verified(url(postgres_socket), "--watch", budget=document())
    assert result.exit_code == status, result.output
    assert "no connection: localhost: the server has ended this session: an administrator, a restart" in words(result)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "verify needs the URL of a server: give it, or set DATABASE_URL"),
        (("redis://x/0",), "the scheme 'redis' is not known"),
        (("postgresql://app@/x?host=/nowhere",), "localhost: nothing answers at this socket"),
        (("postgresql://app@/x?host=/nowhere", "--database", "x"), "give --budget too"),
        (("postgresql://app@/x?host=/nowhere", "--watch", "--format", "json"), "--watch shows a table"),
        (
            ("postgresql://app@/x?host=/nowhere", "--watch", "--interval", "nan"),
            "--interval must be a number of seconds",
        ),
        (("postgresql://app@/x?ssl=perhaps",), "sslmode (asyncpg: ssl) must be one of disable"),
        (("postgresql://app@/x?host=/nowhere", "--budget", "none.json"), "none.json: No such file or directory"),
    ],
)
def test_what_cannot_be_used_exits_2_with_one_line(arguments: tuple[str, ...], words: str) -> None:
    result = verified(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert result.stderr.count("\n") == 1


def test_of_several_databases_one_has_to_be_named(postgres_socket: str) -> None:
    budget = document()
    budget["databases"]["other"] = {"max_connections": 100}
    assert "the budget has several databases" in verified(url(postgres_socket), budget=budget).stderr
    wrong = verified(url(postgres_socket), "--database", "ordres", budget=budget)
    assert "the budget has no database 'ordres': it has orders, other" in wrong.stderr
    assert verified(url(postgres_socket), "--database", "orders", budget=budget).exit_code == 0


def test_a_budget_that_does_not_fit_does_not_hold_at_any_server(postgres_socket: str) -> None:
    """5 × (4 + 1) = 25 of 6."""
    budget = document()
    budget["workloads"]["api"] |= {"tasks": 5, "pool_size": 4, "max_overflow": 1}
    result = verified(url(postgres_socket), budget=budget)
    assert result.exit_code == 1
    assert "DOES NOT HOLD: the budget itself has errors (overcommitted)" in words(result)


@pytest.mark.parametrize("engine", ["mysql", "mariadb", "aurora-mysql"])
def test_a_budget_for_another_kind_of_server_is_refused(postgres_socket: str, engine: str) -> None:
    result = verified(url(postgres_socket), budget=document(engine=engine))
    assert result.exit_code == 2
    assert f"the database orders of the budget is {engine}, and the URL is one of postgresql" in result.stderr


def test_help_has_every_name_that_it_gives() -> None:
    text = CliRunner().invoke(commands, ["verify", "--help"]).output
    assert all(sign.id in text for sign in SIGNS)
