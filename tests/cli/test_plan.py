"""`connection-budget plan`."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from constructs_lib.cli.commands import commands
from constructs_lib.cli.document_file import CHECK, LARGEST_BYTES
from tests.laws.plan_shape import check_plan

Json = dict[str, Any]

ARTICLE: Json = {
    "schema": 1,
    "databases": {"orders": {"max_connections": 683, "reserved": {"engine": 3, "admin": 10}}},
    "workloads": {"api": {"database": "orders", "tasks": 4, "maximum_percent": 100}},
}
TOO_MUCH: Json = {
    **ARTICLE,
    "workloads": {"reports": {"database": "orders", "kind": "reserved", "connections": 671}},
}


def run(*arguments: str, stdin: bytes | str | None = None) -> Result:
    return CliRunner().invoke(commands, ["plan", *arguments], input=stdin)


def refusal(content: bytes | str) -> str:
    """The one line that the command has for an input that it cannot use."""
    result = run("-", stdin=content)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    start = "connection-budget: standard input: "
    assert result.stderr.startswith(start)
    assert result.stderr.count("\n") == 1
    assert result.stderr.isascii()
    return result.stderr.removeprefix(start).removesuffix("\n")


def changed(section: str, name: str, **keys: Any) -> str:
    """The article's document with other keys in one of its entries."""
    entry = {**ARTICLE[section][name], **keys}
    return json.dumps({**ARTICLE, section: {name: {key: value for key, value in entry.items() if value is not ...}}})


def test_a_budget_that_fits_exits_0_and_prints_its_table() -> None:
    result = run("-", stdin=json.dumps(ARTICLE))
    assert result.exit_code == 0
    assert result.stderr == ""
    assert "  FITS: at most 664 of 670 connections (steady), 6 to spare, if each task of api runs 1" in result.stdout


def test_an_error_finding_exits_1_with_the_finding_on_standard_output() -> None:
    result = run("-", stdin=json.dumps(TOO_MUCH))
    assert result.exit_code == 1
    assert result.stderr == ""
    assert "ERROR overcommitted: orders can be asked for 671 connections" in result.stdout


def test_json_is_all_there_is_on_standard_output() -> None:
    for document, status in ((ARTICLE, 0), (TOO_MUCH, 1)):
        result = run("-", "--format", "json", stdin=json.dumps(document))
        assert result.exit_code == status
        plan = json.loads(result.stdout)
        check_plan(plan)
        assert plan["fits"] == (status == 0)


def test_a_warning_alone_exits_0() -> None:
    result = run("-", stdin=changed("workloads", "api", tasks=300))
    assert result.exit_code == 0
    assert "WARNING starved-pool: " in result.stdout


def test_a_file_is_read_as_standard_input_is(tmp_path: Path) -> None:
    file = tmp_path / "budget.json"
    file.write_text(json.dumps(ARTICLE), encoding="utf-8")
    assert run(str(file)).stdout == run("-", stdin=json.dumps(ARTICLE)).stdout


def test_a_byte_order_mark_is_no_fault() -> None:
    assert run("-", stdin=b"\xef\xbb\xbf" + json.dumps(ARTICLE).encode()).exit_code == 0


def test_names_of_any_letters_are_printed() -> None:
    database = {"注文": {"max_connections": 683}}
    result = run("-", stdin=json.dumps({"schema": 1, "databases": database}, ensure_ascii=False).encode())
    assert result.exit_code == 0
    assert "Connection budget of 注文" in result.stdout


