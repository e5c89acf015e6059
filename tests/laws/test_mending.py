"""From a budget that does not fit there is a way to one that does, and no worse one passes for it."""

from dataclasses import replace
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from constructs_lib.budget.document import Document
from constructs_lib.budget.fixes import part_of
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.budget.tally import tally
from constructs_lib.budget.transition import transition
from constructs_lib.limits import Unknown
from tests.budget.orders import document, entry, findings
from tests.laws.strategies import LAW, documents
from tests.laws.test_fixes import assert_mended
from tests.laws.test_transition_fixes import STEP, first_step

Json = dict[str, Any]
ERROR, WARNING = "transition-overcommitted", "transition-from-overcommitted"


def over(base: Document, head: Document) -> Plan:
    return plan(replace(head, deployed=base))


def assert_partitioned(base: Document, head: Document) -> None:
    """Of every database with a broken bound there is one finding of the two, and none of any other."""
    made = over(base, head)
    for name, bounds in transition(tally(base), tally(head)).databases.items():
        found = [item.id for rule in (ERROR, WARNING) for item in findings(made, rule) if item.subject == name]
        unchanged = name in base.databases and part_of(base, name) == part_of(head, name)
        broken = not all(bound.holds for bound in bounds)
        assert len(found) == (broken and not unchanged), (name, found)
        event(found[0] if found else "none")


@settings(LAW, max_examples=60)
@given(documents(), documents())
def test_the_error_and_the_warning_partition_what_does_not_hold(old: Json, new: Json) -> None:
    assert_partitioned(Document.read(old), Document.read(new))


services: st.SearchStrategy[Json] = st.fixed_dictionaries(
    {
        "tasks": st.integers(1, 3),
        "maximum_percent": st.sampled_from([100, 150, 200]),
        "deployment": st.sampled_from(["rolling", "blue-green"]),
        "pool_size": st.integers(8, 20),
    },
    optional={"max_tasks": st.integers(1, 5)},
)
fleets: st.SearchStrategy[Json] = st.fixed_dictionaries({"api": services, "web": services})
accepted = st.sampled_from([53, 83, 113])
shares = st.sampled_from([80, 100])


def made_of(fleet: Json, accepts: int, share: int | None = None, extra: int = 0) -> Document:
    """The services at a server of so many connections, or the API behind a proxy of it."""
    front = {} if share is None else {"front": {"database": "orders", "max_connections_percent": share}}
    places: dict[str, Json] = {"api": {"proxy": "front"} if front else {}}
    workloads = {name: entry(max_overflow=0, **keys, **places.get(name, {})) for name, keys in fleet.items()}
    if extra:
        workloads["report"] = entry(kind="reserved", connections=extra)
    return document(workloads, proxies=front, max_connections=accepts)


@st.composite
def changes(draw: st.DrawFn) -> tuple[Document, Document]:
    """What is as a rule too large for its server, and the same with smaller pools, now and then with something more."""
    old = draw(fleets)
    new = {name: {**keys, "pool_size": draw(st.integers(1, keys["pool_size"]))} for name, keys in old.items()}
    if draw(st.booleans()):
        new["web"] = {**new["web"], "tasks": draw(st.integers(1, 3))}
    accepts, proxied = draw(accepted), draw(st.booleans())
    then = draw(st.just(accepts) | accepted)
    was, becomes = (draw(shares), draw(shares)) if proxied else (None, None)
    extra = draw(st.sampled_from([0, 0, 0, 5]))
    return made_of(old, accepts, was), made_of(new, then, becomes, extra)


@settings(LAW, max_examples=200)
@given(changes())
def test_a_change_that_mends_is_a_warning_exactly_where_nothing_gets_worse(change: tuple[Document, Document]) -> None:
    """From each budget's own sums: of no bound more than the old one's peak, nor fewer accepted; the new one holds."""
    base, head = change
    assert_partitioned(base, head)
    before, after = tally(base).databases["orders"], tally(head).databases["orders"]
    alone: dict[str, tuple[int, Any]] = {"databases": (before.total.peak, before.capacity.usable)}
    for item in before.proxies:
        alone["proxies"] = (item.total.peak, item.accepts)
    broken = [bound for bound in transition(tally(base), tally(head)).databases["orders"] if not bound.holds]
    worse = [
        bound
        for bound in broken
        if isinstance(bound.total, Unknown)
        or isinstance(bound.accepts, Unknown)
        or bound.total > alone[bound.kind][0]
        or bound.accepts < alone[bound.kind][1]
    ]
    warned = findings(over(base, head), WARNING)
    assert bool(warned) == (bool(broken) and after.holds and not worse)
    assert not (warned and before.holds)


@settings(LAW, max_examples=100)
@given(fleets, accepted, st.data())
def test_what_only_shrinks_pools_until_they_fit_is_never_stopped(old: Json, accepts: int, data: st.DataObject) -> None:
    """From whatever is deployed there is a way out."""
    new = {name: {**keys, "pool_size": data.draw(st.integers(1, keys["pool_size"]))} for name, keys in old.items()}
    base, head = made_of(old, accepts), made_of(new, accepts)
    made = over(base, head)
    if tally(head).databases["orders"].holds:
        assert made.fits
        assert bool(findings(made, WARNING)) == (not tally(base).databases["orders"].holds)
        event("mended" if findings(made, WARNING) else "fitted")


@settings(LAW, max_examples=50)
@given(fleets, accepted)
def test_a_server_that_is_large_enough_mends_it_alone(fleet: Json, accepts: int) -> None:
    """The most that two services have: twice 2 × 5 tasks of 20 = 400, of 683 − 13."""
    base = made_of(fleet, accepts)
    made = over(base, made_of(fleet, 683))
    assert made.fits
    assert bool(findings(made, WARNING)) == (not tally(base).databases["orders"].holds)


@settings(LAW, max_examples=60)
@given(changes())
def test_no_way_out_of_anything_else_makes_the_way_an_error(change: tuple[Document, Document]) -> None:
    made = over(*change)
    if findings(made, WARNING):
        assert_mended(made)


@settings(LAW, max_examples=150)
@given(changes())
def test_from_what_does_not_fit_the_first_step_is_the_warning_and_the_second_holds(
    change: tuple[Document, Document],
) -> None:
    base, head = change
    for finding in findings(over(base, head), ERROR):
        if found := STEP.match(finding.fix):
            step = Document.read(first_step(base.to_json(), head.to_json(), found[1]))
            mended = not tally(base).databases["orders"].holds
            assert bool(findings(over(base, step), WARNING)) == mended, finding.fix
            assert not findings(over(base, step), ERROR), finding.fix
            assert not findings(over(step, head), ERROR) + findings(over(step, head), WARNING), finding.fix
            event("mended first" if mended else "two steps")
