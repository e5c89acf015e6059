"""A proxy that may open too much, and whose clients need all of it."""

from typing import Any

from constructs_lib.budget.plan import plan
from tests.budget.orders import document, entry, findings, only, planned

Json = dict[str, Any]
FIXED: Json = {"engine": "postgres", "instance_class": "db.r6g.large", "parameter_max_connections": 200}
"""200, set by the parameter group, whatever the class; less 9 and 10, 181 are usable."""


def behind(pool_size: int, max_overflow: int, percent: int = 95, **more: Json) -> Json:
    """Five tasks behind a proxy, each twice in a deployment, and one beside it: 2 × 5 connections."""
    fixed = {"pool_size": pool_size, "max_overflow": max_overflow}
    api = {"proxy": "front", "tasks": 5, "maximum_percent": 200, **fixed}
    job = {"database": "orders", "tasks": 1, "maximum_percent": 200, "pool_size": 5, "max_overflow": 0}
    server = {**FIXED, "reserved": {"engine": 9, "admin": 10}, "max_connections": None}
    return {
        "schema": 1,
        "databases": {"orders": {key: value for key, value in server.items() if value is not None}},
        "proxies": {"front": {"database": "orders", "max_connections_percent": percent}},
        "workloads": {"api": api, "job": job, **more},
    }


def made(read: Json) -> Any:
    return plan(document({}).read(read))


def test_the_percentage_and_a_pool_together_are_a_way_out_where_neither_alone_is() -> None:
    """85 % of 200 are 170, beside 10 of 181; 10 pools behind it may have 17 each: 12 × 17 // 19 = 10, and 7."""
    finding = only(made(behind(12, 7)), "proxy-oversubscribed")
    (fix,) = finding.fixes
    assert fix.words == (
        "max_connections_percent=85 for front instead of 95, with pool_size=10 and max_overflow=7 for api instead of 12"
        " and 7"
    )
    assert [(change.kind, change.name, change.key, change.after) for change in fix.changes] == [
        ("proxies", "front", "max_connections_percent", 85),
        ("workloads", "api", "pool_size", 10),
        ("workloads", "api", "max_overflow", 7),
    ]
    assert fix.fits
    assert plan(fix.document).fits


def test_the_percentage_alone_is_proposed_where_the_clients_have_a_finding_of_their_own() -> None:
    """300 of 190 are too many, and of 170 still more: that finding stays, and this one is mended."""
    read = made(behind(20, 10))
    fixes = only(read, "proxy-oversubscribed").fixes
    assert [fix.words for fix in fixes] == [
        (
            "max_connections_percent=85 for front instead of 95, with pool_size=11 and max_overflow=6 for api instead"
            " of 20 and 10"
        ),
        "max_connections_percent=85 for front instead of 95 (mends this finding alone)",
    ]
    assert [fix.fits for fix in fixes] == [True, False]
    again = plan(fixes[1].document)
    assert findings(again, "proxy-oversubscribed") == []
    assert [(item.id, item.subject) for item in again.findings if item.severity.value == "error"] == [
        ("overcommitted", "front")
    ]


def test_clients_that_fit_the_lower_percentage_need_no_change() -> None:
    """10 pools of 17 are the 170 of 85 %."""
    (fix,) = only(made(behind(12, 5)), "proxy-oversubscribed").fixes
    assert fix.words == "max_connections_percent=85 for front instead of 95"


def test_headroom_behind_a_proxy_takes_both() -> None:
    """90 % of 181 are 162, less 10 of the job 152: 76 %; floor(5 × 179 %) = 8 tasks of 17 are 136, and 9 are 153."""
    fix = next(fix for fix in only(made(behind(12, 5, 85)), "low-headroom").fixes if fix.changes[0].kind == "proxies")
    assert fix.words == (
        "max_connections_percent=76 for front instead of 85, with maximum_percent=179 for api instead of 200"
        " (deploys while 2 tasks or more run, or with a minimumHealthyPercent below 100)"
    )
    assert findings(plan(fix.document), "low-headroom") == []


def without_a_way_out(job: int) -> str:
    """Two clients that have 95 of the 190 each, and twice a pool of so many beside the proxy."""
    read = behind(1, 0)
    clients = {name: {"proxy": "front", "kind": "reserved", "connections": 95} for name in ("one", "two")}
    read["workloads"] = {**clients, "job": {**read["workloads"]["job"], "pool_size": job}}
    finding = only(made(read), "proxy-oversubscribed")
    assert finding.fixes == ()
    return finding.fix


def test_where_both_clients_have_to_shrink_the_words_name_what_can_help_and_nothing_else() -> None:
    """2 × 70 of 181 leave 41: 20 % are 40, and neither of 95 + 95 alone can give up 150. No class changes the 200."""
    assert without_a_way_out(70) == (
        "no single change makes it fit: lower the max_connections_percent of front and what connects through it, or"
        " raise max_connections in the parameter group, as far as the memory allows"
    )


def test_what_connects_directly_has_to_shrink_as_well_where_it_leaves_no_percentage() -> None:
    """2 × 91 = 182 of 181."""
    assert "what connects through it, and pools, processes or tasks of what connects directly, or" in without_a_way_out(
        91
    )


def test_a_percentage_that_is_not_too_large_is_not_lowered() -> None:
    proxies = {"front": {"database": "orders", "max_connections_percent": 20}}
    members = {"api": entry(proxy="front", tasks=4, pool_size=50, max_overflow=0)}
    finding = only(planned(members, proxies=proxies), "overcommitted")
    assert not any("max_connections_percent=" in fix.words and len(fix.changes) > 1 for fix in finding.fixes)
