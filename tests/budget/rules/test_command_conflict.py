"""Commands that contradict what the budget was told."""

from typing import Any

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.budget.source import Source
from constructs_lib.budget.workloads import CeleryPool, PooledWorkload, Service
from constructs_lib.budget.workloads.facts import CommandFacts, Fact, with_command
from constructs_lib.limits import Unknown
from tests.budget.orders import document, entry, findings, only


def commanded(keys: dict[str, Any], **facts: Any) -> Plan:
    """The plan of a workload whose command says these things."""
    read = document({"api": entry(tasks=4, **keys)})
    api = read.workloads["api"]
    assert isinstance(api, PooledWorkload)
    words = dict.fromkeys(facts, "container 'web' runs a command")
    read_as: dict[str, Any] = {key: Fact(value) for key, value in facts.items()}
    found = CommandFacts(words=words, **read_as)
    return plan(Document(databases=read.databases, workloads={"api": with_command(api, found)}))


@pytest.mark.parametrize(("said", "read", "counted"), [(2, 4, 4), (4, 2, 4)])
def test_the_larger_of_keyword_and_command_counts_and_both_are_named(said: int, read: int, counted: int) -> None:
    """4 tasks × 4 processes = 16 pools, whichever of the two says 4."""
    made = commanded({"processes": said}, processes=read)
    assert made.to_json()["workloads"]["api"]["pools"] == 4 * counted
    finding = only(made, "command-conflict")
    assert (finding.severity.value, finding.subject) == ("warning", "api")
    assert f"processes is {said} in the budget, and container 'web' runs a command" in finding.message


def test_a_command_that_agrees_or_stands_alone_is_no_conflict() -> None:
    for keys in ({"processes": 4}, {}):
        made = commanded(keys, processes=4)
        assert findings(made, "command-conflict") == []
        assert made.to_json()["workloads"]["api"]["pools"] == 16
        assert "process" not in only(made, "assumed").message if findings(made, "assumed") else True


def test_a_command_that_cannot_be_read_leaves_the_keyword_alone_and_is_unknown_without_one() -> None:
    unreadable = Unknown("--workers of gunicorn is computed by the shell")
    assert commanded({"processes": 4}, processes=unreadable).to_json()["workloads"]["api"]["pools"] == 16
    alone = commanded({}, processes=unreadable)
    assert only(alone, "unknown-tasks").message.endswith("processes: --workers of gunicorn is computed by the shell")


def test_what_was_overruled_is_known_after_a_round_trip_and_comes_back_when_the_command_goes() -> None:
    raised = commanded({"processes": 2}, processes=4).document
    again = Document.read(raised.to_json())
    api = again.workloads["api"]
    assert isinstance(api, Service)
    assert (api.processes, api.given["processes"], api.overruled) == (4, Source.READ, {"processes": 2})
    still = with_command(api, CommandFacts(processes=Fact(4), words={"processes": "container 'web' runs a command"}))
    assert (still.processes, still.overruled, still.changed) == (4, {"processes": 2}, ())
    assert len(still.conflicts) == 1
    gone = with_command(api, CommandFacts())
    assert (gone.processes, gone.overruled, gone.given["processes"]) == (2, {}, Source.DECLARED)
    assert gone.changed == ("processes is 2 in the template and was 4 in the construct",)


@pytest.mark.parametrize(
    ("said", "read", "counted"),
    [
        ("threads", CeleryPool.PREFORK, 16),  # 4 tasks × 4 children
        ("prefork", CeleryPool.THREADS, 4),  # one pool of 4 in each
        ("threads", CeleryPool.SOLO, 4),
        ("solo", CeleryPool.PREFORK, 16),
    ],
)
def test_the_pool_of_the_command_is_what_runs_but_for_the_one_that_opens_least(
    said: str, read: CeleryPool, counted: int
) -> None:
    made = commanded({"kind": "celery", "concurrency": 4, "pool": said}, pool=read)
    assert made.to_json()["workloads"]["api"]["pools"] == counted
    assert made.to_json()["workloads"]["api"]["peak"] == 16
    assert f"pool is {said} in the budget" in only(made, "command-conflict").message
