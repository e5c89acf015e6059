"""The table for a terminal."""

from typing import Any

import pytest
from rich.cells import cell_len

from constructs_lib.budget.client import Client
from constructs_lib.report.terminal import WIDTH
from constructs_lib.report.text import text
from tests.budget.orders import client, document, entry, planned, reached

Json = dict[str, Any]


def lines(workloads: Json, *, proxies: Json | None = None, **database: Any) -> list[str]:
    return text(planned(workloads, proxies=proxies, **database)).split("\n")


def row(written: list[str], start: str) -> str:
    (found,) = [line for line in written if line.strip().startswith(start)]
    return found


def test_the_capacity_is_a_sum_from_the_limit_down() -> None:
    written = lines({"report": entry(kind="reserved", connections=1)})
    assert row(written, "max_connections").split()[:2] == ["max_connections", "683"]
    assert row(written, "− reserved by the engine").split()[5] == "3"
    assert row(written, "− administrative reserve").split()[3] == "10"
    assert row(written, "= usable").split() == ["=", "usable", "670"]


def test_a_workload_shows_its_factors_its_pool_its_scenarios_and_its_share() -> None:
    """2 → 4 × 200 % × 1: 8 pools of 58 + 24; 164, 328, 656; 656 / 670 = 97.9 %."""
    written = lines({"api": entry(tasks=2, max_tasks=4, maximum_percent=200, processes=1)})
    shown = "api 2 → 4 × 200 % × 1 8 58 + 24 164 328 656 97.9 %"
    assert row(written, "api").split() == shown.split()
    assert row(written, "Total").split() == ["Total", "164", "328", "656"]
    assert row(written, "Headroom").split() == ["Headroom", "of", "670", "usable", "506", "342", "14"]


def test_the_clients_of_a_proxy_stand_indented_below_it() -> None:
    front = {"database": "orders", "max_connections_percent": 50}
    written = lines({"api": entry(proxy="front", tasks=4)}, proxies={"front": front})
    proxy, client = row(written, "front"), row(written, "api")
    assert written.index(client) == written.index(proxy) + 1
    assert proxy.split() == ["front", "proxy,", "50", "%", "of", "the", "server", "341", "341", "341", "50.8", "%"]
    assert len(client) - len(client.lstrip()) == len(proxy) - len(proxy.lstrip()) + 2


@pytest.mark.parametrize(
    ("workloads", "database", "verdict"),
    [
        ({"api": entry(tasks=4, processes=1)}, {}, "FITS: at most 664 of 670 connections (steady), 6 to spare"),
        (
            {"api": entry(kind="reserved", connections=671)},
            {},
            "DOES NOT FIT: 671 connections (steady), 670 usable, 1 too many",
        ),
        (
            {"api": entry(tasks=2, pool_size=200, max_overflow=0, maximum_percent=200)},
            {},
            "DOES NOT FIT: 800 connections (deploying), 670 usable, 130 too many",
        ),
        ({}, {"max_connections": {"unknown": "?"}}, "CANNOT BE SHOWN TO FIT: max_connections is unknown"),
        (
            {"api": entry(tasks={"unknown": "?"})},
            {},
            "CANNOT BE SHOWN TO FIT: not every workload has a number",
        ),
        ({}, {"max_connections": 12}, "DOES NOT FIT: the reserves take more than there is"),
    ],
)
def test_the_verdict_is_a_line_with_its_numbers(workloads: Json, database: Json, verdict: str) -> None:
    assert f"  {verdict}" in lines(workloads, **database)


def test_a_client_without_a_number_behind_a_proxy_leaves_the_verdict_open() -> None:
    clients = {"api": {"proxy": "front", "tasks": {"unknown": "?"}}}
    written = lines(clients, proxies={"front": {"database": "orders", "max_connections_percent": 50}})
    assert "  CANNOT BE SHOWN TO FIT: not every workload has a number" in written


def test_an_assumption_carries_an_asterisk_where_it_counts_and_is_worded_below() -> None:
    written = lines({"api": {"database": "orders"}}, engine="postgres", reserved={})
    assert "9*" in row(written, "− reserved by the engine").split()
    assert "10*" in row(written, "− administrative reserve").split()
    assert "1* × 200* % × 1*" in row(written, "api")
    assert any(line.startswith("  * assumed for api: a desired count of 1 task:") for line in written)
    estimated = text(
        planned(
            {"report": entry(kind="reserved", connections=1)},
            max_connections="{DBInstanceClassMemory/9531392}",
            instance_class="db.r6g.large",
        )
    )
    assert "1678*" in estimated


