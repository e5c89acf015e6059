"""`connection-budget lookup`."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber
from click.testing import CliRunner, Result
from moto import mock_aws

from constructs_lib.cli.commands import commands
from constructs_lib.limits.facts import Facts, ReservedFacts, ServerFacts
from constructs_lib.lookups import clients as clients_module
from constructs_lib.lookups import from_server, postgres_server
from constructs_lib.lookups.clients import Clients
from constructs_lib.lookups.server_url import ServerUrl

if TYPE_CHECKING:
    from mypy_boto3_rds import RDSClient

SECRET = "hunter-two"  # noqa: S105 - of no server
ONE_OF = "lookup takes one of --db-instance, --db-cluster and --from-server"
FORMULA = "LEAST({DBInstanceClassMemory/9531392},5000)"
ANSWER = ServerFacts(
    looked_up="2026-11-22",
    engine="postgres",
    engine_version="16.4",
    max_connections=1802,
    reserved=ReservedFacts(engine=9),
)


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings of whoever runs the tests, and no server to take credentials from."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("DATABASE_URL", "PGPASSWORD", "PGHOST", "PGSERVICE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def rds(monkeypatch: pytest.MonkeyPatch) -> Iterator["RDSClient"]:
    """Two instances: one with a number in its group, one with a formula."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        client = boto3.client("rds", region_name="eu-west-1")
        for identifier, value in (("orders", "683"), ("shop", FORMULA)):
            client.create_db_parameter_group(
                DBParameterGroupName=identifier, DBParameterGroupFamily="postgres16", Description="x"
            )
            client.modify_db_parameter_group(
                DBParameterGroupName=identifier,
                Parameters=[{"ParameterName": "max_connections", "ParameterValue": value, "ApplyMethod": "immediate"}],
            )
            client.create_db_instance(
                DBInstanceIdentifier=identifier,
                Engine="postgres",
                EngineVersion="16.4",
                DBInstanceClass="db.r6g.large",
                MasterUsername="owner",
                MasterUserPassword="not-used-here",
                DBParameterGroupName=identifier,
            )
        yield client


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["lookup", *arguments])


def facts(path: str = "connection-facts.json") -> dict[str, ServerFacts]:
    return dict(Facts.read(json.loads(Path(path).read_text(encoding="utf-8"))).servers)


