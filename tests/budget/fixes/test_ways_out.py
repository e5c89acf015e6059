"""Ways out of a sum that does not fit, with the numbers that fit."""

from dataclasses import replace
from typing import Any

from constructs_lib.budget.document import Document
from constructs_lib.budget.fixes import MOST_FIXES, ways_out
from constructs_lib.budget.fixes.ways_out import ranked
from constructs_lib.budget.plan import plan
from constructs_lib.budget.tally import tally
from constructs_lib.budget.workloads import PooledWorkload, TaskWorkload
from tests.budget.orders import document, entry, only

Json = dict[str, Any]


def every_way(workloads: Json, *, proxies: Json | None = None, **database: Any) -> list[str]:
    """All of them, also those that a finding has no room for."""
    found = ranked(document(workloads, proxies=proxies, **database), "orders", lambda _: True)
    return [fix.words for fixes in found for fix in fixes]


def server(workload: Json, **keys: Any) -> Document:
    """A service on a database whose limit follows its class."""
    database = {"engine": "postgres", "engine_version": "18.1", **keys}
    return Document.read({"schema": 1, "databases": {"orders": database}, "workloads": {"api": workload}})


def with_found(made: Document, **variables: str) -> Document:
    """The document as it is after a template was read whose container has these variables."""
    api = made.workloads["api"]
    assert isinstance(api, TaskWorkload)
    return replace(made, workloads={"api": replace(api, found={"app": variables})})


def test_the_pool_that_fits_keeps_its_proportion() -> None:
    """670 // 8 = 83 a pool; at 116 : 50 that is 83 × 116 // 166 = 58, and 25 = 83 − 58."""
    found = every_way({"api": entry(tasks=8, pool_size=116, max_overflow=50)})
    assert found[0] == "pool_size=58 and max_overflow=25 for api instead of 116 and 50"


def test_the_budget_can_choose_instead() -> None:
    """83 split 70/30 is 58 + 24."""
    found = every_way({"api": entry(tasks=8, pool_size=116, max_overflow=50)})
    assert found[1] == "no pool_size and max_overflow for api: the budget then gives 58 + 24"


def test_the_task_maximum_that_fits() -> None:
    """4 × 166 = 664 ≤ 670 < 830 = 5 × 166."""
    found = every_way({"api": entry(tasks=4, max_tasks=8, pool_size=116, max_overflow=50)})
    assert "at most 4 tasks of api instead of 8" in found
    assert "at most 1 task of api instead of 2" in every_way({"api": entry(tasks=2, pool_size=400, max_overflow=0)})


def test_a_maximum_below_the_desired_count_comes_with_a_desired_count() -> None:
    """4 × 166 = 664."""
    found = every_way({"api": entry(tasks=6, max_tasks=8, pool_size=116, max_overflow=50)})
    assert "at most 4 tasks of api instead of 8, with a desired count of 4 instead of 6" in found


def test_the_maximum_percent_that_fits() -> None:
    """floor(4 × 174 %) = 6 tasks of 100 fit; at 175 % there are 7. floor(2 × 174 %) = 3, and floor(1 × 174 %) = 1."""
    found = every_way({"api": entry(tasks=4, pool_size=100, max_overflow=0, maximum_percent=200)})
    assert (
        "maximum_percent=174 for api instead of 200"
        " (deploys while 2 tasks or more run, or with a minimumHealthyPercent below 100)"
    ) in found


def test_a_percentage_that_lets_no_deployment_begin_while_the_desired_tasks_run_is_no_way_out() -> None:
    """Of at most 8 tasks 6 of 100 fit: no percentage does. Of 5 fits floor(5 × 139 %) = 6; floor(2 × 139 %) = 2."""
    api = entry(tasks=2, max_tasks=5, pool_size=100, max_overflow=0, maximum_percent=200)
    assert not any(words.startswith("maximum_percent") for words in every_way({"api": api}))
    assert any(words.startswith("maximum_percent=139") for words in every_way({"api": {**api, "tasks": 3}}))


