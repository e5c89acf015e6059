"""Instance classes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs_lib.limits import (
    Unknown,
    class_names,
    current_classes,
    family_classes,
    memory_bytes_of,
    nearest_classes,
)
from constructs_lib.limits.instance_class import vcpus_of

GIB = 2**30


@pytest.mark.parametrize(
    ("name", "gib"),
    [
        ("db.t3.micro", 1),
        ("db.r6g.large", 16),
        ("DB.R6G.Large", 16),
        (" db.r6g.large ", 16),
        ("db.r4.large", 15.25),
        ("db.x2g.8xlarge", 512),
        ("db.r5.2xlarge.tpc2.mem4x", 256),
        ("db.r5.6xlarge.tpc2.mem4x", 768),
        ("db.t1.micro", 627 / 1024),
    ],
)
def test_the_memory_of_a_class(name: str, gib: float) -> None:
    assert memory_bytes_of(name) == gib * GIB


@pytest.mark.parametrize("name", ["db.serverless", "db.x2m.xlarge", "db.x99.large", "", "\0", "db", "…" * 10000])
def test_a_class_without_memory_says_why(name: str) -> None:
    for found in (memory_bytes_of(name), vcpus_of(name)):
        assert isinstance(found, Unknown)
        assert 10 < len(found.reason) < 250


def test_the_classes_of_an_engine() -> None:
    assert len(class_names()) >= 422
    assert "db.r5.2xlarge.tpc2.mem4x" in class_names("oracle-ee")
    assert "db.r5.2xlarge.tpc2.mem4x" not in class_names("postgres")
    assert class_names("nothing") == ()


def test_the_nearest_classes_of_a_misspelling() -> None:
    assert nearest_classes("db.r6g.larg")[0] == "db.r6g.large"
    assert nearest_classes("m5.xlarge")[0] == "db.m5.xlarge"
    assert nearest_classes("") == ()


def test_a_family_is_listed_by_memory() -> None:
    assert family_classes("db.r6g.xlarge") == (
        "db.r6g.large",
        "db.r6g.xlarge",
        "db.r6g.2xlarge",
        "db.r6g.4xlarge",
        "db.r6g.8xlarge",
        "db.r6g.12xlarge",
        "db.r6g.16xlarge",
    )
    assert family_classes("db.t4g.micro")[:3] == ("db.t4g.micro", "db.t4g.small", "db.t4g.medium")


def test_a_family_keeps_the_classes_of_oracle_apart() -> None:
    assert not any("tpc" in name for name in family_classes("db.r5.large"))
    assert all("tpc" in name for name in family_classes("db.r5.2xlarge.tpc2.mem4x"))


def test_a_family_can_be_narrowed_to_an_engine() -> None:
    assert "db.t3.micro" in family_classes("db.t3.medium", engine="postgres")
    assert "db.t3.micro" not in family_classes("db.t3.medium", engine="aurora-mysql")


def test_a_current_family_is_of_the_newest_generation_of_its_series_or_the_one_before() -> None:
    """PostgreSQL can be ordered here on m1 to m9, r3 to r8 and t1 to t4."""
    families = {name.split(".")[1] for name in current_classes("db.r6g.large", engine="postgres")}
    assert {"m9g", "m8g", "m8a", "r8g", "r7g", "r7i", "t4g", "t3"} <= families
    assert not families & {"m7g", "m5", "r6g", "r5", "t2", "m1"}


def test_current_classes_are_listed_by_memory_those_most_like_the_given_one_first() -> None:
    sixteen = [
        name
        for name in current_classes("db.r6g.large", engine="postgres")
        if memory_bytes_of(name) == 16 * GIB and vcpus_of(name) == 2
    ]
    assert sixteen[:3] == ["db.r8g.large", "db.r7g.large", "db.r8a.large"]
    sizes = [memory_bytes_of(name) for name in current_classes("odd")]
    assert sizes == sorted(sizes, key=lambda size: size if isinstance(size, int) else 0)


def test_current_classes_can_be_narrowed_to_an_engine() -> None:
    assert "db.t4g.micro" in current_classes("db.t3.large", engine="postgres")
    assert "db.t4g.micro" not in current_classes("db.t3.large", engine="aurora-mysql")
    assert current_classes("db.t3.large", engine="odd") == ()


def test_the_family_of_an_unknown_class_is_empty() -> None:
    assert family_classes("db.x99.large") == family_classes("") == ()


@pytest.mark.parametrize("name", class_names())
def test_every_class_is_found_in_its_own_family_by_growing_memory(name: str) -> None:
    family = family_classes(name)
    assert name in family or isinstance(memory_bytes_of(name), Unknown)
    sizes = [memory for memory in map(memory_bytes_of, family) if isinstance(memory, int)]
    assert len(sizes) == len(family)
    assert sizes == sorted(sizes)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_looked_up_without_harm(name: str) -> None:
    memory_bytes_of(name)
    nearest_classes(name)
    family_classes(name)
    class_names(name)


def test_the_classes_of_an_engine_are_found_however_it_is_written() -> None:
    assert class_names(" POSTGRES ") == class_names("postgres") != ()
