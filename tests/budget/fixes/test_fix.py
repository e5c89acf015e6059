"""A fix as data."""

import json

from constructs_lib.budget.fixes import ways_out
from constructs_lib.budget.plan import plan
from constructs_lib.budget.tally import tally
from tests.budget.orders import document, entry, only

API = {"api": entry(tasks=4, max_tasks=8, pool_size=116, max_overflow=50)}


def test_a_fix_says_what_it_changes_from_what_to_what() -> None:
    """670 // 8 = 83, at 116 : 50 that is 58 + 25."""
    fix = next(fix for fix in ways_out(tally(document(API)), "orders").fixes if "pool_size=" in fix.words)
    assert fix.to_json() == {
        "words": "pool_size=58 and max_overflow=25 for api instead of 116 and 50",
        "changes": [
            {"kind": "workloads", "name": "api", "key": "pool_size", "from": 116, "to": 58},
            {"kind": "workloads", "name": "api", "key": "max_overflow", "from": 50, "to": 25},
        ],
        "budget_values_in_containers": False,
        "fits": True,
    }


def test_the_document_of_a_fix_is_the_old_one_with_the_changes_alone() -> None:
    before = document(API)
    fix = next(fix for fix in ways_out(tally(before), "orders").fixes if "tasks" in fix.words)
    expected = before.to_json()
    expected["workloads"]["api"]["max_tasks"] = 4
    assert fix.document.to_json() == expected


def test_the_plan_has_every_fix_of_the_sentence_as_data_and_both_can_be_written() -> None:
    made = plan(document(API))
    written = next(item for item in made.to_json()["findings"] if item["id"] == "overcommitted")
    assert json.loads(json.dumps(written)) == written
    assert all(fix["words"] in written["fix"] for fix in written["fixes"])
    assert len(written["fixes"]) == len(only(made, "overcommitted").fixes) > 1
