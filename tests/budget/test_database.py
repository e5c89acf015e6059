"""A database as a document describes it."""

from typing import Any

import pytest

from constructs_lib.budget.database import Database
from constructs_lib.budget.schema import DocumentError
from constructs_lib.budget.source import Source
from constructs_lib.limits import Server, Unknown


def database(**keys: Any) -> Database:
    return Database.read("orders", keys, "databases.orders")


def test_everything_about_a_database_may_be_left_out() -> None:
    assert database().server == Server()
    assert database().to_json() == {}


def test_the_limits_are_told_all_that_is_known_of_the_server() -> None:
    said: dict[str, Any] = {
        "engine": "aurora-postgresql",
        "engine_version": "16.4",
        "instance_class": "db.serverless",
        "max_connections": 500,
        "parameter_max_connections": "LEAST({DBInstanceClassMemory/9531392},5000)",
        "min_acu": "0.5",
        "max_acu": "16",
        "memory_bytes": 2**34,
    }
    assert database(**said).server == Server(**said)
    assert database(**said).to_json() == said


@pytest.mark.parametrize(
    ("given", "kept"), [(0, "0"), (0.5, "0.5"), (16, "16"), (16.0, "16"), ("16.5", "16.5"), (256, "256")]
)
def test_a_capacity_is_kept_as_the_text_that_is_exact(given: object, kept: str) -> None:
    assert database(max_acu=given).max_acu == kept
    assert database(max_acu=kept).max_acu == kept


@pytest.mark.parametrize(
    "given", [-1, 0.25, 256.5, 1000, 10**400, 1e300, float("nan"), float("inf"), True, None, [], "", "½", "8.", "1e1"]
)
def test_a_capacity_is_from_0_to_256_in_halves(given: object) -> None:
    with pytest.raises(DocumentError, match=r"^databases\.orders\.max_acu: must be a capacity from 0 to 256 in steps"):
        database(max_acu=given)


@pytest.mark.parametrize("given", [0, -1, 683.0, True, None, [], 1_000_001])
def test_max_connections_is_a_positive_whole_number_or_a_formula(given: object) -> None:
    with pytest.raises(DocumentError, match=r"^databases\.orders\.max_connections: must be a whole number from 1 to"):
        database(max_connections=given)


def test_what_could_not_be_read_is_unknown_with_its_reason() -> None:
    found = database(instance_class={"unknown": "Ref InstanceClass"})
    assert found.instance_class == Unknown("Ref InstanceClass")
    assert found.to_json() == {"instance_class": {"unknown": "Ref InstanceClass"}}


def test_where_each_term_came_from_is_kept_beside_it() -> None:
    said = {"engine": "postgres", "max_connections": 683, "sources": {"engine": "read"}}
    found = database(**said)
    assert found.given == {"engine": Source.READ, "max_connections": Source.DECLARED}
    assert found.to_json() == said


def test_a_range_of_capacity_without_a_class_is_aurora_serverless() -> None:
    for capacity in ({"min_acu": "0.5", "max_acu": "4"}, {"max_acu": "4"}):
        assert Database.read("d", {"engine": "aurora-postgresql", **capacity}, "databases.d").serverless
    other = {"engine": "aurora-postgresql", "max_acu": "4", "instance_class": "db.r6g.large"}
    assert not Database.read("d", other, "databases.d").serverless
    assert not Database.read("d", {"engine": "aurora-postgresql"}, "databases.d").serverless