def test_an_assumed_maximum_is_marked_at_the_number_that_it_takes() -> None:
    """Of 4 tasks nobody said that nothing scales them: 4* is what the footnote speaks of."""
    written = lines({"api": {"database": "orders", "tasks": 4, "maximum_percent": 100, "processes": 1}})
    assert "4* × 100 % × 1" in row(written, "api")
    assert "  * assumed for api: no autoscaling: never more than the desired count" in written


def test_a_desired_count_that_the_template_leaves_out_is_marked_and_worded() -> None:
    """What the construct writes for a service without DesiredCount: a number beside `assumed` as its source."""
    api = entry(tasks=1, max_tasks=1, processes=1, sources={"tasks": "assumed", "max_tasks": "read"})
    written = lines({"api": api})
    assert "1* × 100 % × 1" in row(written, "api")
    assert "  * assumed for api: a desired count of 1 task: where none is given, ECS keeps what runs" in written


def test_a_pool_that_nobody_gave_is_marked_and_one_that_was_given_is_not() -> None:
    """What the library opens where nothing is said, 5 + 10, as it is found in templates."""
    pool = {"pool_size": 5, "max_overflow": 10}
    both = {"pool_size": "assumed", "max_overflow": "assumed"}
    for sources, shown in ((both, "5* + 10*"), ({"max_overflow": "assumed"}, "5 + 10*"), ({}, "5 + 10")):
        written = lines({"api": entry(tasks=2, **pool, sources=sources)})
        assert f" {shown} " in row(written, "api")


def test_what_is_only_worth_knowing_is_printed_as_well() -> None:
    written = lines({"api": entry(iam_auth=True)}, instance_class="db.t4g.micro")
    assert any(line.startswith("INFO iam-memory: api connect to orders with IAM tokens") for line in written)
    assert not any("assumed:" in line for line in written), "an assumption stands below its table"


def test_the_verdict_names_the_proxy_whose_clients_are_too_many() -> None:
    """4 × 50 = 200 clients, and floor(683 × 11 %) = 75."""
    front = {"database": "orders", "max_connections_percent": 11}
    written = lines({"api": entry(proxy="front", tasks=4, pool_size=50, max_overflow=0)}, proxies={"front": front})
    said = "  DOES NOT FIT: 200 connections of the clients of front, which opens 75, 125 too many"
    assert any(line.startswith(said) for line in written)


def test_containers_that_were_assumed_are_marked() -> None:
    api = entry(tasks=4, processes=1, containers=["web", "admin"], sources={"containers": "assumed"})
    written = lines({"api": api})
    assert "4* × 100 % × 1 × 2 containers*" in row(written, "api")
    assert any(line.startswith("  * assumed for api: containers web, admin;") for line in written)


def test_where_the_findings_are_printed_elsewhere_the_footnote_only_points_there() -> None:
    made = planned({"api": {"database": "orders"}})
    assert "  * assumed: what, and why, is said by the finding of that name" in text(made, findings=False).split("\n")
    assert "assumed for api" not in text(made, findings=False)


def test_the_one_line_of_a_database_without_clients_says_who_may_be_one() -> None:
    written = text(reached(document({}), unseen=("10.0.0.0/8", "the bastion Jump")))
    assert " ".join(written.split()) == (
        "Connection budget of orders: nothing was found that connects, 670 usable; let in on port 5432 is what no"
        " template shows: 10.0.0.0/8, the bastion Jump"
    )


@pytest.mark.parametrize(
    ("clients", "possible", "words"),
    [
        ((client("Host"),), (), "(1 client is not: see unbudgeted-client)"),
        ((client("Host"),), (client("A"), client("B")), "(3 clients are not: see unbudgeted-client)"),
    ],
)
def test_a_database_whose_clients_are_in_no_budget_is_not_said_to_have_none(
    clients: tuple[Client, ...], possible: tuple[Client, ...], words: str
) -> None:
    made = reached(document({}), *clients, possible=possible)
    first = " ".join(text(made).split()).partition(" WARNING ")[0]
    assert first == f"Connection budget of orders: nothing is counted that connects {words}, 670 usable"
    assert "nothing was found" not in text(made)


def test_in_the_table_of_an_error_they_are_not_said_to_be_none_either() -> None:
    written = text(reached(document({}, max_connections={"unknown": "Ref Most"}), client("Host"))).split("\n")
    assert "  nothing is counted that connects to orders (1 client is not: see unbudgeted-client)" in written


