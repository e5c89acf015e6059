"""The facts file's content (constructs_lib/limits/facts.py)."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.limits import Server, Unknown
from constructs_lib.limits.facts import Facts, FactsError, ProxyFacts, ReservedFacts, Role, ServerFacts

WRITER = ServerFacts(
    looked_up="2026-11-22",
    engine="aurora-postgresql",
    engine_version="16.4",
    instance_class="db.serverless",
    role=Role.WRITER,
    cluster="shop",
    min_acu=0.5,
    max_acu=16.0,
    max_connections=683,
    highest_connections=0,
    proxies={"shop-proxy": ProxyFacts(max_connections_percent=80, idle_client_timeout=1800)},
    reserved=ReservedFacts(engine=9, settings={"superuser_reserved_connections": 3}),
    role_connection_limit=40,
    database_connection_limit=50,
)
FACTS = Facts(
    looked_up="2026-11-22",
    servers={"shop-1": WRITER, "old": ServerFacts(looked_up="2026-01-31", engine="mysql", parameter="{x}")},
)


def entry(**changes: Any) -> dict[str, Any]:
    return {"schema": 1, "looked_up": "2026-11-22", "servers": {"orders": {"engine": "postgres", **changes}}}


def error(value: object) -> str:
    with pytest.raises(FactsError) as caught:
        Facts.read(value)
    assert isinstance(caught.value, ValueError)
    assert len(str(caught.value)) < 500
    return str(caught.value)


def test_what_is_written_reads_back_as_the_same() -> None:
    assert Facts.read(json.loads(json.dumps(FACTS.to_json()))) == FACTS


def test_what_was_not_found_out_is_left_out_but_for_the_limit() -> None:
    assert FACTS.to_json()["servers"]["old"] == {
        "looked_up": "2026-01-31",
        "engine": "mysql",
        "role": "instance",
        "max_connections": None,
        "parameter": "{x}",
        "parameter_is_default": False,
        "pending_reboot": False,
    }


def test_a_whole_capacity_is_written_without_decimals() -> None:
    written = WRITER.to_json()
    assert (json.dumps(written["min_acu"]), json.dumps(written["max_acu"])) == ("0.5", "16")


def test_a_server_without_a_date_was_looked_up_on_that_of_the_file() -> None:
    assert Facts.read(entry()).servers["orders"].looked_up == "2026-11-22"


def test_null_is_as_good_as_left_out() -> None:
    assert Facts.read(entry(cluster=None, proxies=None, role=None)) == Facts.read(entry())


def test_a_new_look_up_replaces_its_own_server_only() -> None:
    newer = replace(WRITER, looked_up="2026-12-01")
    merged = FACTS.with_servers({"shop-1": newer, "shop-2": newer})
    assert merged.servers == {"shop-1": newer, "shop-2": newer, "old": FACTS.servers["old"]}
    assert merged.looked_up == "2026-12-01"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"max_connections": -1}, "servers.orders.max_connections: must be a whole number from 0 to 1000000, got -1"),
        ({"max_connections": True}, "servers.orders.max_connections: must be a whole number"),
        ({"max_connections": 683.0}, "servers.orders.max_connections: must be a whole number"),
        ({"max_connections": "683"}, "servers.orders.max_connections: must be a whole number"),
        ({"max_conections": 1}, "servers.orders: unknown key 'max_conections', did you mean 'max_connections'?"),
        ({"engine": None}, "servers.orders.engine: is required"),
        ({"engine": ""}, "servers.orders.engine: must be 1 to 1000 printable characters, got ''"),
        ({"engine": "a\nb"}, "servers.orders.engine: must be 1 to 1000 printable characters"),
        ({"role": "master"}, "servers.orders.role: must be one of instance, writer, reader, got 'master'"),
        ({"role": []}, "servers.orders.role: must be one of"),
        ({"looked_up": "22.11.2026"}, "servers.orders.looked_up: must be a date like 2026-11-22"),
        ({"looked_up": "2026-13-01"}, "servers.orders.looked_up: must be a date"),
        ({"min_acu": 257}, "servers.orders.min_acu: must be a capacity from 0 to 256, got 257"),
        ({"min_acu": float("nan")}, "servers.orders.min_acu: must be a capacity"),
        ({"max_acu": "16"}, "servers.orders.max_acu: must be a capacity"),
        ({"pending_reboot": 1}, "servers.orders.pending_reboot: must be true or false, got 1"),
        ({"proxies": []}, "servers.orders.proxies: must be an object, got []"),
        (
            {"proxies": {"p": {"max_connections_percent": 101}}},
            "servers.orders.proxies.p.max_connections_percent: must",
        ),
        ({"proxies": {"p": {"percent": 1}}}, "servers.orders.proxies.p: unknown key 'percent'"),
        ({"reserved": {}}, "servers.orders.reserved.engine: is required"),
        ({"reserved": {"engine": 9, "settings": {"x": "3"}}}, "servers.orders.reserved.settings.x: must be a whole"),
        ({"reserved": 9}, "servers.orders.reserved: must be an object, got 9"),
    ],
)
def test_a_fault_names_its_place(changes: dict[str, Any], words: str) -> None:
    assert error(entry(**changes)).startswith(words)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([], "must be an object"),
        ({}, "schema: must be 1, got None"),
        ({"schema": True}, "schema: must be 1, got True"),
        ({"schema": 2}, "schema: must be 1, got 2"),
        ({"schema": 1}, "looked_up: must be a date"),
        ({"schema": 1, "looked_up": "2026-11-22"}, "servers: must be an object, got None"),
        ({"schema": 1, "looked_up": "2026-11-22", "servers": {"": {}}}, "servers: a name must be of printable"),
        ({"schema": 1, "looked_up": "2026-11-22", "servers": {}, "server": {}}, "unknown key 'server', did you mean"),
    ],
)
def test_a_file_of_another_kind_says_what_it_lacks(value: object, words: str) -> None:
    assert error(value).startswith(words)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(sorted(WRITER.to_json())), inner),
    max_leaves=10,
)


@given(JSON)
def test_no_json_at_all_raises_anything_but_a_facts_error(value: object) -> None:
    for content in (
        value,
        {"schema": 1, "looked_up": "2026-11-22", "servers": value},
        entry(proxies=value, role=value),
    ):
        try:
            facts = Facts.read(content)
        except FactsError:
            continue
        assert Facts.read(facts.to_json()) == facts


def described(**changes: Any) -> Server:
    same = {
        "engine": "aurora-postgresql",
        "engine_version": "16.4",
        "instance_class": "db.serverless",
        "min_acu": "0.5",
        "max_acu": "16",
    }
    return Server(**{**same, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"engine": "Aurora-PostgreSQL", "instance_class": " DB.Serverless "},
        {"max_acu": 16.0, "min_acu": 0.5},
        {"engine_version": "16"},
        {"engine_version": "16.3"},
        {"engine": None, "engine_version": None, "instance_class": None, "min_acu": None, "max_acu": None},
        {
            "engine": Unknown("x"),
            "engine_version": Unknown("x"),
            "instance_class": Unknown("x"),
            "max_acu": Unknown("x"),
        },
        {"max_acu": "many", "engine_version": "latest"},
    ],
)
def test_facts_hold_for_a_server_that_nothing_tells_apart(changes: dict[str, Any]) -> None:
    assert WRITER.stale_for(described(**changes)) is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"engine": "postgres"}, "engine aurora-postgresql, now postgres"),
        ({"engine_version": "17.1"}, "engine version 16.4, now 17.1"),
        ({"engine_version": "15"}, "engine version 16.4, now 15"),
        ({"engine_version": "16.10"}, "engine version 16.4, now 16.10"),
        ({"instance_class": "db.r6g.large"}, "instance class db.serverless, now db.r6g.large"),
        ({"min_acu": "1"}, "a minimum ACU of 0.5, now 1"),
        ({"max_acu": 32, "min_acu": 0}, "a minimum ACU of 0.5, now 0; a maximum ACU of 16, now 32"),
    ],
)
def test_facts_of_another_server_are_stale_and_say_why(changes: dict[str, Any], words: str) -> None:
    facts = Facts.read(FACTS.to_json()).servers["shop-1"]
    assert facts.stale_for(described(**changes)) == f"looked up on 2026-11-22 with {words}"


@pytest.mark.parametrize(
    ("engine", "was", "now", "stale"),
    [
        ("mysql", "8.0.40", "8.4", True),
        ("mysql", "8.0.40", "8.0", False),
        ("mysql", "8.0.40", "8.0.41", True),
        ("mariadb", "10.4.34", "10.5.1", True),
        ("aurora-mysql", "8.0.mysql_aurora.3.08.0", "8.0.mysql_aurora.3.07.1", False),
        ("aurora-mysql", "8.0.mysql_aurora.3.08.0", "5.7.mysql_aurora.2.11.2", True),
        ("aurora-mysql", "8.0.mysql_aurora.3.08.0", "8.0", False),
    ],
)
def test_a_major_version_has_two_numbers_but_for_postgresql(engine: str, was: str, now: str, *, stale: bool) -> None:
    facts = ServerFacts(looked_up="2026-11-22", engine=engine, engine_version=was)
    assert (facts.stale_for(Server(engine=engine, engine_version=now)) is not None) is stale
