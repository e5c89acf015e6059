"""A way out of a budget with containers that never run at once is one: said of the templates, it makes them fit."""

from collections.abc import Iterator
from typing import Any

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.fixes import Fix
from constructs_lib.budget.fixes.steps import first_step
from constructs_lib.budget.overlay import overlaid
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.budget.tally import tally
from constructs_lib.template.discover import discover
from constructs_lib.template.reread import reread
from tests.template.app_templates import instance
from tests.template.reachable_shop import SHOP, assembly, document_of, group_id, service, tasks
from tests.template.test_awaited import waiting

Json = dict[str, Any]
SMALL = instance(DBInstanceClass="db.t4g.small", VPCSecurityGroups=[group_id("DbGroup")])


def shop(*containers: Json, count: int = 6) -> Json:
    api = service("ApiTask", "ApiGroup", DesiredCount=count)
    return {**SHOP, "Db": SMALL, "ApiTask": tasks(*containers), "Api": api}


def sized(name: str, *others: str, workers: int = 1, pool_size: int = 5, max_overflow: int = 10) -> Json:
    made = waiting(name, *others, Command=["gunicorn", "-w", str(workers), "a:a"])
    sizes = {"DB_POOL_SIZE": pool_size, "DB_MAX_OVERFLOW": max_overflow}
    made["Environment"] += [{"Name": key, "Value": str(value)} for key, value in sizes.items()]
    return made


def planned(made: Json, said: Json) -> Plan:
    templates = assembly(made)
    found = discover(templates)
    entries, _ = overlaid(found.entries, said)
    return plan(found.completed(reread(Document.read(entries), "", templates)))


def ways_out(made: Plan) -> Iterator[Fix]:
    for finding in made.findings:
        if finding.id == "overcommitted":
            yield from finding.fixes


def mended(made: Json, fix: Fix) -> Plan:
    """What becomes of the shop where its templates have what the fix says, in all containers of the workload."""
    entries = discover(assembly(made)).entries["workloads"]
    said: Json = {}
    for change in fix.changes:
        after = change.after
        if change.key == "tasks":
            made = {**made, "Api": service("ApiTask", "ApiGroup", DesiredCount=after)}
        elif change.key == "maximum_percent":
            deployment = {"MaximumPercent": after}
            made = {**made, "Api": service("ApiTask", "ApiGroup", DesiredCount=6, DeploymentConfiguration=deployment)}
        elif change.key == "instance_class":
            made = {**made, "Db": instance(DBInstanceClass=after, VPCSecurityGroups=[group_id("DbGroup")])}
        elif change.key in ("processes", "pool_size", "max_overflow") and after is not None:
            made = {**made, "ApiTask": changed(made["ApiTask"], entries[change.name]["containers"], change.key, after)}
        else:
            said.setdefault(change.kind, {}).setdefault(change.name, {})[change.key] = after
    for name in said.get("workloads", {}):
        size = planned(made, said).tally.allotments[name].size
        assert size is not None
        for key, value in size._asdict().items():
            made = {**made, "ApiTask": changed(made["ApiTask"], entries[name]["containers"], key, value)}
    return planned(made, said)


def changed(definition: Json, names: list[str], key: str, value: object) -> Json:
    def one(made: Json) -> Json:
        if made["Name"] not in names:
            return made
        if key == "processes":
            return {**made, "Command": ["gunicorn", "-w", str(value), "a:a"]}
        variable = f"DB_{key.upper()}"
        kept = [item for item in made["Environment"] if item["Name"] != variable]
        return {**made, "Environment": [*kept, {"Name": variable, "Value": str(value)}]}

    return tasks(*map(one, definition["Properties"]["ContainerDefinitions"]))


