"""The sum while one budget is deployed over another."""

from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from constructs_lib.budget.document import Document
from constructs_lib.budget.tally import tally
from constructs_lib.budget.transition import Bound, transition
from constructs_lib.limits import Unknown
from tests.budget.orders import document, entry
from tests.laws.strategies import LAW, documents

Json = dict[str, Any]


def bounds(base: Document, head: Document) -> tuple[Bound, ...]:
    return transition(tally(base), tally(head)).databases["orders"]


def fixed(ceiling: int, **keys: Any) -> Json:
    return entry(pool_size=ceiling, max_overflow=0, **keys)


def test_services_deploy_in_any_order_so_each_counts_at_its_own_worst() -> None:
    """The API before, 4 × 100, and the workers after, 4 × 100."""
    base = document({"api": fixed(100, tasks=4), "workers": fixed(100, tasks=2)})
    head = document({"api": fixed(50, tasks=4), "workers": fixed(100, tasks=4)})
    (bound,) = bounds(base, head)
    assert (bound.total, bound.accepts, bound.holds) == (800, 670, False)


def test_a_peak_that_only_a_deployment_of_its_own_has_says_so() -> None:
    """4 tasks at 200 % are 8: 8 × 30 are more than any 8 of both; at 100 % there is no surge."""
    surging = entry(tasks=4, pool_size=30, max_overflow=0, maximum_percent=200)
    after = {**surging, "pool_size": 20}
    base, head = (
        document({"api": surging, "web": fixed(20, tasks=4)}),
        document({"api": after, "web": fixed(10, tasks=4)}),
    )
    (bound,) = bounds(base, head)
    assert bound.arithmetic == "api 240 (peak before, deploying), web 80 (peak before)"
    assert bounds(head, base)[0].arithmetic == "api 240 (peak after, deploying), web 80 (peak after)"
    assert (
        bounds(base, base)[0].arithmetic == "api 240 (peak before and after, deploying), web 80 (peak before and after)"
    )


def test_what_is_in_one_budget_only_counts_as_it_is() -> None:
    """20 reserved that go, 30 connections of a Celery service that comes."""
    base = document({"report": entry(kind="reserved", connections=20)})
    head = document({"workers": entry(kind="celery", tasks=3, concurrency=10)})
    (bound,) = bounds(base, head)
    assert bound.arithmetic == "workers 30 (new), report 20 (until it is gone)"


def test_a_workload_that_moves_counts_at_both_places() -> None:
    """10 leave the direct clients for the proxy."""
    front = {"front": {"database": "orders", "max_connections_percent": 50}}
    base = document({"api": fixed(10, tasks=1)}, proxies=front)
    head = document(
        {"api": {"proxy": "front", "pool_size": 10, "max_overflow": 0, "maximum_percent": 100}}, proxies=front
    )
    server, proxy = bounds(base, head)
    assert server.arithmetic == "front 341 = floor(683 × 50 %), api 10 (until it is gone)"
    assert (proxy.name, proxy.total, proxy.accepts) == ("front", 10, 341)


def test_a_smaller_server_and_the_larger_one_must_both_hold() -> None:
    """4 × 100 fit 670, and 487 of 500 as well; 4 × 125 = 500 fit only the old one."""
    for ceiling, holds in ((100, True), (125, False)):
        base, head = (document({"api": fixed(ceiling, tasks=4)}, max_connections=size) for size in (683, 500))
        before, after = bounds(base, head)
        assert (before.name, before.accepts, before.holds) == ("orders as it is", 670, True)
        assert (after.name, after.accepts, after.holds) == ("orders as it will be", 487, holds)


def test_a_reserve_alone_that_changes_makes_two_servers_of_one() -> None:
    """683 − 3 − 10 = 670 before, and 683 − 3 − 270 = 410 after: 4 × 105 = 420 fit only the old one."""
    api = {"api": fixed(105, tasks=4)}
    base, head = (document(api, reserved={"engine": 3, "admin": admin}) for admin in (10, 270))
    found = [(bound.name, bound.accepts, bound.holds) for bound in bounds(base, head)]
    assert found == [("orders as it is", 670, True), ("orders as it will be", 410, False)]


def test_the_clients_of_a_read_only_endpoint_have_the_fewest_readers_on_the_way() -> None:
    """floor(683 × 50 %) = 341 for one reader, whether there were three before or will be."""
    api = {"api": {"proxy": "front", "pool_size": 10, "max_overflow": 0, "tasks": 1}}
    sides = [
        document(api, proxies={"front": {"database": "orders", "max_connections_percent": 50, "targets": count}})
        for count in (3, 1)
    ]
    for base, head in (sides, sides[::-1]):
        assert bounds(base, head)[1].accepts == 341