def test_a_percentage_that_lets_a_deployment_start_a_single_task_is_one() -> None:
    """floor(20 × 105 %) = 21 tasks of 31 are 651, and 22 are 682: so they are up to 109 %."""
    found = every_way({"api": entry(tasks=20, pool_size=31, max_overflow=0, maximum_percent=200)})
    assert any(words.startswith("maximum_percent=109 for api instead of 200") for words in found)


def test_a_percentage_that_leaves_no_room_for_one_more_task_is_no_way_out() -> None:
    """4 × 166 = 664 fits and 5 × 166 does not: a deployment could start no task."""
    found = every_way({"api": entry(tasks=4, pool_size=116, max_overflow=50, maximum_percent=200)})
    assert not any(words.startswith("maximum_percent") for words in found)


def test_the_concurrency_that_fits() -> None:
    """670 // 100 = 6 children in each of 100 workers."""
    assert "concurrency=6 for workers instead of 8" in every_way(
        {"workers": entry(kind="celery", tasks=100, concurrency=8)}
    )


def test_the_reservation_that_fits() -> None:
    members = {"reports": entry(kind="reserved", connections=700), "api": entry(tasks=2, pool_size=10, max_overflow=0)}
    assert "connections=650 for reports instead of 700" in every_way(members)


def test_a_proxys_percentage_is_raised_no_further_than_its_clients_need() -> None:
    """683 × 30 % = 204.9, 683 × 29 % = 198: the nearest to 20 that has room for 4 × 50 = 200."""
    found = every_way(
        {"api": {**entry(tasks=4, pool_size=50, max_overflow=0, proxy="front")}},
        proxies={"front": {"database": "orders", "max_connections_percent": 20}},
    )
    assert "max_connections_percent=30 for front instead of 20" in found


def test_the_proxy_percentage_that_fits() -> None:
    """floor(683 × 90 %) = 614 and 60 direct are 674; at 89 % 607 + 60 = 667 ≤ 670."""
    found = every_way(
        {"batch": entry(tasks=4, pool_size=10, max_overflow=5)},
        proxies={"front": {"database": "orders", "max_connections_percent": 90}},
    )
    assert "max_connections_percent=89 for front instead of 90" in found


def test_the_smallest_class_of_the_family_that_fits() -> None:
    """A db.t4g.micro is estimated at 72, medium at 388, large at 822; 400 + 19 are asked for."""
    large = {"engine": "postgres", "engine_version": "18.1", "instance_class": "db.t4g.micro"}
    api = {"database": "orders", "tasks": 40, "maximum_percent": 100, "pool_size": 10, "max_overflow": 0}
    read = Document.read({"schema": 1, "databases": {"orders": large}, "workloads": {"api": api}})
    assert "db.t4g.large for orders instead of db.t4g.micro" in ways_out(tally(read), "orders").words


def test_a_declared_limit_is_not_said_to_grow_with_the_class() -> None:
    found = every_way({"api": entry(tasks=8, pool_size=116, max_overflow=50)}, instance_class="db.r6g.large")
    assert not any("db." in words for words in found)


def test_one_more_than_a_proposed_number_would_not_fit() -> None:
    """The sum of 8 pools of 58 + 25 holds, that of 58 + 26 does not; so do 4 tasks of 116 + 50, and 5 do not."""
    for fitting, one_more in (
        ({"tasks": 8, "pool_size": 58, "max_overflow": 25}, {"tasks": 8, "pool_size": 58, "max_overflow": 26}),
        ({"tasks": 4, "pool_size": 116, "max_overflow": 50}, {"tasks": 5, "pool_size": 116, "max_overflow": 50}),
    ):
        assert tally(document({"api": entry(**fitting)})).databases["orders"].holds
        assert not tally(document({"api": entry(**one_more)})).databases["orders"].holds