def test_the_one_line_of_a_database_marks_what_is_usable_by_assumption_and_words_it_below() -> None:
    """683 − 5 − 10, of which 5 are documented and 10 assumed."""
    written = lines({}, engine="postgres", engine_version="16.4", reserved={})
    assert written[0] == ("Connection budget of orders: postgres 16.4: nothing was found that connects, 668* usable")
    assert written[1] == "  * assumed for orders: 10 connections for migrations, psql and monitoring"
    elsewhere = text(planned({}, engine="postgres", engine_version="16.4", reserved={}), findings=False)
    assert "  * assumed: what, and why, is said by the finding of that name" in elsewhere.split("\n")


def test_a_database_that_nothing_connects_to_is_one_line() -> None:
    assert lines({}) == ["Connection budget of orders: nothing was found that connects, 670 usable", "", ""]
    assert "  CANNOT BE SHOWN TO FIT: max_connections is unknown" in lines({}, max_connections={"unknown": "?"})


def test_budgets_of_the_same_name_are_told_apart_by_their_construct() -> None:
    written = lines({"api": entry(tasks=4)}, construct_path="Prod/Shop/Budget", engine="postgres")
    assert written[0] == "Connection budget of orders (Prod/Shop/Budget): postgres"


def test_pools_without_room_count_one_connection_each() -> None:
    """12 → 80 tasks × 200 %: 160 pools, 83 − 13 = 70 usable; steady 12, scaled out 80, deploying 160, 90 too many."""
    api = entry(tasks=12, max_tasks=80, maximum_percent=200, processes=1)
    written = lines({"api": api}, max_connections=83)
    assert row(written, "api").split()[-7:] == ["none", "≥", "12", "≥", "80", "≥", "160"]
    assert row(written, "Headroom").split()[-5:] == ["?", "≤", "-10", "≤", "-90"]
    said = (
        "DOES NOT FIT: at least 160 connections (deploying), one for each pool without a size, 70 usable, 90 too many"
    )
    assert said in " ".join(" ".join(written).split())


def test_a_share_below_one_does_not_fit_though_the_pools_alone_would() -> None:
    """670 // (1 + 1000): the light pool's share is 0, and two pools are no more than 670."""
    light, heavy = (entry(tasks=1, processes=1, weight=weight) for weight in (1, 1000))
    written = lines({"light": light, "heavy": heavy})
    assert "  DOES NOT FIT: less than one connection for a pool of light" in written


def test_a_sum_that_fits_names_the_errors_that_fail_the_plan_and_their_acknowledgement() -> None:
    """The facts are those of a db.t3.micro, and the server is a db.r6g.large: stale-facts, whatever the sum."""
    facts = {"engine": "postgres", "instance_class": "db.t3.micro", "max_connections": 683, "looked_up": "2026-01-01"}
    made = planned({"api": entry(tasks=4)}, facts=facts, engine="postgres", instance_class="db.r6g.large")
    said = "FITS: at most 664 of 670 connections (steady), 6 to spare, but it is not kept: stale-facts (orders)"
    assert not made.fits
    assert said in " ".join(text(made, findings=False).split())
    assert "acknowledged" not in text(made)
    shown = text(made, acknowledged=lambda finding: "resized" if finding.id == "stale-facts" else None)
    assert "  acknowledged: stale-facts (orders): resized" in shown.split("\n")


def test_what_was_said_carries_no_asterisk() -> None:
    assert "*" not in "\n".join(lines({"api": entry(tasks=4, max_tasks=4, processes=1)}))


def test_there_is_no_colour_unless_it_is_asked_for() -> None:
    made = planned({"api": entry(tasks=4, pool_size=500, max_overflow=-1)})
    assert "\x1b" not in text(made)
    assert "\x1b[" in text(made, colour=True)


@pytest.mark.parametrize("name", ["[red]api[/red]", "[/]", "[bold", ":warning:", "\\x1b[31m", "[link]a[/link]"])
def test_a_name_that_looks_like_markup_is_printed_as_it_is(name: str) -> None:
    assert row(lines({name: entry(tasks=4)}), name).strip().startswith(name)


def test_findings_can_be_left_to_whoever_prints_them() -> None:
    made = planned({"api": entry(kind="reserved", connections=671)})
    assert "ERROR overcommitted: orders can be asked for 671" in text(made)
    assert "      fix: connections=670 for api" in text(made)
    assert "ERROR" not in text(made, findings=False)
    assert "DOES NOT FIT" in text(made, findings=False)