def test_a_proxy_has_its_larger_share_at_the_server_and_its_smaller_one_for_its_clients() -> None:
    """floor(683 × 60 %) = 409, floor(683 × 30 %) = 204."""
    api = {"api": {"proxy": "front", "pool_size": 10, "max_overflow": 0, "maximum_percent": 100}}
    base, head = (
        document(api, proxies={"front": {"database": "orders", "max_connections_percent": percent}})
        for percent in (60, 30)
    )
    server, proxy = bounds(base, head)
    assert (server.total, proxy.accepts) == (409, 204)


def test_an_unknown_term_or_limit_cannot_be_shown_to_fit() -> None:
    unknown = document({"api": fixed(10, tasks={"unknown": "Fn::If"})})
    known = document({"api": fixed(10, tasks=1)})
    for base, head in ((unknown, known), (known, unknown)):
        (bound,) = bounds(base, head)
        assert isinstance(bound.total, Unknown)
        assert not bound.holds
    unlimited = document({"api": fixed(10, tasks=1)}, max_connections={"unknown": "a parameter"})
    assert [bound.holds for bound in bounds(unlimited, known)] == [False, True]


def test_a_database_that_is_new_has_nothing_to_change_from() -> None:
    other = Document.read({"schema": 1, "databases": {"other": {"max_connections": 100}}})
    (bound,) = bounds(other, document({"api": fixed(10, tasks=1)}))
    assert (bound.name, bound.total) == ("orders", 10)


def of(logical_id: str, template: str | None = None) -> Json:
    return {"logical_id": logical_id} | ({"template": template} if template else {})


def test_a_service_of_another_resource_is_replaced_and_both_fleets_count() -> None:
    """4 × 50 of the old service until it is deleted, and 4 × 60 of the new one, not the worst mix of 4 tasks."""
    base = document({"api": fixed(50, tasks=4, resource=of("Api"))})
    head = document({"api": fixed(60, tasks=4, resource=of("ApiV2"))})
    (bound,) = bounds(base, head)
    assert bound.arithmetic == "api 240 (new), api 200 (until it is gone)"


def test_a_service_of_the_same_name_in_another_stack_is_another() -> None:
    base = document({"api": fixed(50, tasks=4, resource=of("Api", "Old.template.json"))})
    head = document({"api": fixed(50, tasks=4, resource=of("Api", "New.template.json"))})
    assert bounds(base, head)[0].total == 400
    unsaid = document({"api": fixed(50, tasks=4, resource=of("Api"))})
    assert bounds(unsaid, head)[0].total == 200


def test_a_service_that_is_called_otherwise_is_still_one_fleet() -> None:
    base = document({"api": fixed(50, tasks=4, resource=of("Api"))})
    head = document({"web": fixed(50, tasks=4, resource=of("Api"))})
    assert bounds(base, head)[0].arithmetic == "web 200 (peak before and after)"


def test_entries_that_swap_their_names_are_told_by_their_resources() -> None:
    """`api` is the service A before and B after: A grows from 4 × 10 to 4 × 20, B shrinks from 4 × 100 to 4 × 90."""
    base = document({"api": fixed(10, tasks=4, resource=of("A")), "web": fixed(100, tasks=4, resource=of("B"))})
    head = document({"web": fixed(20, tasks=4, resource=of("A")), "api": fixed(90, tasks=4, resource=of("B"))})
    assert bounds(base, head)[0].arithmetic == "api 400 (peak before), web 80 (peak after)"


def two(name: str, logical_id: str, engine: str = "postgres") -> Document:
    database = {"engine": engine, "max_connections": 683, "reserved": {"engine": 3, "admin": 10}}
    api = {"database": name, "tasks": 4, "maximum_percent": 100, "max_overflow": 0}
    return Document.read(
        {
            "schema": 1,
            "databases": {name: {**database, "resource": of(logical_id)}},
            "workloads": {"api": {**api, "pool_size": 100, "resource": of(f"Api{logical_id}")}},
        }
    )


def test_a_database_is_the_same_by_its_resource_under_any_name() -> None:
    """The replaced service's 400 on either side of one server."""
    base, head = two("orders", "Db"), two("main", "Db")
    head = Document(databases=head.databases, workloads=two("main", "Other").workloads)
    (bound,) = transition(tally(base), tally(head)).databases["main"]
    assert (bound.name, bound.total) == ("main", 800)


def test_a_replaced_database_is_another_server_which_only_new_tasks_connect_to() -> None:
    (bound,) = bounds(two("orders", "Db"), two("orders", "DbV2"))
    assert bound.arithmetic == "api 400 (new)"


def test_another_instance_of_an_aurora_cluster_is_reached_by_the_old_tasks_too() -> None:
    engine = "aurora-postgresql"
    (bound,) = bounds(two("orders", "Db", engine), two("orders", "DbV2", engine))
    assert bound.total == 800


