"""The connections that an application cannot have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.limits import Unknown, reserved_slots


@pytest.mark.parametrize(
    ("engine", "version", "slots", "documented"),
    [
        ("postgres", "18.0", 9, True),
        ("postgres", "18", 9, True),
        ("postgres", "17.1", 9, True),
        ("postgres", "17.0", 5, True),
        ("postgres", "16.5", 9, True),
        ("postgres", "16.4", 5, True),
        ("postgres", "16.10", 9, True),
        ("postgres", "15.9", 9, True),
        ("postgres", "15.8", 5, True),
        ("postgres", "14.14", 9, True),
        ("postgres", "14.13", 5, True),
        ("postgres", "13.17", 9, True),
        ("postgres", "13.16", 5, True),
        ("postgres", "12.22-rds.20250220", 9, True),
        ("postgres", "12.20", 5, True),
        ("postgres", "16", 9, False),
        ("postgres", "9.6.24", 9, False),
        ("postgres", "latest", 9, False),
        ("postgres", "", 9, False),
        ("postgres", None, 9, False),
        ("postgres", Unknown("a token"), 9, False),
        ("Postgres", "16.4", 5, True),
        ("aurora-postgresql", "16.4", 9, False),
        ("mysql", "8.0.35", 0, True),
        ("mariadb", None, 0, True),
        ("aurora-mysql", "8.0.mysql_aurora.3.05.2", 0, True),
        ("oracle-se2", "19", 9, False),
        ("sqlserver-ex", None, 9, False),
        ("db2-se", None, 9, False),
        ("postgre", "16.4", 9, False),
        (None, None, 9, False),
        (Unknown("a token"), "16.4", 9, False),
    ],
)
def test_the_slots_by_engine_and_version(
    engine: str | Unknown | None, version: str | Unknown | None, slots: int, *, documented: bool
) -> None:
    found = reserved_slots(engine=engine, engine_version=version)
    assert (found.slots, found.documented) == (slots, documented)
    assert found.reason


def test_the_reason_names_the_settings_of_the_version() -> None:
    assert reserved_slots(engine="postgres", engine_version="16.4").reason == (
        "superuser_reserved_connections 3 + reserved_connections 2 "
        "(rds.rds_reserved_connections came with PostgreSQL 16.5)"
    )
    assert reserved_slots(engine="postgres", engine_version="15.9").reason == (
        "superuser_reserved_connections 3 + rds.rds_reserved_connections 4 + rds.rds_superuser_reserved_connections 2"
    )


@given(st.none() | st.text(), st.none() | st.text())
def test_no_text_reserves_more_than_the_most_of_any_engine(engine: str | None, version: str | None) -> None:
    assert 0 <= reserved_slots(engine=engine, engine_version=version).slots <= 9
    assert 0 <= reserved_slots(engine="postgres", engine_version=version).slots <= 9