def test_a_long_name_is_folded_and_pushes_no_column_out() -> None:
    name = "a-service-whose-name-is-much-longer-than-any-table-has-room-for-in-its-first-column"
    written = lines({name: entry(tasks=4, processes=1), "short": entry(kind="reserved", connections=0)})
    assert all(len(line) <= WIDTH for line in written)
    assert row(written, "Workload").split()[-1] == "Share"
    assert row(written, "a-service").endswith(" 664     664        664  99.1 %")


@pytest.mark.parametrize("name", ["日本語" * 40, "𝔞" * 200, "e\u0301" * 200])
def test_a_name_of_wide_letters_takes_the_room_that_it_takes(name: str) -> None:
    assert all(cell_len(line) <= WIDTH for line in lines({name: entry(tasks=4)}))


def test_a_number_is_never_cut_short() -> None:
    """10 000 tasks × 200 % × 1000 × (100 + 100): what is printed of a number is all of it."""
    many = entry(tasks=10_000, maximum_percent=200, processes=1000, pool_size=100, max_overflow=100)
    written = lines({"api": many, "a-service-with-a-name": entry(kind="reserved", connections=1)})
    assert row(written, "api").split()[-5:-2] == ["2000000000", "2000000000", "4000000000"]
    assert row(written, "Total").split() == ["Total", "2000000001", "2000000001", "4000000001"]


def test_a_verdict_says_what_it_rests_on_that_may_be_more_than_was_counted() -> None:
    """One process a task is the least, while every other assumption is on the safe side."""
    found = {name: entry(tasks=1) for name in ("api", "web", "cron", "mail")}
    written = " ".join(" ".join(lines({**found, "told": entry(tasks=1, processes=2)})).split())
    assert "to spare, if each task of api, web, cron and 1 more runs 1 process, as is assumed" in written
    too_many = " ".join(" ".join(lines({"api": entry(tasks=400, pool_size=2, max_overflow=0)})).split())
    assert "if each task" not in too_many


def test_why_each_discovered_workload_counts_stands_below_the_verdict_in_the_order_of_the_table() -> None:
    front = {"database": "orders", "max_connections_percent": 20}
    workloads = {
        "web": entry(proxy="front", tasks=1, processes=1, evidence="DB_HOST"),
        "psql": entry(kind="reserved", connections=1),
        "api": entry(tasks=1, processes=1, evidence="through security groups: [red]Api[/red] → " + "Orders " * 20),
    }
    written = lines(workloads, proxies={"front": front})
    first = next(number for number, line in enumerate(written) if line.startswith("  FITS: ")) + 1
    assert written[first] == (
        "  api connects to orders: through security groups: [red]Api[/red] → Orders Orders Orders Orders"
    )
    assert written[first + 1].startswith("    Orders Orders "), "what takes more lines than one is set in"
    assert written[first + 3] == "  web connects to orders through front: DB_HOST"
    assert not [line for line in written if "psql connects" in line]
    assert max(map(len, written)) <= WIDTH


def test_a_proxy_without_clients_is_no_client_and_the_database_is_said_to_have_none() -> None:
    front = {"database": "orders", "max_connections_percent": 20}
    assert "  nothing was found that connects to orders" in lines({}, proxies={"front": front})
    both = lines({"api": entry(proxy="front", tasks=1)}, proxies={"front": front})
    assert not [line for line in both if "nothing was found" in line]


def test_a_database_that_nothing_connects_to_and_that_has_an_error_is_said_to_have_none() -> None:
    assert "  nothing was found that connects to orders" in lines({}, max_connections={"unknown": "Ref Most"})


def test_a_verdict_says_on_which_runs_and_pools_it_rests_that_nobody_said() -> None:
    """One run at a time may be too few; a pool of 5 + 10 may be too large."""
    job = entry(kind="task", tasks=1, processes=1, pool_size=2, max_overflow=0)
    job.pop("maximum_percent")
    said = " ".join(" ".join(lines({"job": job})).split())
    assert "to spare, if there is one run of job at a time, as is assumed" in said
    both = " ".join(" ".join(lines({"job": job, "api": entry(tasks=1)})).split())
    assert "if each task of api runs 1 process and one run of job at a time, as is assumed" in both
    assumed = {"pool_size": "assumed", "max_overflow": "assumed"}
    api = entry(tasks=100, processes=1, pool_size=5, max_overflow=10, sources=assumed)
    too_many = " ".join(" ".join(lines({"api": api})).split())
    assert "830 too many, with the pools that are assumed for api, whose sizes nothing says" in too_many
