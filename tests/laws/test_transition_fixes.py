"""A way over a change that is proposed is one: done as the words say, no step of it exceeds the server."""

import copy
import re
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from tests.laws.planning import planned
from tests.laws.strategies import LAW
from tests.laws.test_fixes import assert_mended, put

Json = dict[str, Any]
services = st.fixed_dictionaries(
    {
        "database": st.just("orders"),
        "tasks": st.integers(1, 6),
        "maximum_percent": st.sampled_from([100, 150, 200]),
        "processes": st.integers(1, 4),
    },
    optional={"max_tasks": st.integers(2, 8), "deployment": st.sampled_from(["rolling", "blue-green"])},
)
pools = st.sampled_from([{}, {"pool_size": 5, "max_overflow": 10}, {"pool_size": 2, "max_overflow": 0}])
workers = st.fixed_dictionaries(
    {
        "kind": st.just("celery"),
        "database": st.just("orders"),
        "tasks": st.integers(1, 6),
        "concurrency": st.integers(1, 20),
        "maximum_percent": st.sampled_from([100, 200]),
    }
)
budgets = st.builds(
    lambda accepts, api, size, web, crew, names: {
        "schema": 1,
        "databases": {"orders": {"max_connections": accepts, "reserved": {"engine": 3, "admin": 10}}},
        "workloads": {name: {"api": {**api, **size}, "web": web, "crew": crew}[name] for name in sorted(names)},
    },
    st.sampled_from([113, 213, 413]),
    services,
    pools,
    services,
    workers,
    st.sampled_from(["api web crew", "api web crew", "api crew", "web crew", "api web"]).map(str.split),
)
STEP = re.compile(r"deploy in two steps: first (.+), and nothing else; then, once that is stable, the rest")
PART = re.compile(
    r"(\w+) (?:with|kept at) ((?:\w+=\S+?|no \w+)(?:(?:, (?!\w+ (?:with|kept at))| and )(?:\w+=\S+?|no \w+))*)(?:, |$)"
)


def over(base: Json, head: Json) -> Plan:
    return plan(Document.read({**head, "deployed": base}))


def first_step(base: Json, head: Json, words: str) -> Json:
    """What is deployed, with what the words say of each entry."""
    step = copy.deepcopy(base)
    if server := re.match(r"orders as it will be, with \d+ usable connections(?:, |$)", words):
        step["databases"]["orders"] = head["databases"]["orders"]
        words = words[server.end() :]
    while words:
        if removed := re.match(r"(\w+) removed(?:, |$)", words):
            del step["workloads"][removed[1]]
            words = words[removed.end() :]
            continue
        found = PART.match(words)
        assert found, words
        values = dict(re.findall(r"(\w+)=(\S+?)(?=,| |$)", found[2]))
        left_out = dict.fromkeys(re.findall(r"no (\w+)", found[2]))
        put(step["workloads"][found[1]], **{key: _value(value) for key, value in values.items()}, **left_out)
        words = words[found.end() :]
    return step


def _value(word: str) -> int | str:
    return int(word) if word.isdigit() else word


@settings(LAW, max_examples=80)
@given(budgets, budgets)
def test_done_as_the_words_say_both_steps_pass(base: Json, head: Json) -> None:
    for finding in over(base, head).findings:
        if finding.id == "transition-overcommitted" and (found := STEP.match(finding.fix)):
            step = first_step(base, head, found[1])
            for made in (over(base, step), over(step, head)):
                assert "transition-overcommitted" not in {other.id for other in made.findings}, finding.fix
                event("removed first" if " removed" in found[1] else "shrunk first")


@settings(LAW, max_examples=40)
@given(budgets, budgets)
def test_every_number_for_one_step_mends_the_transition(base: Json, head: Json) -> None:
    """And no way out of anything else closes the way from what is deployed, where that fits itself."""
    if planned(base).tally.databases["orders"].holds:
        assert_mended(over(base, head))


@settings(LAW, max_examples=40)
@given(budgets)
def test_where_nothing_changes_no_change_is_in_the_way(base: Json) -> None:
    assert not {"transition-overcommitted", "rollback-overcommitted"} & {item.id for item in over(base, base).findings}
