"""Containers that have other settings than the budget's."""

from collections.abc import Mapping
from dataclasses import replace

from constructs_lib.budget.plan import Plan, plan
from constructs_lib.budget.workloads import TaskWorkload
from constructs_lib.limits import Unknown
from tests.budget.orders import document, entry, findings, only, planned

Variables = Mapping[str, str | Unknown]


def with_found(found: Mapping[str, Variables], *, changed: tuple[str, ...] = ()) -> Plan:
    """The plan of the article's service, whose containers were found to have these variables."""
    read = document({"api": entry(tasks=4)})
    api = read.workloads["api"]
    assert isinstance(api, TaskWorkload)
    return plan(replace(read, workloads={"api": replace(api, found=found, changed=changed)}))


BUDGET = dict(planned({"api": entry(tasks=4)}).environments()["api"])


def test_containers_with_the_budgets_own_settings_are_none() -> None:
    assert findings(with_found({"web": BUDGET, "sidecar": {**BUDGET, "MORE": "1"}}), "environment-conflict") == []


def test_a_value_that_was_set_by_hand_is_an_error_with_both_values() -> None:
    made = with_found({"web": {**BUDGET, "DB_POOL_SIZE": "20"}})
    finding = only(made, "environment-conflict")
    assert (finding.severity.value, finding.subject) == ("error", "api")
    assert finding.message == (
        "the pool settings of api are not the budget's: DB_POOL_SIZE is '20' in container 'web' and 116 in the budget"
    )
    assert not made.fits


def test_even_a_smaller_pool_is_a_conflict_and_the_sum_is_that_of_the_containers() -> None:
    """4 × (20 + 50) = 280: the application follows its environment."""
    made = with_found({"web": {**BUDGET, "DB_POOL_SIZE": "20"}})
    assert made.to_json()["databases"]["orders"]["peak"] == 280
    assert made.to_json()["workloads"]["api"]["pool_size"] == 116


def test_a_larger_pool_is_overcommitted_too_and_the_way_out_is_the_budgets_own_value() -> None:
    made = with_found({"web": {**BUDGET, "DB_POOL_SIZE": "200"}})
    finding = only(made, "overcommitted")
    assert finding.message.endswith(": api 1000 = 4 tasks × 1 process × (200 + 50)")
    assert finding.fix == "let the budget's own values stand in the containers"


def test_a_variable_that_is_missing_or_unreadable_is_a_conflict_of_each_container() -> None:
    missing = {key: value for key, value in BUDGET.items() if key != "DB_MAX_OVERFLOW"}
    message = only(
        with_found({"web": missing, "sidecar": {**BUDGET, "DB_POOL_SIZE": Unknown("it is a secret")}}),
        "environment-conflict",
    ).message
    assert "DB_MAX_OVERFLOW is missing in container 'web' and 50 in the budget" in message
    assert "DB_POOL_SIZE is not readable (it is a secret) in container 'sidecar' and 116 in the budget" in message


def test_a_number_that_was_changed_after_the_budget_read_it_is_named_as_the_reason() -> None:
    changed = ("max_tasks is 8 in the template and was 4 in the construct",)
    message = only(
        with_found({"web": {**BUDGET, "DB_POOL_SIZE": "9"}}, changed=changed), "environment-conflict"
    ).message
    assert message.endswith(" in the budget (max_tasks is 8 in the template and was 4 in the construct)")


def test_a_pool_found_without_a_limit_is_unbounded_as_well() -> None:
    made = with_found({"web": {**BUDGET, "DB_MAX_OVERFLOW": "-1"}})
    assert only(made, "unbounded-pool").subject == "api"
    assert made.to_json()["databases"]["orders"]["peak"] is None


def test_a_negative_pool_never_lowers_the_sum() -> None:
    made = with_found({"web": {**BUDGET, "DB_POOL_SIZE": "-1", "DB_MAX_OVERFLOW": "0"}})
    assert made.to_json()["databases"]["orders"]["peak"] is None


def test_without_a_template_there_is_nothing_to_compare() -> None:
    assert findings(planned({"api": entry(tasks=4)}), "environment-conflict") == []


def test_a_pool_found_in_the_containers_that_fits_can_be_made_the_budgets() -> None:
    """4 pools of 100 + 20 are 480 of 670; of 200 + 20 they would be 880."""
    made = document({"api": entry(tasks=4)})
    api = made.workloads["api"]
    assert isinstance(api, TaskWorkload)
    for pool_size, fixes in (
        ("100", ["pool_size=100 and max_overflow=20 for api, as its containers have it"]),
        ("200", []),
    ):
        found = {"app": {"DB_POOL_SIZE": pool_size, "DB_MAX_OVERFLOW": "20"}}
        changed = plan(replace(made, workloads={"api": replace(api, found=found)}))
        assert [fix.words for fix in only(changed, "environment-conflict").fixes] == fixes
