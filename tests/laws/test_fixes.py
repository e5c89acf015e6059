"""A way out that is proposed is one: what its words say, done to the document, makes the database hold."""

import copy
import re
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings

from constructs_lib.budget.document import Document
from constructs_lib.budget.fixes import _proposals
from constructs_lib.budget.tally import tally
from tests.laws.planning import plan_json
from tests.laws.strategies import LAW, documents
from tests.laws.sums import sums

Json = dict[str, Any]


def pool(document: Json, found: re.Match[str]) -> None:
    document["workloads"][found[3]] |= {"pool_size": int(found[1]), "max_overflow": int(found[2])}


def unfixed(document: Json, found: re.Match[str]) -> None:
    for key in ("pool_size", "max_overflow"):
        del document["workloads"][found[1]][key]
        document["workloads"][found[1]].get("sources", {}).pop(key, None)


def tasks(document: Json, found: re.Match[str]) -> None:
    workload = document["workloads"][found[2]]
    if isinstance(workload.get("tasks", 1), int):
        workload["tasks"] = min(workload.get("tasks", 1), int(found[1]))
    workload["max_tasks"] = int(found[1])


def setting(section: str) -> Callable[[Json, re.Match[str]], None]:
    def put(document: Json, found: re.Match[str]) -> None:
        document[section][found[3]][found[1]] = int(found[2])

    return put


def instance_class(document: Json, found: re.Match[str]) -> None:
    document["databases"][found[2]]["instance_class"] = found[1]


WORDS: list[tuple[str, Callable[[Json, re.Match[str]], None]]] = [
    (r"pool_size=(\d+) and max_overflow=(\d+) for (.+)", pool),
    (r"no pool_size and max_overflow for (.+): the budget then gives \d+ \+ \d+", unfixed),
    (r"at most (\d+) tasks? of (.+) instead of \d+", tasks),
    (r"(maximum_percent|concurrency|connections)=(\d+) for (.+)", setting("workloads")),
    (r"(max_connections_percent)=(\d+) for (.+)", setting("proxies")),
    (r"(db\.[a-z0-9.-]+) for (.+)", instance_class),
]


def done(document: Json, words: str) -> Json:
    """The document after a reader has done what the words say."""
    for pattern, apply in WORDS:
        if found := re.fullmatch(pattern, words):
            after = copy.deepcopy(document)
            apply(after, found)
            return after
    raise AssertionError(words)


@settings(LAW, max_examples=200)
@given(documents(wild=False))
def test_doing_what_a_fix_says_makes_the_database_hold(document: Json) -> None:
    read = Document.read(document)
    for name, database in tally(read).databases.items():
        if not database.holds:
            for words, _ in _proposals(read, name):
                after = done(document, words)
                plan = plan_json(after)
                total = sums(after, plan)
                usable, counted = plan["databases"][name]["usable"], total.databases[name]
                assert counted is not None, words
                assert max(counted) <= usable, words
                for front, proxy in plan["proxies"].items():
                    if proxy["database"] == name:
                        asked = total.proxies[front]
                        assert asked is not None, words
                        assert max(asked) <= proxy["max_connections"], words


@LAW
@given(documents())
def test_a_proposal_comes_with_a_document_that_holds(document: Json) -> None:
    read = Document.read(document)
    for name, database in tally(read).databases.items():
        if not database.holds:
            for words, result in _proposals(read, name):
                assert tally(result).databases[name].holds, words


@LAW
@given(documents(wild=False))
def test_a_database_that_cannot_be_kept_names_a_way_out_or_says_that_there_is_none(document: Json) -> None:
    for finding in plan_json(document)["findings"]:
        if finding["id"] in {"overcommitted", "no-room", "proxy-oversubscribed"}:
            assert re.search(r"\d", finding["fix"]) or finding["fix"].startswith(("no single change", "use a larger"))
