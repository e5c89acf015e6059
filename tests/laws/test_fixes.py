"""A way out that is proposed is one: what its words say, done to the document, makes the database hold."""

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from constructs_lib.budget.document import Document
from constructs_lib.budget.finding import Finding, Severity
from constructs_lib.budget.fixes import MOST_FIXES, Fix
from constructs_lib.budget.fixes.fix import ALONE
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.budget.workloads import TaskWorkload
from tests.laws.planning import plan_json, planned
from tests.laws.strategies import LAW, documents
from tests.laws.sums import sums

Json = dict[str, Any]


def put(entry: Json, **values: object) -> None:
    for key, value in values.items():
        entry.pop(key, None)
        entry.get("sources", {}).pop(key, None)
        if value is not None:
            entry[key] = value


def pool(document: Json, found: re.Match[str]) -> None:
    put(document["workloads"][found[3]], pool_size=int(found[1]), max_overflow=int(found[2]))


def chosen_pool(document: Json, found: re.Match[str]) -> None:
    put(document["workloads"][found[1]], pool_size=None, max_overflow=None)


def tasks(document: Json, found: re.Match[str]) -> None:
    workload = document["workloads"][found[2]]
    if found[3] is not None:
        put(workload, tasks=int(found[3]))
    scales = workload.get("max_tasks") is not None or not isinstance(workload.get("tasks", 1), int)
    put(workload, **{"max_tasks" if scales else "tasks": int(found[1])})


def setting(section: str) -> Callable[[Json, re.Match[str]], None]:
    def set_one(document: Json, found: re.Match[str]) -> None:
        put(document[section][found[3]], **{found[1]: int(found[2])})

    return set_one


def instance_class(document: Json, found: re.Match[str]) -> None:
    database = document["databases"][found[2]]
    put(database, instance_class=found[1])
    for key in ("memory_bytes", "facts"):
        if f"without its {key}" in found[0]:
            put(database, **{key: None})


WORDS: list[tuple[str, Callable[[Json, re.Match[str]], None]]] = [
    (r"pool_size=(\d+) and max_overflow=(\d+) for (.+) instead of -?\d+ and -?\d+", pool),
    (
        (
            r"no pool_size and max_overflow for (.+?)(?: \(null in connection-budget\.yml, and .+\))?:"
            r" the budget then gives \d+ \+ \d+"
        ),
        chosen_pool,
    ),
    (r"at most (\d+) tasks? of (.+?)(?: instead of \d+)?(?:, with a desired count of (\d+) instead of \d+)?", tasks),
    (
        (
            r"(maximum_percent|processes|concurrency|connections|overlap|reserved_concurrency|task_sets)=(\d+)"
            r" for (.+?)(?: instead of \d+)?(?: \(deploys while \d+ tasks or more run, or with a minimumHealthyPercent"
            r" below 100\))?"
        ),
        setting("workloads"),
    ),
    (r"(max_connections_percent)=(\d+) for (.+?)(?: instead of \d+)?", setting("proxies")),
    (r"(max_connections)=(\d+) for (.+), if it accepts that many or more", setting("databases")),
    (r"(max_acu)=(\d+) for (.+) instead of [\d.]+", setting("databases")),
    (r"(db\.[a-z0-9.-]+) for (.+?) instead of [^,]+(?:, without its \w+)*", instance_class),
]


def done(document: Json, words: str) -> Json:
    """The document after a reader has done what the words say."""
    if found := re.fullmatch(r"(max_connections_percent=\d+ for .+? instead of \d+), with (.+)", words):
        return done(done(document, found[1]), found[2])
    for pattern, apply in WORDS:
        if found := re.fullmatch(pattern, words.removesuffix(ALONE)):
            after = copy.deepcopy(document)
            apply(after, found)
            return after
    raise AssertionError(words)