@pytest.mark.parametrize("workers", [1, 2, 9])
@pytest.mark.parametrize("pools", [(5, 10), (1, 0)])
@pytest.mark.parametrize("others", [2, 3])
@pytest.mark.parametrize("shape", ["init", "chain", "two that wait", "two that are awaited", "beside"])
def test_a_fix_that_says_it_fits_leaves_no_error_once_the_template_has_it(
    shape: str, workers: int, pools: tuple[int, int], others: int
) -> None:
    web = {"workers": workers, "pool_size": pools[0], "max_overflow": pools[1]}
    containers = {
        "init": [sized("migrate", workers=others), sized("web", "migrate", **web)],
        "chain": [sized("a", workers=others), sized("b", "a", **web), sized("c", "b", workers=2)],
        "two that wait": [sized("a", **web), sized("b", "a", workers=others), sized("c", "a", workers=2)],
        "two that are awaited": [sized("a", workers=others), sized("b", workers=2), sized("c", "a", "b", **web)],
        "beside": [sized("migrate", **web), sized("web", "migrate", workers=others), sized("log", workers=2)],
    }
    made = shop(*containers[shape])
    before = planned(made, {})
    found = list(ways_out(before))
    assert found or before.tally.databases["Db"].holds
    for fix in found:
        after = mended(made, fix)
        errors = [finding.message for finding in after.findings if finding.severity.value == "error"]
        assert not errors or not fix.fits, fix.words


def waiting_for(name: str) -> Json:
    return {"DependsOn": [{"ContainerName": name, "Condition": "SUCCESS"}]}


def words(made: Json) -> list[str]:
    return [fix.words for fix in ways_out(planned(made, {}))]


def test_no_way_out_makes_a_container_smaller_than_one_that_it_stands_for() -> None:
    """164 ÷ 12 tasks = 13 in a task: 4 processes × 3, or 1 process × 10, and the other one opens 9 + 6 = 15."""
    migrate = sized("migrate", pool_size=9, max_overflow=6)
    web = sized("web", "migrate", workers=4, pool_size=5, max_overflow=5)
    found = words(shop(migrate, web))
    assert not any("pool_size" in fix or "processes" in fix for fix in found)
    alone = words(shop(web))
    assert "pool_size=1 and max_overflow=2 for Api instead of 5 and 5" in alone
    assert "processes=1 for Api instead of 4" in alone
    assert not any(fix.startswith("no pool_size") for fix in alone), "nobody would write what the budget then gives"
    both = words(shop(sized("migrate", workers=4, pool_size=5, max_overflow=5), web))
    assert both == alone, "a workload has one size for all of its containers"
    chain = [migrate, sized("init", "migrate", pool_size=1, max_overflow=0), {**web, **waiting_for("init")}]
    assert not any("pool_size" in fix or "processes" in fix for fix in words(shop(*chain)))


def test_a_number_that_becomes_less_may_become_what_the_other_has() -> None:
    """164 ÷ 12 tasks = 13: 4 processes × 3 = 12, and 12 are opened by the one that it stands for."""
    migrate = sized("migrate", pool_size=12, max_overflow=0)
    web = sized("web", "migrate", workers=4, pool_size=5, max_overflow=5)
    assert "pool_size=1 and max_overflow=2 for Api (web) instead of 5 and 5" in words(shop(migrate, web))
    larger = sized("migrate", pool_size=13, max_overflow=0)
    assert not any("pool_size" in fix for fix in words(shop(larger, web)))
    single = sized("web", "migrate", workers=4, pool_size=1, max_overflow=2)
    (third,) = [
        fix
        for fix in words(
            shop(sized("migrate", pool_size=6, max_overflow=0), {**single, "Command": ["gunicorn", "-w", "9", "a:a"]})
        )
        if "processes" in fix
    ]
    assert third == "processes=4 for Api (web) instead of 9"


@pytest.mark.parametrize(("opened", "found"), [(9, False), (8, True)])
def test_a_first_step_makes_a_container_no_smaller_than_one_that_it_stands_for(opened: int, found: bool) -> None:  # noqa: FBT001 - expected
    """Then 1 process × (4 + 4) = 8, while what ended before it still opens as many as it did."""
    web = sized("web", "migrate", workers=4, pool_size=5, max_overflow=5)
    base = document_of(shop(sized("migrate", pool_size=opened, max_overflow=0), web, count=1))
    then = sized("web", "migrate", workers=1, pool_size=4, max_overflow=4)
    head = document_of(shop(sized("migrate", pool_size=1, max_overflow=0), then, count=1))
    assert (first_step(tally(base), tally(head), "Db") is not None) is found
