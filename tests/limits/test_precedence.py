"""Which of the things known about a server decides."""

from dataclasses import replace

import pytest

from constructs_lib.limits import Basis, Limit, Server, Unknown, limit_of

ALL = Server(
    engine="postgres",
    engine_version="16.4",
    instance_class="db.r6g.large",
    max_connections=683,
    parameter_max_connections=900,
    looked_up_max_connections=1700,
)
NO_DECLARED = replace(ALL, max_connections=None)
NO_GROUP = replace(NO_DECLARED, parameter_max_connections=None)
NO_LOOK_UP = replace(NO_GROUP, looked_up_max_connections=None)


def limit(server: Server) -> Limit:
    found = limit_of(server)
    assert isinstance(found, Limit), found
    return found


def reason(server: Server) -> str:
    found = limit_of(server)
    assert isinstance(found, Unknown), found
    return found.reason


@pytest.mark.parametrize(
    ("server", "basis", "value"),
    [
        (ALL, Basis.DECLARED, 683),
        (NO_DECLARED, Basis.PARAMETER_GROUP, 900),
        (NO_GROUP, Basis.LOOKED_UP, 1700),
        (replace(NO_LOOK_UP, engine="aurora-mysql"), Basis.DOCUMENTED, 1000),
        (NO_LOOK_UP, Basis.ESTIMATED, 1678),
    ],
)
def test_the_best_known_value_decides(server: Server, basis: Basis, value: int) -> None:
    found = limit(server)
    assert (found.basis, found.max_connections) == (basis, value)


def test_a_declared_value_above_that_of_the_parameter_group_gives_way_to_it() -> None:
    for group in (200, "200"):
        found = limit(replace(ALL, parameter_max_connections=group))
        assert (found.basis, found.low, found.max_connections, found.high) == (Basis.PARAMETER_GROUP, 200, 200, 200)
        assert found.steps == (
            "max_connections is declared: 683",
            "the parameter group sets max_connections: 200",
            "the lower value counts: the server has that of its parameter group after its next reboot",
        )


def test_a_declared_formula_gives_way_to_a_lower_parameter_group_too() -> None:
    formula = "{DBInstanceClassMemory/9531392}"
    assert limit(replace(ALL, max_connections=formula, parameter_max_connections=1000)).basis is Basis.PARAMETER_GROUP
    found = limit(replace(ALL, max_connections=formula, parameter_max_connections=1700))
    assert (found.basis, found.low, found.high) == (Basis.DECLARED, 1678, 1700)


def test_a_formula_in_the_parameter_group_does_not_override_a_declared_value() -> None:
    found = limit(replace(ALL, parameter_max_connections="{DBInstanceVCPU*10}"))
    assert (found.basis, found.max_connections) == (Basis.DECLARED, 683)


def test_what_has_precedence_and_is_not_known_makes_the_limit_unknown() -> None:
    token = Unknown("MaxConnections is a parameter without a default")
    assert limit_of(replace(ALL, max_connections=token)) == token
    assert limit_of(replace(NO_DECLARED, parameter_max_connections=token)) == token
    assert limit_of(replace(NO_LOOK_UP, engine=token)) == token
    assert limit_of(replace(NO_LOOK_UP, instance_class=token)) == token


def test_an_unknown_parameter_group_does_not_matter_to_a_declared_value() -> None:
    found = limit(replace(ALL, parameter_max_connections=Unknown("Fn::If")))
    assert (found.basis, found.max_connections) == (Basis.DECLARED, 683)


def test_a_declared_value_needs_neither_engine_nor_class() -> None:
    assert limit(Server(max_connections=683)).max_connections == 683
    assert limit(Server(engine="postgre", max_connections="683")).max_connections == 683
    assert limit(Server(engine=Unknown("Ref to a parameter"), max_connections=683)).max_connections == 683


