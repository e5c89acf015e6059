"""What holds for every server, however little or oddly it is described."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs_lib.limits import Basis, Limit, Server, Unknown, class_names, family_classes, limit_of, memory_bytes_of

ENGINES = (
    "postgres",
    "mysql",
    "mariadb",
    "aurora-postgresql",
    "aurora-mysql",
    "oracle-ee",
    "oracle-se2",
    "sqlserver-ee",
    "db2-se",
)
SINGLE_CLASSES = ("db.t4g.micro", "db.r6g.large", "db.serverless", "db.x2m.xlarge", "r6g.large", "")
FORMULAS = ("{DBInstanceClassMemory/9531392}", "LEAST({DBInstanceVCPU*100},400)", "{log(DBInstanceClassMemory)*9}")

unknown = st.builds(Unknown, st.text(min_size=1))
numbers = st.integers() | st.sampled_from([0, 6, 100, 683, 10**999, -1])
stated = st.none() | numbers | st.text() | st.sampled_from(FORMULAS) | numbers.filter(lambda n: abs(n) < 9**99).map(str)
capacity = st.none() | st.floats() | st.integers(-1, 600).map(lambda halves: halves / 2) | st.text() | unknown
servers = st.builds(
    Server,
    engine=st.none() | st.sampled_from(ENGINES) | st.text() | unknown,
    engine_version=st.none() | st.sampled_from(["16", "16.4", "10.4", "10.5", "8.0.35"]) | st.text() | unknown,
    instance_class=st.none() | st.sampled_from(SINGLE_CLASSES + class_names()) | st.text() | unknown,
    max_connections=stated | unknown,
    parameter_max_connections=stated | unknown,
    looked_up_max_connections=st.none() | numbers,
    min_acu=capacity,
    max_acu=capacity,
    memory_bytes=st.none() | st.integers() | st.integers(2**28, 2**45),
)


def holds(found: Limit | Unknown) -> None:
    if isinstance(found, Unknown):
        assert found.reason
        return
    assert 1 <= found.low == found.max_connections <= found.high
    assert found.steps
    assert all(step and "\n" not in step for step in found.steps)
    assert found.assumption is not None if found.basis is Basis.ESTIMATED else True
    assert found.assumption is not None if found.low < found.high else True
    assert found.low == found.high if found.basis is Basis.DOCUMENTED else True


@settings(deadline=None, max_examples=300)
@given(servers)
def test_every_server_has_a_limit_between_its_bounds_or_a_reason_why_not(server: Server) -> None:
    holds(limit_of(server))


@pytest.mark.parametrize("engine", ENGINES)
def test_every_class_has_a_limit_for_every_engine_or_a_reason_why_not(engine: str) -> None:
    for name in class_names():
        found = limit_of(Server(engine=engine, instance_class=name))
        holds(found)
        sized = isinstance(memory_bytes_of(name), int) or engine in {"sqlserver-ee", "db2-se"}
        # Aurora does not run on the smallest classes: its formula gives 0 there.
        assert isinstance(found, Limit) == (sized and (engine, name) not in {("aurora-mysql", "db.t1.micro")} | ONE_GIB)


ONE_GIB = {("aurora-mysql", name) for name in class_names() if memory_bytes_of(name) == 2**30}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_larger_class_of_a_family_never_accepts_fewer_connections(engine: str) -> None:
    for family in {family_classes(name) for name in class_names()}:
        limits = [limit_of(Server(engine=engine, instance_class=name)) for name in family]
        known = [found for found in limits if isinstance(found, Limit)]
        for smaller, larger in pairwise(known):
            assert smaller.max_connections <= larger.max_connections


@settings(deadline=None)
@given(st.sampled_from(ENGINES), st.integers(2**28, 2**44), st.integers(2**28, 2**44))
def test_more_memory_never_means_fewer_connections(engine: str, one: int, other: int) -> None:
    smaller, larger = (limit_of(Server(engine=engine, memory_bytes=size)) for size in sorted((one, other)))
    if isinstance(smaller, Limit):
        assert isinstance(larger, Limit)
        assert smaller.low <= larger.low
        assert smaller.high <= larger.high