def test_a_finding_names_the_smallest_change_of_each_kind_in_one_sentence_the_smallest_first() -> None:
    """Of 200, 26 are 130 ‰; of a pool of 100, 17 are 170 ‰, and 18 are 180 ‰; 1 of 4 tasks are 250 ‰."""
    members = {
        "api": entry(tasks=4, pool_size=100, max_overflow=0, maximum_percent=200),
        "workers": entry(kind="celery", tasks=1, concurrency=4),
    }
    words = ways_out(tally(document(members)), "orders").words
    assert words == (
        "any one of: maximum_percent=174 for api instead of 200"
        " (deploys while 2 tasks or more run, or with a minimumHealthyPercent below 100);"
        " pool_size=83 and max_overflow=0 for api instead of 100 and 0;"
        " no pool_size and max_overflow for api: the budget then gives 58 + 24;"
        " at most 3 tasks of api instead of 4"
    )


def test_a_single_way_out_stands_alone() -> None:
    words = ways_out(tally(document({"reports": entry(kind="reserved", connections=700)})), "orders").words
    assert words == "connections=670 for reports instead of 700"


def test_where_no_single_change_helps_that_is_said() -> None:
    members = {name: entry(kind="reserved", connections=700) for name in ("a", "b")}
    found = ways_out(tally(document(members)), "orders")
    assert found.fixes == ()
    assert found.words.startswith("no single change makes it fit")


def test_a_pool_without_a_limit_is_given_one() -> None:
    members = {
        "api": entry(tasks=600, pool_size=0, max_overflow=0),
        "reports": entry(kind="reserved", connections=20),
    }
    assert every_way(members)[0] == "pool_size=1 and max_overflow=0 for api instead of 0 and 0"


def test_a_pool_without_a_limit_is_given_the_largest_that_fits() -> None:
    """650 // 8 = 81: 82 split 70/30, each part rounded down, is 57 + 24."""
    members = {"api": entry(tasks=8, pool_size=0, max_overflow=10), "reports": entry(kind="reserved", connections=20)}
    finding = only(plan(document(members)), "unbounded-pool")
    assert finding.fixes[0].words == "pool_size=57 and max_overflow=24 for api instead of 0 and 10"


def test_the_runs_at_once_that_fit() -> None:
    """2 tasks × 33 runs × 10 = 660."""
    task = {"database": "orders", "kind": "task", "tasks": 2, "pool_size": 10, "max_overflow": 0}
    assert "overlap=33 for batch instead of 40" in every_way({"batch": {**task, "overlap": 40}})
    members = {"batch": {**task, "overlap": {"unknown": "a schedule of minutes"}}}
    assert only(plan(document(members)), "unknown-tasks").fixes[0].words == "overlap=33 for batch"


def test_the_reserved_concurrency_that_fits() -> None:
    """670 // 3 = 223."""
    function = {"database": "orders", "kind": "function", "pool_size": 2, "max_overflow": 1}
    assert "reserved_concurrency=223 for hook instead of 300" in every_way(
        {"hook": {**function, "reserved_concurrency": 300}}
    )
    finding = only(plan(document({"hook": function})), "unknown-tasks")
    assert finding.fixes[0].words == "reserved_concurrency=223 for hook"
    assert plan(finding.fixes[0].document).fits


def test_the_task_sets_that_fit() -> None:
    """4 tasks × 100 = 400 in each set, one of which fits; of 4 × 50, 3 do."""
    api = entry(tasks=4, max_overflow=0, deployment="external")
    assert "task_sets=1 for api instead of 2" in every_way({"api": {**api, "pool_size": 100, "task_sets": 2}})
    finding = only(plan(document({"api": {**api, "pool_size": 50}})), "unknown-tasks")
    assert [fix.words for fix in finding.fixes] == ["task_sets=3 for api"]


FRONTS = {name: {"database": "orders", "max_connections_percent": 20} for name in ("front", "back")}
"""floor(683 × 20 %) = 136 each, 272 together, which leaves 398 to direct clients."""