@pytest.mark.parametrize(
    ("server", "words"),
    [
        (Server(), "the engine is not given"),
        (Server(engine="postgres"), "the instance class is not given; give it, or max_connections"),
        (Server(engine="postgre", instance_class="db.r6g.large"), "the nearest known engine is 'postgres'"),
        (Server(engine="oracle"), "the nearest known engine is 'oracle-ee'"),
        (Server(engine="sqlserver-zzz"), "the nearest known engine is 'sqlserver-"),
        (Server(engine="zzz"), "engines are named like 'postgres'"),
        (Server(engine="postgres", instance_class="db.r6g.larg"), "the nearest known names are db.r6g.large"),
        (Server(engine="postgres", instance_class="r6g.large"), "the nearest known names are db.r6g.large"),
        (Server(engine="postgres", instance_class="%%%"), "classes are named like db.r6g.large"),
        (Server(engine="sqlserver-ee", parameter_max_connections="{DBInstanceClassMemory/1}"), "class is not given"),
        (
            Server(engine="mysql", instance_class="db.x2m.xlarge"),
            "the memory of db.x2m.xlarge is not known here; give memory_bytes or max_connections",
        ),
        (Server(engine="mysql", instance_class="db.serverless"), "db.serverless is for Aurora, not for MySQL"),
        (Server(engine="mysql", memory_bytes=1), "less memory than any database server has"),
        (Server(engine="mysql", memory_bytes=-5), "memory_bytes must be an integer between 1 and"),
        (Server(engine="aurora-mysql", memory_bytes=2**29), "leaves no connection"),
    ],
)
def test_what_is_missing_is_named_and_what_to_do_about_it(server: Server, words: str) -> None:
    assert words in reason(server)


def test_a_users_own_memory_replaces_the_table() -> None:
    assert limit(Server(engine="postgres", instance_class="db.x99.large", memory_bytes=2**34)).max_connections == 1678
    assert limit(replace(NO_LOOK_UP, memory_bytes=2**33)).max_connections == 822


def test_an_estimate_shows_every_number_of_its_derivation() -> None:
    found = limit(NO_LOOK_UP)
    assert found.steps == (
        "db.r6g.large has 16 GiB (17179869184 bytes)",
        "0.95 × 17179869184 − 310 MiB = 15995817164 bytes is assumed visible to the database",
        "LEAST({DBInstanceClassMemory/9531392},5000) = LEAST(1678, 5000) = 1678",
    )
    assert (found.low, found.high) == (1678, 1802)
    assert found.assumption is not None
    assert "1678 on less than any server was found to see, 1802 on all of it" in found.assumption


def test_a_default_that_no_memory_changes_says_so() -> None:
    found = limit(replace(NO_LOOK_UP, instance_class="db.r6g.4xlarge"))
    assert (found.low, found.high) == (5000, 5000)
    assert found.assumption == (
        "max_connections is assumed to be the default of PostgreSQL, 5000 whatever the database sees of the memory"
    )


def test_of_the_number_in_force_and_the_one_that_a_reboot_brings_the_lower_counts() -> None:
    lowered = limit(replace(NO_GROUP, pending_max_connections="100"))
    assert (lowered.max_connections, lowered.basis) == (100, Basis.PARAMETER_GROUP)
    assert lowered.steps == (
        "max_connections was looked up: 1700",
        "the parameter group sets max_connections: 100",
        "the lower value counts: the server has that of its parameter group after its next reboot",
    )
    raised = limit(replace(NO_GROUP, pending_max_connections="2000"))
    assert (raised.max_connections, raised.basis) == (1700, Basis.LOOKED_UP)
    assert limit(replace(ALL, parameter_max_connections=None, pending_max_connections="100")).max_connections == 100


def test_a_pending_value_that_cannot_be_read_leaves_the_limit_unknown() -> None:
    assert "is no parameter formula" in reason(replace(NO_GROUP, pending_max_connections="six"))


def test_memory_that_is_more_than_the_class_has_is_not_counted() -> None:
    """1 GiB less what the smallest servers show is 81; 64 GiB would be 5000."""
    small = Server(engine="postgres", engine_version="16.4", instance_class="db.t4g.micro")
    claimed = limit(replace(small, memory_bytes=2**36))
    assert claimed.max_connections == limit(small).max_connections
    assert f"memory_bytes is {2**36}, and of both the lower counts" in claimed.steps
    assert limit(replace(small, instance_class="db.z9.new", memory_bytes=2**36)).max_connections == 5000
    lower = limit(replace(small, instance_class="db.r6g.large", memory_bytes=2**30))
    assert lower.max_connections == limit(small).max_connections