@pytest.mark.parametrize(
    ("arrange", "words"),
    [
        (lambda folder: folder / "missing.json", "No such file or directory"),
        (lambda folder: folder, f"Is a directory: {CHECK}"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, arrange: Any, words: str) -> None:
    path = arrange(tmp_path)
    result = run(str(path))
    assert result.exit_code == 2
    assert result.stderr == f"connection-budget: {path}: {words}\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "line 1 column 1: not JSON: Expecting value"),
        (b" \n ", "line 2 column 2: not JSON: Expecting value"),
        (b'{"schema": 1,\n "databases": }', "line 2 column 15: not JSON: Expecting value"),
        (b'{"schema": 1} {}', "line 1 column 15: not JSON: Extra data"),
        (b"schema: 1", "line 1 column 1: not JSON: Expecting value"),
        (b'{"schema": 1, "\xff": 2}', "not UTF-8 at byte 15"),
        ('{"schema": 1}'.encode("utf-16"), "not UTF-8 at byte 0"),
        (b'{"schema": 1, "schema": 1}', "the key 'schema' stands twice in one object"),
        (b'{"schema": 1, "databases": {"a": {}, "b": {}, "a": {}}}', "the key 'a' stands twice in one object"),
        (b'{"schema": NaN}', "NaN is not a number that JSON has"),
        (b'{"schema": -Infinity}', "-Infinity is not a number that JSON has"),
        (b'{"schema": 1' + b"0" * 5000 + b"}", "a number of thousands of digits"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"schema": 1, "databases": ' + b'{"a":' * 100_000, "nested too deeply"),
        (b"null", "document: must be an object, got null"),
        (b'"schema"', "document: must be an object, got 'schema'"),
        (b"{}", "schema: must be 1, got null"),
        (b'{"schema": 2}', "schema: must be 1, got 2"),
        (b'{"schema": 1}', "databases: must have at least one entry"),
        (b'{"schema": 1e999}', "schema: must be 1, got inf"),
    ],
)
def test_what_is_no_document_is_refused_with_the_place(content: bytes, reason: str) -> None:
    assert refusal(content) == reason


WHOLE = "must be a whole number from 0 to 1000000"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (changed("workloads", "api", tasks=True), f"workloads.api.tasks: {WHOLE}, got true"),
        (changed("workloads", "api", tasks=4.0), f"workloads.api.tasks: {WHOLE}, got 4.0"),
        (changed("workloads", "api", tasks=-1), f"workloads.api.tasks: {WHOLE}, got -1"),
        (changed("workloads", "api", tasks="4"), f"workloads.api.tasks: {WHOLE}, got '4'"),
        (changed("workloads", "api", tasks=[]), f"workloads.api.tasks: {WHOLE}, got a list"),
        (changed("workloads", "api", tasks=10**400), f"workloads.api.tasks: {WHOLE}, got 1{'0' * 56}..."),
        (
            changed("workloads", "api", tasks={"unknwn": "x"}),
            'workloads.api.tasks: must be a value or {"unknown": "reason"}, got an object',
        ),
        (
            changed("workloads", "api", pool_size=10),
            "workloads.api.max_overflow: is required: a fixed pool has both pool_size and max_overflow",
        ),
        (
            json.dumps({**ARTICLE, "workloads": {"report": {"kind": "reserved", "database": "orders"}}}),
            "workloads.report.connections: is required: the number of connections to set aside",
        ),
        (
            changed("workloads", "api", kind="celry"),
            "must be one of service, celery, task, function, reserved, got 'celry', did you mean 'celery'?",
        ),
        (
            changed("workloads", "api", database="order"),
            "workloads.api.database: names 'order', which is not among the databases, did you mean 'orders'?",
        ),
        (
            changed("workloads", "api", database=...),
            'workloads.api: must name a "database" or a "proxy", one of the two',
        ),
        (changed("workloads", "api", split="70/40"), "must add up to 100"),
        (changed("databases", "orders", max_connection=5), "did you mean 'max_connections'?"),
        (changed("databases", "orders", reserved=13), "databases.orders.reserved: must be an object, got 13"),
        (changed("databases", "orders", reserved={"engine": -1}), f"databases.orders.reserved.engine: {WHOLE}, got -1"),
        (
            changed("databases", "orders", max_acu=10**400),
            "databases.orders.max_acu: must be a capacity from 0 to 256 in steps of 0.5, got 1",
        ),
        (json.dumps({**ARTICLE, "workload": {}}), "document: unknown key 'workload', did you mean 'workloads'?"),
        (
            json.dumps({**ARTICLE, "databases": {"a\x1b[31mb": {}}}),
            r"databases: the name: must be 1 to 500 printable characters, got 'a\x1b[31mb'",
        ),
        (
            json.dumps({**ARTICLE, "databases": {"\ud800": {}}}),
            r"databases: the name: must be 1 to 500 printable characters, got '\ud800'",
        ),
    ],
)
def test_a_document_that_cannot_be_meant_is_refused_with_the_place(content: str, reason: str) -> None:
    assert reason in refusal(content)


