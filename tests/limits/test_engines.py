"""The defaults of the engines."""

import pytest

from constructs_lib.limits import Basis, Limit, Server, limit_of
from constructs_lib.limits.engine import Default
from constructs_lib.limits.engines import ENGINES, engine_behind
from constructs_lib.limits.formula import parse
from constructs_lib.limits.formula_value import evaluate


@pytest.mark.parametrize(
    ("engine", "version", "at_8_gib", "at_1_tib"),
    [
        ("postgres", "16.4", 901, 5000),
        ("aurora-postgresql", "16.4", 901, 5000),
        ("mysql", "8.0", 682, 87381),
        ("mariadb", "10.4.34", 682, 87381),
        ("mariadb", "10.5", 341, 12000),
        ("mariadb", "11.4.3", 341, 12000),
        ("mariadb", "10.11.8", 341, 12000),
        ("aurora-mysql", "8.0.mysql_aurora.3.05.2", 135, 7000),
        ("oracle-ee", "19", 870, 20000),
    ],
)
def test_the_default_formula_of_each_engine(engine: str, version: str, at_8_gib: int, at_1_tib: int) -> None:
    found = next(item for item in ENGINES if any(engine.startswith(name) for name in item.names))
    assert callable(found.default)
    default = found.default(version)
    assert default.highest is None
    formula = parse(default.formula)
    assert evaluate(formula, {"DBInstanceClassMemory": 2**33}) == at_8_gib
    assert evaluate(formula, {"DBInstanceClassMemory": 2**40}) == at_1_tib


@pytest.mark.parametrize("version", [None, "10", "10.3", "latest"])
def test_a_mariadb_version_that_decides_nothing_takes_the_lower_default(version: str | None) -> None:
    found = limit_of(Server(engine="mariadb", engine_version=version, instance_class="db.m5.large"))
    assert isinstance(found, Limit)
    assert (found.low, found.high) == (311, 682)
    assert found.assumption is not None
    assert "MariaDB 10.5" in found.assumption


@pytest.mark.parametrize(
    ("engine", "value"), [("sqlserver-se", 32767), ("sqlserver-ex", 32767), ("db2-se", 64000), ("db2-ae", 64000)]
)
def test_some_engines_have_one_limit_for_all_instances(engine: str, value: int) -> None:
    found = limit_of(Server(engine=engine))
    assert isinstance(found, Limit)
    assert (found.low, found.high, found.basis) == (value, value, Basis.DOCUMENTED)


def test_a_default_stops_at_what_the_engine_accepts() -> None:
    found = limit_of(Server(engine="mysql", instance_class="db.x2iedn.32xlarge"))
    assert isinstance(found, Limit)
    assert (found.low, found.high) == (100000, 100000)
    assert found.steps[-1] == "MySQL accepts at most 100000"


def test_an_engine_is_found_however_it_is_written() -> None:
    for name in ("aurora-mysql", "Aurora-MySQL", " aurora-mysql "):
        assert isinstance(limit_of(Server(engine=name, instance_class="DB.R5.Large ")), Limit)
    for name in ("oracle-ee-cdb", "custom-oracle-ee"):
        assert isinstance(limit_of(Server(engine=name, instance_class="db.r5.large")), Limit)


def test_every_default_is_a_formula() -> None:
    for engine in ENGINES:
        for version in (None, "10.4", "16.4"):
            default = engine.default(version) if callable(engine.default) else None
            for text in (default.formula, default.highest) if isinstance(default, Default) else ():
                assert text is None or parse(text)


@pytest.mark.parametrize("family", ["POSTGRESQL", "MYSQL", "SQLSERVER"])
def test_the_engines_that_one_kind_of_proxy_stands_in_front_of_have_one_port_and_one_default(family: str) -> None:
    behind = [engine for engine in ENGINES if engine.proxy_family == family]
    assert engine_behind(family.lower()) is behind[0]
    assert len({(engine.port, engine.proxy_percent) for engine in behind}) == 1


def test_a_kind_of_proxy_that_no_engine_has_stands_in_front_of_none_that_is_known() -> None:
    assert engine_behind("GRAPH") is None
