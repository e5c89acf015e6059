"""The script that refreshes the instance classes, against a simulated AWS."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-not-found, import-untyped, unused-ignore]  # no types of its own
import pytest
from moto import mock_aws  # type: ignore[import-not-found, unused-ignore]

from scripts.refresh_instance_classes import (
    TARGET,
    InstanceClass,
    ec2_hardware,
    hardware_of,
    merged,
    orderable_engines,
    read,
    refresh,
    rendered,
)

HARDWARE = {"r5.large": (16384, 2), "x2gd.large": (32768, 2)}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield


class Pages:
    """A client whose every operation has the given pages."""

    def __init__(self, *pages: dict[str, Any]) -> None:
        self.pages = pages

    def get_paginator(self, _operation: str) -> Pages:
        return self

    def paginate(self, **_filters: str) -> tuple[dict[str, Any], ...]:
        return self.pages


@pytest.mark.usefixtures("aws")
def test_a_refresh_writes_a_module_that_reads_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "instance_class_data.py"
    clients = {"ec2": boto3.client("ec2", region_name="us-east-1"), "rds": boto3.client("rds", region_name="us-east-1")}
    first = refresh(path, **clients, date="2026-08-14", command="python refresh")
    classes = read(path)
    assert classes["db.r5.large"].memory_mib == 16384
    assert "aurora-postgresql" in classes["db.r5.large"].engines
    assert first.startswith(f"{len(classes)} classes, {len(classes)} new")
    text = path.read_text(encoding="utf-8")
    assert "Snapshot of 2026-08-14" in text
    assert "    python refresh\n" in text
    second = refresh(path, **clients, date="2026-08-14", command="python refresh")
    assert second.startswith(f"{len(classes)} classes, 0 new")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.usefixtures("aws")
def test_a_refresh_of_the_shipped_data_forgets_nothing(tmp_path: Path) -> None:
    path = tmp_path / "instance_class_data.py"
    path.write_text(TARGET.read_text(encoding="utf-8"), encoding="utf-8")
    before = read(path)
    refresh(
        path,
        ec2=boto3.client("ec2", region_name="us-east-1"),
        rds=boto3.client("rds", region_name="us-east-1"),
        date="2026-08-14",
        command="python refresh",
    )
    after = read(path)
    assert set(before) <= set(after)
    assert all(after[name].memory_mib == item.memory_mib for name, item in before.items() if item.memory_mib)


def test_every_page_is_read() -> None:
    ec2 = Pages(
        {"InstanceTypes": [{"InstanceType": "a.b", "MemoryInfo": {"SizeInMiB": 1}, "VCpuInfo": {"DefaultVCpus": 2}}]},
        {"InstanceTypes": [{"InstanceType": "c.d", "MemoryInfo": {"SizeInMiB": 3}, "VCpuInfo": {"DefaultVCpus": 4}}]},
    )
    assert ec2_hardware(ec2) == {"a.b": (1, 2), "c.d": (3, 4)}
    rds = Pages(
        {"OrderableDBInstanceOptions": [{"DBInstanceClass": "db.a.b"}, {"DBInstanceClass": "db.a.b"}]},
        {"OrderableDBInstanceOptions": [{"DBInstanceClass": "db.c.d"}]},
    )
    engines = {"mysql", "postgres"}
    assert orderable_engines(rds, sorted(engines)) == {"db.a.b": engines, "db.c.d": engines}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("db.r5.large", (16384, 2)),
        ("db.x2g.large", (32768, 2)),
        ("db.r5.large.tpc2.mem4x", (65536, 2)),
        ("db.x2m.large", (None, None)),
        ("db.x2m.large.tpc1.mem2x", (None, None)),
        ("db.serverless", (None, None)),
    ],
)
def test_a_class_is_found_on_ec2_under_the_name_it_has_there(name: str, found: tuple[int | None, int | None]) -> None:
    assert hardware_of(name, HARDWARE) == found


def test_an_engine_that_a_region_does_not_offer_is_kept() -> None:
    known = {"db.r5.large": InstanceClass(16384, 2, ("mysql", "oracle-se"))}
    found = merged(known, {"db.r5.large": {"postgres"}}, HARDWARE)
    assert found["db.r5.large"].engines == ("mysql", "oracle-se", "postgres")


def test_a_class_that_is_no_longer_orderable_is_kept_and_one_without_hardware_keeps_what_was_known() -> None:
    known = {
        "db.m1.small": InstanceClass(1740, 1, ("mysql",)),
        "db.r5.6xlarge.tpc2.mem4x": InstanceClass(786432, 24, ("oracle-ee",)),
    }
    orderable = {"db.r5.large": {"postgres", "mysql"}, "db.r5.6xlarge.tpc2.mem4x": {"oracle-ee"}}
    assert merged(known, orderable, HARDWARE) == {
        **known,
        "db.r5.large": InstanceClass(16384, 2, ("mysql", "postgres")),
    }


def test_the_shipped_data_is_what_the_script_would_write() -> None:
    text = TARGET.read_text(encoding="utf-8")
    classes = read(TARGET)
    written = rendered(classes, date="2026-08", command="python scripts/refresh_instance_classes.py --region us-east-1")
    assert written == text
    assert len(classes) >= 422
