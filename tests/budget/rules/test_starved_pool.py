"""Pools too small to be of use."""

from tests.budget.orders import entry, findings, only, planned


def test_fewer_connections_than_sqlalchemy_keeps_by_default_are_a_warning() -> None:
    """670 // 140 = 4: 2 + 1 = 3 by the split."""
    made = planned({"api": entry(tasks=140)})
    finding = only(made, "starved-pool")
    assert (finding.severity.value, finding.subject) == ("warning", "api")
    assert finding.message == (
        "each pool of api has a share of 4, which gives 2 + 1: orders is divided among 140 pools, and SQLAlchemy alone"
        " would keep 5"
    )
    assert made.fits


def test_a_share_of_as_many_as_sqlalchemy_keeps_is_enough() -> None:
    """670 // 134 = 5; 670 // 135 = 4."""
    assert findings(planned({"api": entry(tasks=134)}), "starved-pool") == []
    assert "has a share of 4, which" in only(planned({"api": entry(tasks=135)}), "starved-pool").message


def test_a_pool_that_was_fixed_and_a_celery_child_are_as_small_as_they_are_meant_to_be() -> None:
    members = {"api": entry(pool_size=1, max_overflow=0), "workers": entry(kind="celery", concurrency=4)}
    assert findings(planned(members), "starved-pool") == []
