"""A pool without a limit."""

from dataclasses import replace

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.budget.workloads import TaskWorkload
from constructs_lib.limits import Unknown
from tests.budget.orders import document, entry, findings, only, planned


@pytest.mark.parametrize(
    ("pool_size", "max_overflow", "setting"),
    [(0, 10, "pool_size=0"), (5, -1, "max_overflow=-1"), (0, -1, "pool_size=0")],
)
def test_what_sqlalchemy_reads_as_no_limit_is_an_error(pool_size: int, max_overflow: int, setting: str) -> None:
    made = planned({"api": entry(pool_size=pool_size, max_overflow=max_overflow)})
    finding = only(made, "unbounded-pool")
    assert (finding.severity.value, finding.subject) == ("error", "api")
    assert finding.message == (
        f"api has {setting}, which SQLAlchemy reads as no limit at all:"
        " one process can take every connection of the server"
    )
    assert not made.fits


def test_the_smallest_pool_that_has_a_limit_has_one() -> None:
    made = planned({"api": entry(pool_size=1, max_overflow=0)})
    assert findings(made, "unbounded-pool") == []
    assert made.fits


@pytest.mark.parametrize("key", ["pool_size", "max_overflow"])
def test_a_size_that_is_unknown_has_no_limit_that_is_known(key: str) -> None:
    sizes = {"pool_size": 5, "max_overflow": 10, key: {"unknown": "DB_POOL_SIZE: it is a secret"}}
    made = planned({"api": entry(**sizes), "other": entry()})
    finding = only(made, "unbounded-pool")
    assert finding.message == (
        "the size of the pools of api cannot be read, so they have no limit that is known: DB_POOL_SIZE: it is a secret"
    )
    assert finding.fix.startswith("write DB_POOL_SIZE and DB_MAX_OVERFLOW out as plain numbers")
    (beside,) = findings(made, "unknown-tasks")
    assert beside.subject == "other"
    assert "a pool of api has no limit that is known" in beside.message
    shown = made.to_json()["workloads"]["api"]
    assert (shown["pool_size"], shown["max_overflow"], shown["peak"]) == (None, None, None)
    assert not made.fits
    assert Document.read(made.document.to_json()).to_json() == made.document.to_json()


def test_a_reservation_of_nothing_is_no_pool() -> None:
    assert planned({"reports": entry(kind="reserved", connections=0)}).fits


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ({"DB_MAX_OVERFLOW": "50"}, "DB_POOL_SIZE is missing"),
        ({"DB_POOL_SIZE": "116"}, "DB_MAX_OVERFLOW is missing"),
        ({"DB_POOL_SIZE": Unknown("a secret"), "DB_MAX_OVERFLOW": "5"}, "DB_POOL_SIZE is not readable (a secret)"),
        ({"DB_POOL_SIZE": "s3cret", "DB_MAX_OVERFLOW": "5"}, "DB_POOL_SIZE is no whole number"),
    ],
)
def test_a_size_that_cannot_be_read_is_an_error_of_its_own_and_no_term_of_the_sum(
    found: dict[str, str | Unknown], reason: str
) -> None:
    """Whoever acknowledges that a name or a timeout is another than the budget's has not acknowledged this."""
    read = document({"api": entry(tasks=4)})
    api = read.workloads["api"]
    assert isinstance(api, TaskWorkload)
    made = plan(replace(read, workloads={"api": replace(api, found={"web": found})}))
    assert only(made, "unbounded-pool").message == (
        f"the size of the pools of api cannot be read, so they have no limit that is known: {reason} in container 'web'"
    )
    assert made.to_json()["databases"]["orders"]["peak"] is None
    assert not made.tally.databases["orders"].holds


@pytest.mark.parametrize("reason", ["it is another class than QueuePool, without a limit", "its value is a secret"])
def test_a_class_without_a_limit_is_to_go_for_no_size_beside_it_means_anything(reason: str) -> None:
    unread = {"unknown": f"ORDERS_POOL_CLASS: {reason}"}
    finding = only(planned({"api": entry(pool_size=unread, max_overflow=unread)}), "unbounded-pool")
    assert finding.fix == (
        "remove ORDERS_POOL_CLASS from the container's variables, or give it QueuePool as plain text: no other class of"
        " pool heeds pool_size and max_overflow"
    )


def test_a_class_that_was_set_beside_the_budgets_sizes_is_to_go() -> None:
    read = document({"api": entry(tasks=4)})
    api = read.workloads["api"]
    assert isinstance(api, TaskWorkload)
    sizes = {"DB_POOL_SIZE": "116", "DB_MAX_OVERFLOW": "50"}

    def with_class(name: str) -> Plan:
        found = {"web": {**sizes, "DB_POOL_CLASS": name}}
        return plan(replace(read, workloads={"api": replace(api, found=found)}))

    assert only(with_class("NullPool"), "unbounded-pool").fix.startswith("remove DB_POOL_CLASS from the container's")
    assert findings(with_class("QueuePool"), "unbounded-pool") == []


def test_another_name_or_timeout_is_no_other_size() -> None:
    read = document({"api": entry(tasks=4)})
    api = read.workloads["api"]
    assert isinstance(api, TaskWorkload)
    found = {"DB_POOL_SIZE": "116", "DB_MAX_OVERFLOW": "50", "DB_APPLICATION_NAME": "shop"}
    made = plan(replace(read, workloads={"api": replace(api, found={"web": found})}))
    assert [finding.id for finding in made.findings if finding.severity.value == "error"] == ["environment-conflict"]
    assert made.tally.databases["orders"].holds


def test_no_number_is_proposed_for_a_pool_of_which_nobody_knows_how_many_there_are() -> None:
    """Any size times an unknown number is unknown: `unknown-tasks` comes first."""
    made = planned({"api": {"kind": "function", "database": "orders", "pool_size": 0, "max_overflow": 0}})
    assert only(made, "unbounded-pool").fixes == ()
