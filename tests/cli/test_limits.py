"""`connection-budget limits`."""

import json

import pytest
from click.testing import CliRunner

from constructs_lib.cli.commands import commands


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(commands, ["limits", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_a_limit_is_derived_step_by_step() -> None:
    """0.80 × 1 GiB − 128 MiB = 724775731 bytes; / 9531392 = 76; less 9 leaves 67."""
    status, printed, _ = run("--engine", "postgres", "--instance-class", "db.t4g.micro")
    assert status == 0
    assert "1. db.t4g.micro has 1 GiB (1073741824 bytes)" in printed
    assert "2. 0.80 × 1073741824 − 128 MiB = 724775731 bytes" in printed
    assert "LEAST(76, 5000) = 76" in printed
    assert "estimated, between 76 and 112" in printed
    assert printed.rpartition("= usable")[2].split()[0] == "67"
    assert "`SHOW max_connections` on the server always knows better" in printed


def test_the_text_fits_100_columns_and_names_the_query_of_the_engine() -> None:
    for engine, query in (("mysql", "SELECT @@max_connections"), ("oracle-se2", "FROM v$parameter")):
        status, printed, _ = run("--engine", engine, "--instance-class", "db.m5.large")
        assert status == 0
        assert query in printed
        assert max(map(len, printed.splitlines())) <= 100


def test_json_has_the_number_its_band_and_its_reasons() -> None:
    status, printed, _ = run("--engine", "aurora-mysql", "--instance-class", "db.r6g.large", "--format", "json")
    limit = json.loads(printed)
    assert status == 0
    explanation = limit.pop("explanation")
    assert limit == {
        "max_connections": 1000, "low": 1000, "high": 1000, "basis": "documented", "reserved": 0, "usable": 1000,
    }  # fmt: skip
    assert "AWS documents 1000 connections" in explanation


def test_serverless_goes_by_the_maximum_and_the_minimum_caps_it() -> None:
    serverless = ("--engine", "aurora-postgresql", "--instance-class", "db.serverless", "--format", "json")
    for least, most, expected in (("1", "4", 823), ("0.5", "16", 2000), ("8", "32", 5000)):
        status, printed, _ = run(*serverless, "--min-acu", least, "--max-acu", most)
        assert (status, json.loads(printed)["max_connections"]) == (0, expected)


def test_a_formula_of_a_parameter_group_is_evaluated() -> None:
    """LEAST(17179869184 × 0.95 − 310 MiB over 95313920 = 167, 5000): who types it declares it."""
    formula = "LEAST({DBInstanceClassMemory/95313920},5000)"
    _, printed, _ = run(
        "--engine", "postgres", "--instance-class", "db.r6g.large", "--max-connections", formula, "--format", "json"
    )
    assert (json.loads(printed)["max_connections"], json.loads(printed)["basis"]) == (167, "declared")


def test_a_class_that_is_newer_than_the_package_needs_its_memory() -> None:
    newer = ("--engine", "postgres", "--instance-class", "db.r99g.large", "--format", "json")
    assert run(*newer)[0] == 2
    status, printed, _ = run(*newer, "--memory-bytes", str(16 * 2**30))
    assert (status, json.loads(printed)["max_connections"]) == (0, 1678)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--engine", "postgres", "--instance-class", "db.t4g.micr"), "the nearest known names are db.t4g.micro"),
        (("--engine", "postgress", "--instance-class", "db.t4g.micro"), "postgres"),
        (("--engine", "postgres"), "the instance class is not given; give it, or --max-connections"),
        (("--engine", "postgres", "--instance-class", "db.r99g.large"), "give --memory-bytes for a newer one"),
        (("--engine", "postgres", "--all", "--engine-version", "abc"), "--engine-version must begin with a number"),
        (("--engine", "postgres", "--all", "--instance-class", "db.t3.micro"), "--all lists every class"),
        (("--engine", "postgres", "--instance-class", "db.t3.micro", "--max-connections", "{"), "no parameter formula"),
        (("--engine", "nothing", "--all"), "has no instance classes here"),
    ],
)
def test_what_is_not_known_is_one_line_and_status_2(arguments: tuple[str, ...], complaint: str) -> None:
    status, printed, complained = run(*arguments)
    assert (status, printed) == (2, "")
    assert complaint in complained
    assert complained.count("\n") == 1


def test_all_classes_of_an_engine_are_listed_each_with_a_limit_or_a_reason() -> None:
    status, printed, _ = run("--engine", "mysql", "--all")
    heading, *rows = printed.splitlines()
    assert status == 0
    assert heading.split() == ["CLASS", "LIMIT", "LOW", "HIGH", "BASIS", "RESERVED", "USABLE"]
    assert len(rows) > 200
    for row in rows:
        name, rest = row.split(maxsplit=1)
        assert name.startswith("db.")
        assert rest.startswith("unknown: ") or rest.split()[0].isdigit()
    listing = json.loads(run("--engine", "mysql", "--all", "--format", "json")[1])
    assert len(listing) == len(rows)