def test_of_two_errors_of_a_database_each_has_its_own_ways_out() -> None:
    """4 × 34 = 136 fit behind the proxy, and 4 × 99 = 396 beside it."""
    fixed = {"tasks": 4, "max_overflow": 0}
    members = {
        "api": entry(pool_size=40, proxy="front", **fixed),
        "batch": entry(pool_size=110, **fixed),
    }
    made = plan(document(members, proxies=FRONTS))
    (clients, server) = (
        next(item for item in made.findings if item.severity.value == "error" and item.kind == kind)
        for kind in ("proxies", "databases")
    )
    assert "pool_size=34 and max_overflow=0 for api instead of 40 and 0 (mends this finding alone)" in clients.fix
    assert "pool_size=99 and max_overflow=0 for batch instead of 110 and 0 (mends this finding alone)" in server.fix
    assert not any("for api" in fix.words for fix in server.fixes if not fix.fits)
    for fix in clients.fixes:
        again = plan(fix.document)
        if fix.fits:
            assert again.fits
            continue
        assert {item.kind for item in again.findings if item.severity.value == "error"} == {"databases"}


def test_what_mends_everything_is_proposed_before_what_mends_one_finding() -> None:
    """20 % of a db.t4g.medium are too few for 160 clients on either proxy; of a larger class they are enough."""
    members = {name: entry(tasks=4, pool_size=40, max_overflow=0, proxy=name) for name in FRONTS}
    database = {"engine": "postgres", "instance_class": "db.t4g.medium"}
    read = {"schema": 1, "databases": {"orders": database}, "proxies": FRONTS, "workloads": members}
    made = plan(Document.read(read))
    (finding, _) = [item for item in made.findings if item.id == "overcommitted"]
    assert [fix.fits for fix in finding.fixes] == sorted((fix.fits for fix in finding.fixes), reverse=True)
    assert finding.fixes[0].words.startswith("db.")
    assert plan(finding.fixes[0].document).fits
    assert finding.fixes[-1].words.endswith("(mends this finding alone)")


def test_a_fix_of_one_error_makes_no_other_one_worse() -> None:
    """At 23 % the proxy would have its clients' 157, and the server, at 440 of 398 already, still less."""
    members = {
        "api": entry(tasks=4, pool_size=39, max_overflow=0, proxy="front"),
        "batch": entry(tasks=4, pool_size=110, max_overflow=0),
    }
    made = plan(document(members, proxies=FRONTS))
    finding = next(item for item in made.findings if item.kind == "proxies")
    alone = [fix.words for fix in finding.fixes if not fix.fits]
    assert alone
    assert not any("max_connections_percent" in words for words in alone)


def test_no_number_is_given_to_one_of_two_that_are_unknown() -> None:
    members = {name: entry(tasks={"unknown": "Fn::If"}, pool_size=10, max_overflow=0) for name in ("api", "batch")}
    for finding in plan(document(members)).findings:
        assert finding.fixes == ()


def test_of_two_pools_without_a_limit_neither_alone_is_a_way_out() -> None:
    members = {name: entry(tasks=2, pool_size=0, max_overflow=0) for name in ("api", "batch")}
    assert ways_out(tally(document(members)), "orders").fixes == ()


def test_an_unknown_number_of_tasks_is_given_the_most_that_fit() -> None:
    """670 // (10 + 5) = 44."""
    members = {"api": entry(tasks={"unknown": "Fn::If"}, pool_size=10, max_overflow=5)}
    finding = only(plan(document(members)), "unknown-tasks")
    assert finding.fixes[0].words == "at most 44 tasks of api"


def test_an_unknown_percentage_is_given_the_largest_that_fits_up_to_the_default() -> None:
    """floor(30 × 149 %) = 44 tasks of 15 are 660, at 150 % 45 are 675."""
    members = {"api": entry(tasks=30, maximum_percent={"unknown": "Fn::If"}, pool_size=10, max_overflow=5)}
    finding = only(plan(document(members)), "unknown-tasks")
    assert [fix.words.partition(" (")[0] for fix in finding.fixes] == ["maximum_percent=149 for api"]