def test_an_input_beyond_any_document_is_not_read_to_its_end() -> None:
    assert refusal(b" " * (LARGEST_BYTES + 2)) == f"larger than {LARGEST_BYTES} bytes"


def test_a_key_that_stands_twice_among_very_many_is_found_at_once() -> None:
    many = ",".join(f'"{number}":0' for number in range(100_000))
    assert refusal(f'{{{many},"99999":0}}') == "the key '99999' stands twice in one object"


@pytest.mark.parametrize("arguments", [[], ["--format", "xml", "-"], ["a", "b"], ["--formt", "json", "-"]])
def test_a_command_that_is_used_wrongly_exits_2(arguments: list[str]) -> None:
    result = run(*arguments, stdin=json.dumps(ARTICLE))
    assert result.exit_code == 2
    assert result.stdout == ""


def script() -> str:
    """The installed console script."""
    found = shutil.which("connection-budget", path=str(Path(sys.executable).parent))
    assert found is not None
    return found


def test_the_installed_script_plans_standard_input_without_node_on_the_path(tmp_path: Path) -> None:
    environment = {"PATH": str(tmp_path), "LC_ALL": "C"}
    ran = subprocess.run(
        [script(), "plan", "-"], input=json.dumps(ARTICLE).encode(), capture_output=True, env=environment, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert "= usable                   670" in ran.stdout.decode()


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_the_module_runs_where_the_terminal_does_not_have_every_letter(encoding: str) -> None:
    """As when a shell of Windows writes to a file: a letter may be lost, the exit status may not."""
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    for document, status in ((ARTICLE, 0), (TOO_MUCH, 1)):
        ran = subprocess.run(
            [sys.executable, "-m", "constructs_lib.cli", "plan", "-"],
            input=json.dumps(document).encode(),
            capture_output=True,
            env=environment,
            check=False,
        )
        assert b"Traceback" not in ran.stderr
        assert ran.returncode == status


def test_a_synthesized_template_is_planned_by_the_document_in_its_metadata() -> None:
    template = {"Resources": {}, "Metadata": {"Other": {}, "ConnectionBudget": ARTICLE}}
    assert run("-", stdin=json.dumps(template)).stdout == run("-", stdin=json.dumps(ARTICLE)).stdout


@pytest.mark.parametrize("metadata", [{}, None, 5, {"Other": {}}])
def test_a_template_without_a_document_is_sent_to_the_command_that_discovers(metadata: object) -> None:
    refused = refusal(json.dumps({"Resources": {}, "Metadata": metadata}))
    assert refused == f"schema: must be 1, got null in a template without Metadata.ConnectionBudget: {CHECK}"
    assert refusal(json.dumps({"Resources": {}})) == refused


def test_a_document_in_yaml_is_planned_as_in_json_and_a_template_without_one_is_sent_to_check(tmp_path: Path) -> None:
    path = tmp_path / "budget.yml"
    path.write_text(yaml.safe_dump(ARTICLE))
    assert run(str(path)).stdout == run("-", stdin=json.dumps(ARTICLE)).stdout
    for text, reason in (
        ("Resources: {}", f"in a template without Metadata.ConnectionBudget: {CHECK}"),
        ("schema: 1\nschema: 1\n", "stands twice"),
        ("a: [", "not YAML: "),
    ):
        path.write_text(text)
        refused = run(str(path))
        assert refused.exit_code == 2
        assert reason in refused.stderr
