"""Looked-up facts in the construct."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds

from constructs_lib.cdk import ConnectionBudget, MisuseError
from tests.cdk.shop import Shop
from tests.cdk.synthesis import Synthesis

pytestmark = pytest.mark.synth
Synth = Callable[..., Synthesis]
ORDERS = {"engine": "postgres", "engine_version": "16.4", "instance_class": "db.r6g.large", "max_connections": 1710}


def facts_file(folder: Path, servers: dict[str, Any]) -> Path:
    path = folder / "connection-facts.json"
    path.write_text(json.dumps({"schema": 1, "looked_up": "2026-11-22", "servers": servers}))
    return path


def test_the_number_in_force_is_the_limit(shop: Shop, synth: Synth, tmp_path: Path) -> None:
    """1710 looked up, less the 5 that PostgreSQL 16.4 documents and the 10 for people."""
    facts = facts_file(tmp_path, {"Orders": ORDERS})
    budget = ConnectionBudget(shop, "Budget", database=shop.instance(), facts=facts)
    budget.add_reservation("reports", connections=1)
    done = synth()
    assert not done.failed, done.error
    assert re.search(r"max_connections +1710 +looked-up", done.printed)
    assert re.findall(r"= usable +([0-9]+)", done.printed) == ["1695"]


def test_the_servers_own_reserves_are_taken(shop: Shop, synth: Synth, tmp_path: Path) -> None:
    """1710 − 20 found on the server − 10 = 1680."""
    reserved = {"engine": 20, "settings": {"superuser_reserved_connections": 20}}
    facts = facts_file(tmp_path, {"Orders": {**ORDERS, "reserved": reserved}})
    budget = ConnectionBudget(shop, "Budget", database=shop.instance(), facts=facts)
    budget.add_reservation("reports", connections=1)
    assert "= usable                   1680" in synth().printed


def test_a_limit_on_the_role_bounds_what_is_usable(shop: Shop, synth: Synth, tmp_path: Path) -> None:
    facts = facts_file(tmp_path, {"Orders": {**ORDERS, "role_connection_limit": 50}})
    budget = ConnectionBudget(shop, "Budget", database=shop.instance(), facts=facts)
    budget.add_reservation("reports", connections=51)
    done = synth()
    assert done.failed
    assert "accepts 50, the CONNECTION LIMIT of the role" in done.error


def test_a_formula_that_is_in_force_is_computed(shop: Shop, synth: Synth, tmp_path: Path) -> None:
    facts = facts_file(tmp_path, {"Orders": {**ORDERS, "max_connections": None, "parameter": "100"}})
    budget = ConnectionBudget(shop, "Budget", database=shop.instance(), facts=facts)
    budget.add_reservation("reports", connections=1)
    assert "= usable                    85" in synth().printed


def test_facts_of_another_class_are_an_error(shop: Shop, synth: Synth, tmp_path: Path) -> None:
    facts = facts_file(tmp_path, {"Orders": {**ORDERS, "instance_class": "db.r6g.4xlarge"}})
    ConnectionBudget(shop, "Budget", database=shop.instance(), facts=facts)
    done = synth()
    assert done.failed
    assert "db.r6g.4xlarge, now db.r6g.large" in done.error
    assert "ConnectionBudget::stale-facts" in done.error


def test_writer_and_readers_have_the_facts_of_their_roles(shop: Shop, synth: Synth, tmp_path: Path) -> None:
    """The reader that accepts least counts: 820, less 9 and 10."""
    large = rds.ClusterInstance.provisioned("reader", instance_type=ec2.InstanceType("r6g.large"))
    writer = rds.ClusterInstance.provisioned("writer", instance_type=ec2.InstanceType("r6g.large"))
    member = {"engine": "aurora-postgresql", "instance_class": "db.r6g.large", "cluster": "Orders"}
    facts = facts_file(
        tmp_path,
        {
            "one": {**member, "role": "writer", "max_connections": 1722},
            "two": {**member, "role": "reader", "max_connections": 1700},
            "three": {**member, "role": "reader", "max_connections": 820},
        },
    )
    budget = ConnectionBudget(shop, "Budget", database=shop.aurora(writer=writer, readers=[large]), facts=facts)
    budget.add_reservation("migration", connections=1)
    budget.add_reservation("reports", connections=1, endpoint="reader")
    usable = re.findall(r"= usable +([0-9]+)", synth().printed)
    assert usable == ["1703", "801"]


@pytest.mark.parametrize(
    ("servers", "complaint"),
    [
        ({}, "facts must hold one server named 'Orders', or one cluster, got none"),
        ({"a": ORDERS, "b": ORDERS}, "facts must hold one server named 'Orders', or one cluster, got a, b"),
        (
            {"staging-analytics": ORDERS},
            "got staging-analytics (ConnectionBudget Shop/Budget); call the right one 'Orders' in the file",
        ),
        ({"a": {"engine": 5}}, "servers.a.engine: must be 1 to 1000 printable characters, got 5"),
    ],
)
def test_a_file_that_does_not_tell_is_refused_at_once(
    shop: Shop, tmp_path: Path, servers: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(MisuseError) as refused:
        ConnectionBudget(shop, "Budget", database=shop.instance(), facts=facts_file(tmp_path, servers))
    assert complaint in str(refused.value)
    assert "write it with connection-budget lookup" in str(refused.value)


def test_a_file_that_is_not_there_is_refused_at_once(shop: Shop) -> None:
    with pytest.raises(MisuseError, match=r"got 'nowhere\.json': No such file or directory"):
        ConnectionBudget(shop, "Budget", database=shop.instance(), facts="nowhere.json")