def test_unknown_processes_are_given_the_most_that_fit() -> None:
    """670 // (4 × 15) = 11."""
    members = {"api": entry(tasks=4, processes={"unknown": "a parameter"}, pool_size=10, max_overflow=5)}
    assert only(plan(document(members)), "unknown-tasks").fixes[0].words == "processes=11 for api"


def test_an_unknown_limit_is_given_the_least_that_would_do() -> None:
    """4 × 15 + 3 + 10 = 73."""
    members = {"api": entry(tasks=4, pool_size=10, max_overflow=5)}
    finding = only(plan(document(members, max_connections={"unknown": "a parameter"})), "unknown-limit")
    assert finding.fixes[0].words == "max_connections=73 for orders, if it accepts that many or more"


def test_beside_a_number_that_is_unknown_no_number_is_given_for_another() -> None:
    """4 × 15 + 3 + 10 = 73 would do for api alone, and web needs some as well."""
    members = {"api": entry(tasks=4, pool_size=10, max_overflow=5), "web": entry(tasks={"unknown": "a parameter"})}
    made = plan(document(members, max_connections={"unknown": "a parameter"}))
    assert only(made, "unknown-limit").fixes == ()
    assert [finding.fixes for finding in made.findings if finding.id == "unknown-tasks"] == [()]


def test_scarce_headroom_is_mended_by_what_leaves_a_tenth_free() -> None:
    """90 % of 670 are 603: 4 pools of 150, at 160 : 4 that is 150 × 160 // 164 = 146, and 4."""
    members = {"api": entry(tasks=4, pool_size=160, max_overflow=4)}
    finding = only(plan(document(members)), "low-headroom")
    assert "pool_size=146 and max_overflow=4 for api instead of 160 and 4" in [fix.words for fix in finding.fixes]


def test_starved_pools_are_fed_by_fewer_tasks() -> None:
    """670 // 5 = 134 pools at the most."""
    finding = only(plan(document({"api": entry(tasks=200)})), "starved-pool")
    assert finding.fixes[0].words == "at most 134 tasks of api instead of 200"


def test_a_percentage_below_what_direct_clients_leave_is_proposed_where_a_proxys_is_unknown() -> None:
    """floor(683 × 98 %) = 669 of 670."""
    front = {"front": {"database": "orders", "max_connections_percent": {"unknown": "a parameter"}}}
    finding = only(plan(document({"api": entry(proxy="front", tasks=2)}, proxies=front)), "unknown-limit")
    assert finding.fixes[0].words == "max_connections_percent=98 for front"


def test_the_smallest_class_of_any_current_family_is_named_beside_that_of_the_same_family() -> None:
    """1,000 + 19 are asked for. 8 GiB give 822, 16 GiB 1,678: in m4 the xlarge, else an r8a with 2 vCPUs."""
    api = {"database": "orders", "tasks": 100, "maximum_percent": 100, "pool_size": 10, "max_overflow": 0}
    found = ways_out(tally(server(api, instance_class="db.m4.large")), "orders").words
    assert "db.m4.xlarge for orders instead of db.m4.large" in found
    assert "db.r8a.large for orders instead of db.m4.large" in found


def test_what_was_said_of_the_old_class_alone_goes_with_it() -> None:
    api = {"database": "orders", "tasks": 40, "maximum_percent": 100, "pool_size": 10, "max_overflow": 0}
    looked_up = {"looked_up": "2026-11-01", "engine": "postgres", "instance_class": "db.t4g.micro"}
    found = ways_out(
        tally(server(api, instance_class="db.t4g.micro", facts={**looked_up, "max_connections": 81})), "orders"
    )
    fix = next(fix for fix in found.fixes if "db.t4g.large" in fix.words)
    assert fix.words == "db.t4g.large for orders instead of db.t4g.micro, without its facts"
    assert plan(fix.document).fits


