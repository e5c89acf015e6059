"""Refresh constructs_lib/limits/instance_class_data.py from AWS. Reads only; needs boto3 and read access.

    python scripts/refresh_instance_classes.py [--region us-east-1]

Memory and vCPUs come from `ec2 describe-instance-types`, the engines from `rds describe-orderable-db-instance-options`.
A class that is no longer orderable is kept: servers that were created with it still run.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import runpy
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

TARGET = Path(__file__).resolve().parent.parent / "constructs_lib" / "limits" / "instance_class_data.py"
LINE_LENGTH = 120
# The engines that limits/engines has modules for, in the names RDS orders them by.
ENGINES = (
    "aurora-mysql",
    "aurora-postgresql",
    "db2-ae",
    "db2-se",
    "mariadb",
    "mysql",
    "oracle-ee",
    "oracle-ee-cdb",
    "oracle-se2",
    "oracle-se2-cdb",
    "postgres",
    "sqlserver-ee",
    "sqlserver-ex",
    "sqlserver-se",
    "sqlserver-web",
)
# "Hardware specifications for DB instance classes", Amazon RDS User Guide: db.x2g runs on what EC2 calls x2gd.
EC2_FAMILIES = {"x2g": "x2gd"}
_MEMORY_OPTIMIZED = re.compile(r"(?P<base>db\.\w+\.\w+)\.tpc\d+\.mem(?P<times>\d+)x")
_SIZE = re.compile(r"(\d*)(\w+)")


class InstanceClass(NamedTuple):
    """One class: nominal memory in MiB and vCPUs, where they are known, and the engines it can be ordered for."""

    memory_mib: int | None
    vcpus: int | None
    engines: tuple[str, ...]


Hardware = Mapping[str, tuple[int, int]]


def ec2_hardware(ec2: Any) -> dict[str, tuple[int, int]]:
    """Read memory in MiB and vCPUs of every EC2 instance type."""
    return {
        item["InstanceType"]: (item["MemoryInfo"]["SizeInMiB"], item["VCpuInfo"]["DefaultVCpus"])
        for page in ec2.get_paginator("describe_instance_types").paginate()
        for item in page["InstanceTypes"]
    }


def orderable_engines(rds: Any, engines: Iterable[str] = ENGINES) -> dict[str, set[str]]:
    """Read which classes can be ordered for which engines."""
    found: dict[str, set[str]] = {}
    for engine in engines:
        pages = rds.get_paginator("describe_orderable_db_instance_options").paginate(Engine=engine)
        for page in pages:
            for option in page["OrderableDBInstanceOptions"]:
                found.setdefault(option["DBInstanceClass"], set()).add(engine)
    return found


def hardware_of(name: str, hardware: Hardware) -> tuple[int | None, int | None]:
    """Find memory in MiB and vCPUs of an RDS class on EC2: unknown where EC2 has no such type."""
    if optimized := _MEMORY_OPTIMIZED.fullmatch(name):
        # "RDS for Oracle DB instance classes": tpcN.memNx has N times the memory of the class before the suffix.
        memory_mib, vcpus = hardware_of(optimized["base"], hardware)
        return (memory_mib and memory_mib * int(optimized["times"])), vcpus
    _, family, size = (*name.split("."), "", "")[:3]
    return hardware.get(f"{EC2_FAMILIES.get(family, family)}.{size}", (None, None))


def merged(
    known: Mapping[str, InstanceClass], orderable: Mapping[str, set[str]], hardware: Hardware
) -> dict[str, InstanceClass]:
    """Bring the known classes up to date: nothing that was known is forgotten."""
    classes = dict(known)
    for name, engines in orderable.items():
        old = known.get(name, InstanceClass(None, None, ()))
        memory_mib, vcpus = hardware_of(name, hardware)
        classes[name] = InstanceClass(
            memory_mib or old.memory_mib, vcpus or old.vcpus, tuple(sorted(engines.union(old.engines)))
        )
    return classes


def rendered(classes: Mapping[str, InstanceClass], *, date: str, command: str) -> str:
    """Write the classes as a Python module."""
    sets = sorted({item.engines for item in classes.values()})
    lines = [
        '"""Generated: the RDS instance classes, with their nominal memory in MiB, vCPUs and engines.',
        "",
        f"Snapshot of {date}. To refresh it:",
        "",
        f"    {command}",
        '"""',
        "",
        "# The engines a class can be ordered for; classes share few combinations.",
        "ENGINE_SETS: tuple[tuple[str, ...], ...] = (",
        *(line for engines in sets for line in _tuple_lines(engines)),
        ")",
        "",
        "# Class: memory in MiB, vCPUs (None where not known), index into ENGINE_SETS.",
        "CLASSES: dict[str, tuple[int | None, int | None, int]] = {",
        *(
            f'    "{name}": ({item.memory_mib}, {item.vcpus}, {sets.index(item.engines)}),'
            for name, item in sorted(classes.items(), key=lambda entry: _order(entry[0]))
        ),
        "}",
        "",
    ]
    return "\n".join(lines)


def _order(name: str) -> tuple[object, ...]:
    """Sort by family, then by size: large before xlarge before 2xlarge."""
    _, family, size, *suffix = (*name.split("."), "", "")
    match = _SIZE.fullmatch(size)
    times, unit = (match[1], match[2]) if match else ("", size)
    units = ("micro", "small", "medium", "large", "xlarge", "metal")
    return family, units.index(unit) if unit in units else len(units), int(times or 1), suffix


def _tuple_lines(engines: tuple[str, ...]) -> list[str]:
    """Write a tuple the way the formatter leaves it: on one line where it fits, else an element a line."""
    quoted = [f'"{engine}"' for engine in engines]
    line = f"    ({', '.join(quoted)}{',' if len(quoted) == 1 else ''}),"
    return [line] if len(line) <= LINE_LENGTH else ["    (", *(f"        {item}," for item in quoted), "    ),"]


def read(path: Path) -> dict[str, InstanceClass]:
    """Read the classes of an earlier run back."""
    if not path.exists():
        return {}
    data = runpy.run_path(str(path))
    return {
        name: InstanceClass(memory_mib, vcpus, data["ENGINE_SETS"][index])
        for name, (memory_mib, vcpus, index) in data["CLASSES"].items()
    }


def refresh(path: Path, *, ec2: Any, rds: Any, date: str, command: str) -> str:
    """Rewrite the data at `path` and say what changed."""
    known = read(path)
    classes = merged(known, orderable_engines(rds), ec2_hardware(ec2))
    path.write_text(rendered(classes, date=date, command=command), encoding="utf-8")
    added = sorted(set(classes) - set(known))
    unsized = sorted(name for name, item in classes.items() if item.memory_mib is None)
    return (
        f"{len(classes)} classes, {len(added)} new: {', '.join(added) or '-'}; memory not known: {', '.join(unsized)}"
    )


def main(arguments: list[str]) -> None:
    """Refresh the data of this checkout with the caller's AWS credentials."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--region", default="us-east-1", help="the region to ask")
    region = parser.parse_args(arguments).region
    import boto3  # type: ignore[import-not-found, import-untyped, unused-ignore]  # no types of its own

    ec2, rds = (boto3.client(service, region_name=region) for service in ("ec2", "rds"))
    today = dt.datetime.now(tz=dt.timezone.utc).date().isoformat()
    command = f"python scripts/refresh_instance_classes.py --region {region}"
    print(refresh(TARGET, ec2=ec2, rds=rds, date=today, command=command))


if __name__ == "__main__":
    main(sys.argv[1:])
