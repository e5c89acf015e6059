"""What a change does to a budget."""

from constructs_lib.budget.difference import differences
from tests.budget.orders import entry, planned


def test_every_value_that_changed_is_named_with_both_and_no_other() -> None:
    """4 pools of 167, 116 + 50; then 8 of 83, 58 + 24."""
    base, head = planned({"api": entry(tasks=4)}), planned({"api": entry(tasks=8)})
    database, workload = differences(base, head)
    assert (database.kind, database.name, database.what) == ("databases", "orders", "changed")
    assert {value.key: (value.before, value.after) for value in workload.values} == {
        "tasks": (4, 8),
        "pools": (4, 8),
        "pool_size": (116, 58),
        "max_overflow": (50, 24),
        "peak": (664, 656),
    }


def test_what_comes_and_what_goes_is_named() -> None:
    base = planned({"api": entry(tasks=1, pool_size=1, max_overflow=0)})
    head = planned({"web": entry(tasks=1, pool_size=1, max_overflow=0)})
    assert [(item.name, item.what) for item in differences(base, head)] == [("api", "removed"), ("web", "added")]


def test_a_percentage_that_a_deployment_does_not_go_by_is_no_change() -> None:
    members = [entry(tasks=1, deployment="canary", maximum_percent=percent) for percent in (100, 200)]
    assert differences(planned({"api": members[0]}), planned({"api": members[1]})) == ()