def test_a_limit_of_a_role_would_outlive_the_class() -> None:
    api = {"database": "orders", "tasks": 40, "maximum_percent": 100, "pool_size": 10, "max_overflow": 0}
    looked_up = {"looked_up": "2026-11-01", "engine": "postgres", "max_connections": 81, "role_connection_limit": 50}
    found = ways_out(tally(server(api, instance_class="db.t4g.micro", facts=looked_up)), "orders")
    assert "db." not in found.words


def test_aurora_serverless_is_given_more_capacity() -> None:
    """AWS documents 189 connections at a maximum of 1 ACU and 823 at 4; 200 + 19 are asked for."""
    api = {"database": "orders", "tasks": 20, "maximum_percent": 100, "pool_size": 10, "max_overflow": 0}
    aurora = {"engine": "aurora-postgresql", "instance_class": "db.serverless", "min_acu": 1, "max_acu": 1}
    fix = next(fix for fix in ways_out(tally(server(api, **aurora)), "orders").fixes if "max_acu" in fix.words)
    assert fix.words == "max_acu=2 for orders instead of 1"
    assert plan(fix.document).fits


def test_the_containers_own_values_are_the_first_thing_to_go() -> None:
    found = with_found(document({"api": entry(tasks=4, pool_size=100, max_overflow=10)}), DB_POOL_SIZE="400")
    assert ways_out(tally(found), "orders").words == "let the budget's own values stand in the containers"


def test_a_change_behind_the_budget_belongs_on_the_construct_which_then_resizes_the_pools() -> None:
    """8 pools at 670: 83 each, 58 + 24; the containers still have 116 + 50 for 4 pools."""
    found = with_found(document({"api": entry(tasks=8)}), DB_POOL_SIZE="116", DB_MAX_OVERFLOW="50")
    api = found.workloads["api"]
    assert isinstance(api, PooledWorkload)
    changed = replace(api, changed=("tasks is 8 in the template and was 4 in the construct",))
    assert ways_out(tally(replace(found, workloads={"api": changed})), "orders").words == (
        "make the change of api on the construct (tasks is 8 in the template and was 4 in the construct), so that its"
        " pools become 58 + 24, and let the budget's own values stand in the containers"
    )


def test_where_the_containers_have_more_a_fix_says_that_they_must_take_the_budgets_values() -> None:
    found = with_found(document({"api": entry(tasks=8, pool_size=116, max_overflow=50)}), DB_POOL_SIZE="400")
    assert ways_out(tally(found), "orders").fixes[0].words == (
        "pool_size=58 and max_overflow=25 for api instead of 116 and 50, with the budget's own values in the containers"
    )


def test_no_finding_names_more_ways_out_than_a_reader_takes_in() -> None:
    members = {f"api{index}": entry(tasks=8, processes=4, pool_size=10, max_overflow=5) for index in range(9)}
    assert 1 < len(ways_out(tally(document(members, max_connections=4300)), "orders").fixes) <= MOST_FIXES


def test_no_way_out_makes_a_change_worse_that_mends_what_is_deployed() -> None:
    """800 + 20 of 670 are deployed; 600 + 20 = 620 are more than 90 % of fixed size, 600 alone are not.

    If the budget chose the pools of web, it would give them (670 − 600) // 4 = 17: 800 + 68 could be open on the way.
    """
    web = entry(tasks=4, pool_size=5, max_overflow=0)
    base, head = (document({"web": web, "etl": entry(kind="reserved", connections=size)}) for size in (800, 600))
    made = plan(replace(head, deployed=base))
    assert only(made, "transition-from-overcommitted").severity.value == "warning"
    chosen = "no pool_size and max_overflow for web: the budget then gives 11 + 5"
    assert chosen in only(plan(head), "low-headroom").fix
    assert chosen not in only(made, "low-headroom").fix