def proposals(made: Plan) -> Iterator[tuple[Finding, str, Fix]]:
    """Every fix of every finding, with the database that it is about."""
    for finding in made.findings:
        assert len(finding.fixes) <= MOST_FIXES
        entry = getattr(made.document, finding.kind)[finding.subject]
        for fix in finding.fixes:
            if finding.kind == "databases":
                yield finding, finding.subject, fix
            elif finding.kind == "proxies":
                yield finding, entry.database, fix
            else:
                yield finding, made.document.database_of(entry), fix


@settings(LAW, max_examples=200)
@given(documents(wild=False))
def test_doing_what_a_fix_says_makes_the_database_hold(document: Json) -> None:
    """Done by hand, planned anew, and added up by other code than the package's."""
    for _, name, fix in proposals(planned(document)):
        after = done(document, fix.words)
        assert fix.fits == (not fix.words.endswith(ALONE))
        if not fix.fits:
            continue
        again = plan_json(after)
        total = sums(after, again)
        usable, counted = again["databases"][name]["usable"], total.databases[name]
        assert counted is not None, fix.words
        assert max(counted) <= usable, fix.words
        for front, proxy in again["proxies"].items():
            if proxy["database"] == name:
                asked = total.proxies[front]
                assert asked is not None, fix.words
                assert max(asked) <= proxy["max_connections"], fix.words


def assert_mended(made: Plan) -> None:
    """No fix leaves what it was proposed for, adds an error, or says that its database fits where it does not."""
    for finding, name, fix in proposals(made):
        again = plan(Document.read(fix.document.to_json()))
        assert again.tally.databases[name].holds or not fix.fits, fix.words
        assert (finding.id, finding.kind, finding.subject) not in {
            (other.id, other.kind, other.subject) for other in again.findings
        }, fix.words
        before = errors_of(made, name)
        assert errors_of(again, name) <= before, fix.words
        assert fix.fits or len(before) > 1, fix.words


def errors_of(made: Plan, database: str) -> set[tuple[str, str, str]]:
    """The error findings about a database and what connects to it."""
    about = entries_of(made.document, database)
    return {
        (finding.id, finding.kind, finding.subject)
        for finding in made.findings
        if finding.severity is Severity.ERROR and (finding.kind, finding.subject) in about
    }


def entries_of(document: Document, database: str) -> set[tuple[str, str]]:
    """Everything that a finding about a database can be about."""
    return {
        ("databases", database),
        *(("proxies", name) for name, proxy in document.proxies.items() if proxy.database == database),
        *(("workloads", name) for name, item in document.workloads.items() if document.database_of(item) == database),
    }


@settings(LAW, max_examples=150)
@given(documents())
def test_what_was_found_is_found_no_more_once_a_fix_of_it_is_applied(document: Json) -> None:
    assert_mended(planned(document))


found_values = st.dictionaries(
    st.sampled_from(["DB_POOL_SIZE", "DB_MAX_OVERFLOW", "ORDERS_POOL_SIZE", "DB_POOL_TIMEOUT"]),
    st.sampled_from(["0", "-1", "1", "7", "500", "", "six"]),
)


@LAW
@given(documents(wild=False), found_values)
def test_it_is_found_no_more_either_where_the_containers_have_values_of_their_own(
    document: Json, found: dict[str, str]
) -> None:
    read = Document.read(document)
    workloads = {
        name: replace(item, found={"app": found}) if isinstance(item, TaskWorkload) else item
        for name, item in read.workloads.items()
    }
    made = plan(replace(read, workloads=workloads))
    assert_mended(made)


@LAW
@given(documents(wild=False))
def test_a_database_that_cannot_be_kept_names_a_way_out_or_says_that_there_is_none(document: Json) -> None:
    for finding in plan_json(document)["findings"]:
        if finding["id"] in {"overcommitted", "no-room", "proxy-oversubscribed"}:
            assert finding["fixes"] or finding["fix"].startswith(("no single change", "lower the administrative"))
