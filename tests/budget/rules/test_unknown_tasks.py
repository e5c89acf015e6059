"""The number of pools is not known."""

import pytest

from tests.budget.orders import entry, findings, only, planned


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("tasks", "a token"),
        ("max_tasks", "a token"),
        ("maximum_percent", "a token"),
        ("deployment", "a token"),
        ("processes", "processes: a token"),
    ],
)
def test_one_unknown_factor_is_an_error(key: str, reason: str) -> None:
    made = planned({"api": entry(**{"tasks": 1, key: {"unknown": "a token"}})})
    finding = only(made, "unknown-tasks")
    assert (finding.severity.value, finding.subject) == ("error", "api")
    assert finding.message == f"how many pools api opens is unknown, so nothing can be shown to fit: {reason}"
    assert not made.fits


def test_a_percentage_does_not_matter_to_a_blue_green_deployment() -> None:
    made = planned({"api": entry(tasks=1, deployment="blue-green", maximum_percent={"unknown": "a token"})})
    assert findings(made, "unknown-tasks") == []
    assert made.fits


def test_a_maximum_that_the_user_gave_makes_up_for_an_unknown_desired_count() -> None:
    made = planned({"api": entry(tasks={"unknown": "a token"}, max_tasks=4)})
    assert findings(made, "unknown-tasks") == []
    assert made.to_json()["databases"]["orders"]["scenarios"]["steady"] == 664


def test_an_unknown_concurrency_is_an_error() -> None:
    made = planned({"workers": entry(kind="celery", concurrency={"unknown": "a token"})})
    assert only(made, "unknown-tasks").message.endswith(": concurrency: a token")