def refusal(*arguments: str) -> str:
    """The one line that a command which cannot look up ends with."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("connection-budget: ")
    assert result.stderr.count("\n") == 1
    assert SECRET not in result.stderr
    return result.stderr.removeprefix("connection-budget: ").rstrip("\n")


@pytest.mark.usefixtures("rds")
def test_an_instance_can_be_called_as_its_construct_is() -> None:
    result = run("--db-instance", "orders", "--name", "Orders", "--region", "eu-west-1")
    assert (result.exit_code, result.stderr) == (0, "")
    assert list(json.loads(Path("connection-facts.json").read_text(encoding="utf-8"))["servers"]) == ["Orders"]


@pytest.mark.usefixtures("rds")
def test_an_instance_is_written_to_a_file_to_commit() -> None:
    result = run("--db-instance", "orders", "--region", "eu-west-1")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "orders: postgres 16.4 on db.r6g.large, instance: max_connections 683\n"
    today = datetime.now(timezone.utc).date().isoformat()
    assert json.loads(Path("connection-facts.json").read_text(encoding="utf-8")) == {
        "schema": 1,
        "looked_up": today,
        "servers": {
            "orders": {
                "looked_up": today,
                "engine": "postgres",
                "engine_version": "16.4",
                "instance_class": "db.r6g.large",
                "role": "instance",
                "max_connections": 683,
                "pending_reboot": False,
            }
        },
    }


@pytest.mark.usefixtures("rds")
def test_another_look_up_keeps_the_servers_that_are_there() -> None:
    run("--db-instance", "orders", "--region", "eu-west-1", "--output", "facts.json")
    before = facts("facts.json")["orders"]
    run("--db-instance", "shop", "--region", "eu-west-1", "--output", "facts.json")
    assert list(facts("facts.json")) == ["orders", "shop"]
    assert facts("facts.json")["orders"] == before


@pytest.mark.usefixtures("rds")
def test_the_same_look_up_changes_no_byte() -> None:
    run("--db-instance", "orders", "--region", "eu-west-1")
    before = Path("connection-facts.json").read_bytes()
    run("--db-instance", "orders", "--region", "eu-west-1")
    assert Path("connection-facts.json").read_bytes() == before


@pytest.mark.usefixtures("rds")
def test_a_formula_is_shown_with_the_way_to_its_value() -> None:
    result = run("--db-instance", "shop", "--region", "eu-west-1")
    assert f"max_connections is computed, {FORMULA} (lookup --from-server --name shop asks the server" in result.stdout


def test_a_cluster_is_written_member_by_member(rds: "RDSClient") -> None:
    rds.create_db_cluster(
        DBClusterIdentifier="cart", Engine="aurora-mysql", MasterUsername="owner", MasterUserPassword="not-used-here"
    )
    for identifier in ("cart-1", "cart-2"):
        rds.create_db_instance(
            DBInstanceIdentifier=identifier,
            DBClusterIdentifier="cart",
            Engine="aurora-mysql",
            DBInstanceClass="db.r6g.large",
        )
    result = run("--db-cluster", "cart", "--region", "eu-west-1")
    assert result.exit_code == 0
    assert [line.partition(":")[0] for line in result.stdout.splitlines()] == ["cart-1", "cart-2"]
    assert {name: server.role.value for name, server in facts().items()} == {"cart-1": "writer", "cart-2": "reader"}


@pytest.mark.usefixtures("rds")
def test_on_standard_output_there_is_nothing_but_the_facts() -> None:
    result = run("--db-instance", "orders", "--region", "eu-west-1", "--output", "-")
    assert list(Facts.read(json.loads(result.stdout)).servers) == ["orders"]
    assert result.stderr.startswith("orders: postgres 16.4")
    assert not Path("connection-facts.json").exists()


@pytest.mark.usefixtures("rds")
def test_what_the_server_says_is_added_to_what_aws_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(from_server, "look_up_server", lambda _url, now: ANSWER)  # noqa: ARG005 - its signature
    run("--db-instance", "shop", "--region", "eu-west-1")
    result = run("--from-server", f"postgresql://app:{SECRET}@shop.example.com/shop", "--name", "shop")
    assert result.output == "shop: postgres 16.4 on db.r6g.large, instance: max_connections 1802\n"
    assert (facts()["shop"].instance_class, facts()["shop"].reserved) == ("db.r6g.large", ReservedFacts(engine=9))


def test_the_url_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []

    def answer(url: ServerUrl, *, now: datetime) -> ServerFacts:
        asked.append(url.host)
        return replace(ANSWER, looked_up=now.date().isoformat())

    monkeypatch.setattr(from_server, "look_up_server", answer)
    monkeypatch.setenv("DATABASE_URL", f"postgresql://app:{SECRET}@db.example.com/x")
    for arguments in (("--from-server",), ("--from-server", "--name", "orders")):
        assert run(*arguments).exit_code == 0
    assert asked == ["db.example.com"] * 2
    assert sorted(facts()) == ["db.example.com", "orders"]
    assert SECRET not in Path("connection-facts.json").read_text(encoding="utf-8")


def test_database_url_alone_asks_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://app:{SECRET}@db.example.com/x")
    assert refusal() == ONE_OF


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), ONE_OF),
        (("--db-instance", "a", "--db-cluster", "b"), ONE_OF),
        (("--db-instance", "a", "--from-server"), ONE_OF),
        (("--from-server", "mysql://h/d", "--region", "eu-west-1"), "--region and --profile are for --db-instance"),
        (("--db-instance", " "), "the name of a server must be of printable characters, got ' '"),
        (("--from-server", "mysql://h/d", "--name", "a\nb"), "the name of a server must be of printable characters"),
        (("--from-server",), "--from-server needs a URL: give it, or set DATABASE_URL"),
        (("--from-server", f"oracle://u:{SECRET}@h/d"), "the scheme 'oracle' is not known"),
        (("--from-server", f"postgresql://u:{SECRET}/@h/d"), "the server's URL cannot be read"),
    ],
)
def test_options_that_do_not_go_together_are_one_line(arguments: tuple[str, ...], words: str) -> None:
    assert refusal(*arguments).startswith(words)


def test_a_server_that_cannot_be_reached_is_one_line() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    for scheme in ("postgresql", "mysql"):
        words = refusal("--from-server", f"{scheme}://app:{SECRET}@127.0.0.1:{port}/x")
        assert words.startswith(f"127.0.0.1:{port}: nothing answers at this host and port")


@pytest.mark.usefixtures("rds")
def test_what_aws_does_not_find_is_one_line() -> None:
    words = refusal("--db-instance", "none", "--region", "eu-west-1")
    assert words == "DB instance 'none' was not found in this account and region (DBInstanceNotFound)"


@pytest.mark.parametrize(("code", "words"), [("AccessDenied", "no permission for"), ("Throttling", "AWS throttles")])
def test_what_aws_refuses_is_one_line(monkeypatch: pytest.MonkeyPatch, code: str, words: str) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    rds = boto3.client("rds", region_name="eu-west-1")
    cloudwatch = boto3.client("cloudwatch", region_name="eu-west-1")
    monkeypatch.setattr(clients_module, "clients", lambda **_: Clients(rds, cloudwatch))
    with Stubber(rds) as stubber:
        stubber.add_client_error("describe_db_clusters", code, SECRET)
        assert refusal("--db-cluster", "shop").startswith(f"{words} rds:DescribeDBClusters ({code})")


def test_missing_settings_of_aws_are_one_line() -> None:
    assert refusal("--db-instance", "a").startswith("no AWS region is set: give --region")
    assert refusal("--db-instance", "a", "--region", "eu-west-1").startswith("no AWS credentials were found")
    assert refusal("--db-instance", "a", "--profile", "none").startswith("the AWS profile is not configured")
    assert refusal("--db-instance", "a", "--region", "not a region").startswith("the AWS region is no name of a region")


def test_an_endpoint_that_is_no_url_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "nowhere")
    words = refusal("--db-instance", "a", "--region", "eu-west-1")
    assert words == "the AWS settings have an endpoint that is no URL: check AWS_ENDPOINT_URL"


def test_aws_that_cannot_be_reached_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, SECRET)
    monkeypatch.setattr(clients_module, "_CONFIG", Config(connect_timeout=1, retries={"total_max_attempts": 1}))
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    words = refusal("--db-instance", "a", "--region", "eu-west-1")
    assert words == "AWS cannot be reached: check the region and the network"


def test_a_file_that_cannot_be_used_is_found_before_anything_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("connection-facts.json").write_text("{", encoding="utf-8")
    monkeypatch.setattr(from_server, "look_up_server", lambda _url, now: pytest.fail(f"asked at {now}"))
    assert refusal("--from-server", "mysql://h/d").startswith("connection-facts.json: line 1 column 2: not JSON")
    assert Path("connection-facts.json").read_text(encoding="utf-8") == "{"


def test_without_boto3_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("aws_servers", "clients", "aws_errors", "parameters", "aws_server"):
        monkeypatch.delitem(sys.modules, f"constructs_lib.lookups.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "boto3", None)
    assert refusal("--db-instance", "a") == "asking AWS needs an extra: pip install 'rds-connection-budget[aws]'"


def test_loading_the_command_loads_neither_boto3_nor_a_driver() -> None:
    code = "import sys, constructs_lib.cli.lookup; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"boto3", "botocore", "psycopg", "pymysql", "aws_cdk", "jsii"} & set(loaded)


def test_the_timeout_of_a_server_is_a_few_seconds() -> None:
    assert postgres_server.TIMEOUT_S <= 5