def test_a_server_that_moved_to_another_file_is_not_taken_for_new() -> None:
    base, head = (document({"api": fixed(100, tasks=4)}, resource=of("Db", file)) for file in ("a.json", "b.json"))
    assert bounds(base, head)[0].total == 400


def test_two_proxies_stand_side_by_side_where_one_replaces_the_other() -> None:
    """floor(683 × 50 %) twice."""
    base, head = (
        document({}, proxies={"front": {"database": "orders", "max_connections_percent": 50, "resource": of(name)}})
        for name in ("Proxy", "ProxyV2")
    )
    assert bounds(base, head)[0].total == 682


def test_the_clients_of_a_read_only_endpoint_have_every_reader_behind_it() -> None:
    """3 × floor(683 × 50 %) = 1023."""
    front = {"front": {"database": "orders", "max_connections_percent": 50, "targets": 3}}
    made = document({"api": {"proxy": "front", "pool_size": 10, "max_overflow": 0, "tasks": 1}}, proxies=front)
    proxy = bounds(made, made)[1]
    assert (proxy.accepts, proxy.accepts_words) == (1023, "1023 = 3 readers × floor(683 × 50 %)")


def test_what_becomes_another_kind_of_workload_counts_as_both() -> None:
    """A service's 4 × 10 until it is gone, and a schedule's 4 × 10."""
    base = document({"job": fixed(10, tasks=4)})
    head = document({"job": {"database": "orders", "kind": "task", "tasks": 4, "pool_size": 10, "max_overflow": 0}})
    assert bounds(base, head)[0].total == 80


services = st.fixed_dictionaries(
    {
        "database": st.just("orders"),
        "tasks": st.integers(0, 3),
        "maximum_percent": st.sampled_from([100, 150, 200]),
        "deployment": st.sampled_from(["rolling", "blue-green"]),
        "pool_size": st.integers(1, 3),
        "max_overflow": st.integers(0, 2),
    },
    optional={"max_tasks": st.integers(0, 4)},
)
fleets = st.dictionaries(st.sampled_from(["api", "workers"]), services, max_size=2)


def reachable(old: Json | None, new: Json | None) -> set[int]:
    """Every number of connections that one service can have, by going through the mixes one by one."""
    if old is None or new is None:
        only = old or new or {}
        return {tasks * each(only) for tasks in range(live(only, most(only)) + 1)}
    own = {tasks * each(side) for side in (old, new) for tasks in range(live(side, most(side)) + 1)}
    scales = "max_tasks" in old or "max_tasks" in new
    started = max(most(old), most(new)) if scales else most(new)
    rolls = old["deployment"] == new["deployment"] == "rolling"
    wanted = most(new) if rolls and not scales else max(most(old), most(new))
    room = max(live(side, wanted) for side in (old, new))
    mixes = {
        o * each(old) + n * each(new) for o, n in product(range(most(old) + 1), range(started + 1)) if o + n <= room
    }
    return own | mixes


def most(service: Json) -> int:
    return max(int(service["tasks"]), int(service.get("max_tasks", 0)))


def each(service: Json) -> int:
    return int(service["pool_size"] + service["max_overflow"])


def live(service: Json, largest: int) -> int:
    return int(2 * largest if service["deployment"] != "rolling" else largest * service["maximum_percent"] // 100)


@given(fleets, fleets)
def test_the_bound_is_the_worst_of_all_mixes(old: Json, new: Json) -> None:
    worst = sum(max(reachable(old.get(name), new.get(name))) for name in {*old, *new})
    (bound,) = bounds(document(old), document(new))
    assert bound.total == worst


@settings(LAW, max_examples=40)
@given(documents(wild=False), documents(wild=False))
def test_the_bound_is_at_least_each_sides_own_peak(old: Json, new: Json) -> None:
    base, head = tally(Document.read(old)), tally(Document.read(new))
    for name, found in transition(base, head).databases.items():
        servers = [bound.total for bound in found if bound.kind == "databases"]
        for sums, total in ((base, servers[0]), (head, servers[-1])):
            if name in sums.databases:
                assert isinstance(total, Unknown) or total >= sums.databases[name].total.peak


@settings(LAW, max_examples=40)
@given(documents())
def test_where_nothing_changes_the_transition_holds_if_the_budget_does(content: Json) -> None:
    sums = tally(Document.read(content))
    for name, found in transition(sums, sums).databases.items():
        assert all(bound.holds for bound in found) == sums.databases[name].holds, name


@settings(LAW, max_examples=40)
@given(documents(), documents())
def test_any_two_budgets_have_a_transition_in_words(old: Json, new: Json) -> None:
    for found in transition(tally(Document.read(old)), tally(Document.read(new))).databases.values():
        for bound in found:
            assert bound.message("now").isprintable()
