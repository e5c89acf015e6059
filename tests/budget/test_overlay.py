"""What a person adds to a discovered document."""

from typing import Any

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.overlay import left_out, overlaid, overruled
from constructs_lib.budget.schema import DocumentError

Json = dict[str, Any]
FOUND: Json = {
    "schema": 1,
    "databases": {"Db": {"resource": {"logical_id": "Db1", "template": "a.json"}, "sources": {"resource": "read"}}},
    "proxies": {"Front": {"database": "Db"}},
    "workloads": {
        "Api": {
            "kind": "service",
            "database": "Db",
            "resource": {"logical_id": "Api1", "template": "a.json"},
            "evidence": "DB_HOST of container 'web'",
            "pool_size": 5,
            "max_overflow": 10,
            "sources": {"pool_size": "assumed", "max_overflow": "assumed", "resource": "read"},
        },
        "Web": {"kind": "service", "proxy": "Front", "resource": {"logical_id": "Web1", "template": "a.json"}},
    },
}


def over(**parts: Json) -> tuple[Json, dict[str, str]]:
    made, hints = overlaid(FOUND, parts)
    Document.read(made)
    return made, hints


def test_an_entry_of_the_same_name_adds_keys_and_replaces_what_was_discovered() -> None:
    made, hints = over(workloads={"Api": {"processes": 4, "pool_size": 8}})
    api = made["workloads"]["Api"]
    assert (api["processes"], api["pool_size"], api["max_overflow"]) == (4, 8, 10)
    assert api["sources"] == {"max_overflow": "assumed", "resource": "read"}, "what a person says is no assumption"
    assert hints == {}


def test_null_takes_away_what_was_discovered() -> None:
    made, _ = over(workloads={"Api": {"pool_size": None, "max_overflow": None}})
    assert made["workloads"]["Api"].keys() == {"kind", "database", "resource", "evidence", "sources"}


def test_an_entry_may_be_named_by_its_logical_id_and_then_has_the_persons_name_everywhere() -> None:
    made, hints = over(
        databases={"orders": {"resource": {"logical_id": "Db1"}, "max_connections": 683}},
        workloads={"api": {"resource": {"logical_id": "Api1"}, "processes": 2}},
    )
    assert list(made["databases"]) == ["orders"]
    assert made["databases"]["orders"]["resource"]["template"] == "a.json"
    assert made["proxies"]["Front"]["database"] == "orders"
    assert made["workloads"]["api"]["database"] == "orders"
    assert list(made["workloads"]) == ["api", "Web"]
    assert hints == {}


def test_a_proxy_that_was_not_discovered_counts_where_its_resource_is_named() -> None:
    """Without one, its name may be a slip: nothing here connects to it."""
    front = {"database": "Db", "resource": {"logical_id": "Other1"}}
    assert over(proxies={"Other": front})[0]["proxies"]["Other"] == front
    with pytest.raises(DocumentError, match=r"^proxies\.Other: nothing of this name was discovered"):
        overlaid(FOUND, {"proxies": {"Other": {"database": "Db"}}})


def test_a_route_takes_the_place_of_the_other_kind_of_route() -> None:
    made, _ = over(workloads={"Api": {"proxy": "Front"}, "Web": {"database": "Db"}})
    assert "database" not in made["workloads"]["Api"]
    assert "proxy" not in made["workloads"]["Web"]


def test_what_led_to_a_database_says_nothing_of_a_route_that_a_person_gives() -> None:
    users = {"Users": {"max_connections": 100}}
    for said, databases in (({"proxy": "Front"}, {}), ({"database": "Users"}, users)):
        made, _ = over(databases=databases, workloads={"Api": said})
        assert "evidence" not in made["workloads"]["Api"]
    made, _ = over(databases={"orders": {"resource": {"logical_id": "Db1"}}}, workloads={"Api": {"database": "orders"}})
    assert made["workloads"]["Api"]["evidence"] == "DB_HOST of container 'web'", "it is the database that was found"


def test_a_database_that_was_a_guess_is_none_once_a_person_gives_it() -> None:
    api = FOUND["workloads"]["Api"]
    guess = {**api, "evidence": "by the name of DB", "sources": {**api["sources"], "database": "assumed"}}
    found = {**FOUND, "workloads": {**FOUND["workloads"], "Api": guess}}
    made, _ = overlaid(found, {"workloads": {"Api": {"database": "Db"}}})
    assert made["workloads"]["Api"]["sources"] == api["sources"]
    assert "evidence" not in made["workloads"]["Api"]
    left, _ = overlaid(found, {"workloads": {"Api": {"processes": 1}}})
    assert left["workloads"]["Api"]["sources"]["database"] == "assumed"
    assert left["workloads"]["Api"]["evidence"] == "by the name of DB"


def test_another_kind_keeps_only_the_keys_that_it_has() -> None:
    made, _ = over(workloads={"Api": {"kind": "reserved", "connections": 0}})
    kept = {"kind", "database", "resource", "evidence", "sources"}
    assert made["workloads"]["Api"].keys() == {*kept, "connections"}


def test_every_other_entry_is_one_more_and_a_name_that_looks_like_a_slip_is_hinted_at() -> None:
    made, hints = over(
        databases={"Users": {"max_connections": 100}},
        workloads={
            "nightly": {"kind": "reserved", "database": "Users", "connections": 5},
            "Apii": {"kind": "reserved", "database": "Db", "connections": 5},
        },
    )
    assert list(made["databases"]) == ["Db", "Users"]
    assert list(made["workloads"]) == ["Api", "Web", "nightly", "Apii"]
    assert hints == {"workloads.Apii": "did you mean 'Api'?"}


@pytest.mark.parametrize(
    ("overlay", "reason"),
    [
        (None, "document: must be an object, got null"),
        ([], "document: must be an object, got a list"),
        ({"schema": 2}, "schema: must be 1, got 2"),
        ({"schema": True}, "schema: must be 1, got true"),
        ({"workload": {}}, "document: unknown key 'workload', did you mean 'workloads'?"),
        ({"workloads": []}, "workloads: must be an object, got a list"),
        ({"workloads": {"Api": 5}}, "workloads.Api: must be an object, got 5"),
        ({"workloads": {"Api": {"sources": 5}}}, "sources: must be an object, got 5"),
        ({"workloads": {"Api": None}}, "workloads.Api: must be an object, got null"),
        (
            {"databases": {"db": {"max_connections": 50}}},
            "databases.db: nothing of this name was discovered, and nothing here connects to it; did you mean 'Db'?",
        ),
        (
            {"databases": {"orders": {"resource": {"logical_id": "Nowhere"}}}},
            "databases.orders: nothing of this name was discovered, and nothing here connects to it; there are: Db",
        ),
        (
            {"proxies": {"front": {"database": "Db", "max_connections_percent": 5}}},
            "proxies.front: nothing of this name was discovered, and nothing here connects to it; did you mean 'Front'",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_place(overlay: object, reason: str) -> None:
    with pytest.raises(DocumentError) as error:
        overlaid(FOUND, overlay)
    assert str(error.value).startswith(reason)


def test_a_pool_that_the_template_has_is_not_talked_down() -> None:
    """50 + 1 are written in the container: 51 and more may be said, 50 may not; what was assumed gives way."""
    read = {"pool_size": "read", "max_overflow": "assumed"}
    api = {**FOUND["workloads"]["Api"], "pool_size": 50, "max_overflow": 1, "sources": read}
    found = {**FOUND, "workloads": {"Api": api}}
    with pytest.raises(
        DocumentError, match=r"^workloads.Api.pool_size: must not be less than .* 50 \+ 1, got 49 \+ 1:"
    ):
        overlaid(found, {"workloads": {"Api": {"pool_size": 49}}})
    for pool_size, max_overflow in ((50, 1), (0, 51), (60, 0)):
        said = {"pool_size": pool_size, "max_overflow": max_overflow}
        made, _ = overlaid(found, {"workloads": {"Api": said}})
        assert said.items() <= made["workloads"]["Api"].items()
    assert over(workloads={"Api": {"pool_size": 1, "max_overflow": 0}})[0]["workloads"]["Api"]["pool_size"] == 1


def test_a_prefix_is_refused_where_no_variable_of_it_would_be_looked_at() -> None:
    """The budget looks under a prefix for what it chooses; 5 + 10 was not read by one, whatever variables there are."""
    with pytest.raises(DocumentError) as refused:
        over(workloads={"Api": {"env_prefix": "REPORTS_"}})
    assert str(refused.value) == (
        "workloads.Api.env_prefix: must be left out where the budget does not choose the pool, for it names the"
        " variables of what is chosen, got 'REPORTS_': give pool_size and max_overflow as the containers have them, or"
        " null for both, and the budget chooses them"
    )
    with pytest.raises(DocumentError, match=r"give pool_size and max_overflow as"):
        over(workloads={"Api": {"env_prefix": "REPORTS_", "pool_size": 2, "max_overflow": 1}})
    with pytest.raises(DocumentError, match=r"give concurrency and pool$"):
        over(workloads={"Api": {"env_prefix": "REPORTS_", "kind": "celery"}})
    made, _ = over(workloads={"Api": {"env_prefix": "REPORTS_", "pool_size": None, "max_overflow": None}})
    assert made["workloads"]["Api"]["env_prefix"] == "REPORTS_"


def test_a_service_that_is_several_workloads_is_hinted_at_by_its_own_name() -> None:
    found = {**FOUND, "workloads": {"Api (web)": FOUND["workloads"]["Api"], "Api (celery)": FOUND["workloads"]["Web"]}}
    _, hints = overlaid(found, {"workloads": {"Api": {"processes": 4}}})
    assert hints == {"workloads.Api": "did you mean 'Api (web)'?"}


def left(found: Json, **workloads: Json) -> list[str]:
    return list(map(str, left_out(found, overlaid(found, {"workloads": workloads})[0])))


def test_a_container_that_was_seen_to_connect_is_not_left_out() -> None:
    found = {**FOUND, "workloads": {"Api": {**FOUND["workloads"]["Api"], "containers": ["web"]}}}
    (words,) = left(found, Api={"containers": ["side"]})
    assert words == (
        "workloads.Api.containers: must have 'web', which connects by DB_HOST of container 'web', got 'side': add it,"
        " or make the entry a reservation of as many connections as you answer for (kind: reserved)"
    )
    assert left(found, Api={"containers": ["web", "side"]}) == []
    assert left(found, Api={"containers": None}) == []
    assert left(found, Api={"kind": "reserved", "connections": 10}) == []


def test_of_two_entries_of_one_resource_either_may_count_a_container() -> None:
    api = FOUND["workloads"]["Api"]
    found = {**FOUND, "workloads": {name: {**api, "containers": [name]} for name in ("web", "side")}}
    assert left(found, web={"containers": ["side"]}, side={"containers": ["web"]}) == []
    assert [words.partition(",")[0] for words in left(found, web={"containers": ["side"]})] == [
        "workloads.web.containers: must have 'web'"
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"database": "Other"},
        {"kind": "celery", "concurrency": 4},
        {"resource": {"logical_id": "Api1", "template": "a.json#Second"}},
    ],
    ids=["at another database", "as another kind", "of another copy of the stack"],
)
def test_no_entry_counts_a_container_for_another_one(other: Json) -> None:
    api = {**FOUND["workloads"]["Api"], "containers": ["web"]}
    databases = {**FOUND["databases"], "Other": {}}
    found = {**FOUND, "databases": databases, "workloads": {"Api": api, "Beside": {**api, **other}}}
    (words,) = left(found, Api={"containers": ["side"]})
    assert words.startswith("workloads.Api.containers: must have 'web', which connects by DB_HOST")


def test_a_pool_without_a_limit_in_the_template_is_not_talked_down() -> None:
    api = {**FOUND["workloads"]["Api"], "pool_size": 0, "max_overflow": 0, "sources": {"pool_size": "read"}}
    with pytest.raises(DocumentError, match="must not be less than"):
        overlaid({**FOUND, "workloads": {"Api": api}}, {"workloads": {"Api": {"pool_size": 1, "max_overflow": 0}}})


@pytest.mark.parametrize(
    "sizes",
    [
        {"pool_size": {"unknown": "it is Ref Size"}, "max_overflow": 200},
        {"pool_size": {"unknown": "READER_POOL_SIZE is Ref Size", "at_least": 200}, "max_overflow": 0},
    ],
)
def test_of_a_pool_that_cannot_be_read_in_full_no_less_is_said_than_what_is_known(sizes: Json) -> None:
    api = {**FOUND["workloads"]["Api"], **sizes, "sources": dict.fromkeys(sizes, "read")}
    found = {**FOUND, "workloads": {"Api": api}}
    with pytest.raises(DocumentError, match=r"^workloads.Api.pool_size: must not be less than .* 200 or more, got 199"):
        overlaid(found, {"workloads": {"Api": {"pool_size": 199, "max_overflow": 0}}})
    made, _ = overlaid(found, {"workloads": {"Api": {"pool_size": 199, "max_overflow": 1}}})
    assert made["workloads"]["Api"]["pool_size"] == 199


@pytest.mark.parametrize(("key", "read", "less"), [("engines_per_process", 2, 1), ("result_backend", True, False)])
@pytest.mark.parametrize("null", [False, True])
def test_neither_engines_nor_a_result_backend_that_the_templates_show_are_talked_down(
    key: str,
    read: int,
    less: int,
    null: bool,  # noqa: FBT001 - a row
) -> None:
    """To take the key away is to say its default; what was only assumed gives way."""
    shown = {**FOUND["workloads"]["Api"], key: read, "sources": {key: "read"}}
    said = {"workloads": {"Api": {key: None if null else less}}}
    with pytest.raises(DocumentError, match=rf"^workloads.Api.{key}: must not be less than what the templates show"):
        overlaid({**FOUND, "workloads": {"Api": shown}}, said)
    assumed = {**shown, "sources": {key: "assumed"}}
    made, _ = overlaid({**FOUND, "workloads": {"Api": assumed}}, said)
    assert made["workloads"]["Api"].get(key, less) == less
    as_workers = {"kind": "celery", "concurrency": 1, **said["workloads"]["Api"]}
    with pytest.raises(DocumentError, match=rf"^workloads.Api.{key}: must not be less"):
        overlaid({**FOUND, "workloads": {"Api": shown}}, {"workloads": {"Api": as_workers}})
    reserved = {"kind": "reserved", "connections": 1, **({} if null else {key: None})}
    overlaid({**FOUND, "workloads": {"Api": shown}}, {"workloads": {"Api": reserved}})


def test_a_logical_id_of_several_templates_has_to_come_with_its_template() -> None:
    found = {**FOUND, "workloads": {}}
    for template in ("a.json", "b.json"):
        resource = {"logical_id": "Api1", "template": template}
        found["workloads"][template] = {"kind": "service", "database": "Db", "resource": resource}
    with pytest.raises(DocumentError, match=r"may be any of 'a.json', 'b.json': name its template as well"):
        overlaid(found, {"workloads": {"api": {"resource": {"logical_id": "Api1"}}}})
    made, _ = overlaid(found, {"workloads": {"api": {"resource": {"logical_id": "Api1", "template": "b.json"}}}})
    assert list(made["workloads"]) == ["a.json", "api"]


def test_of_the_entries_of_one_resource_the_name_says_which_is_meant() -> None:
    """Both are in one template, whose name tells them no better apart."""
    api = FOUND["workloads"]["Api"]
    found = {**FOUND, "workloads": {name: {**api, "containers": [name[5]]} for name in ("Api (i)", "Api (m)")}}
    said = {"resource": {"logical_id": "Api1", "template": "a.json"}, "processes": 2}
    with pytest.raises(DocumentError) as error:
        overlaid(found, {"workloads": {"Api": said}})
    assert str(error.value) == (
        "workloads.Api.resource: may be any of 'Api (i)', 'Api (m)': call the entry by one of these names"
    )
    made, _ = overlaid(found, {"workloads": {"Api (m)": said}})
    assert [item.get("processes") for item in made["workloads"].values()] == [None, 2]


def test_a_number_that_the_template_has_larger_is_named_and_every_other_one_is_not() -> None:
    """What counts was read again: of 1 and 9 tasks and 4, the larger ones."""
    made = {"workloads": {"Api": {"database": "Db", "tasks": 4, "max_tasks": 9, "pool_size": 2, "max_overflow": 0}}}
    said = {"workloads": {"Api": {"tasks": 1, "max_tasks": 9, "pool_size": 2}, "gone": {"tasks": 1}}}
    document = Document.read({**made, "schema": 1, "databases": {"Db": {}}})
    assert list(overruled(said, document)) == [
        ("workloads.Api.tasks", "1 is less than the 4 of the template, which counts")
    ]


@pytest.mark.parametrize("part", ["databases", "proxies", "workloads"])
@pytest.mark.parametrize("name", ["Db", "Front", "Api", "new"])
@pytest.mark.parametrize(
    ("key", "value", "got"),
    [
        ("construct_path", "Shop/Budget", "'Shop/Budget'"),
        ("evidence", "it is known", "'it is known'"),
        ("overruled", {"processes": 9}, "an object"),
        ("defaults", {}, "an object"),
        ("defaults", None, "null"),
    ],
)
def test_what_only_this_package_writes_is_refused_in_every_entry(
    part: str, name: str, key: str, value: object, got: str
) -> None:
    """Neither said of what was discovered, nor taken away from it, nor of an entry that is one more."""
    with pytest.raises(DocumentError) as error:
        overlaid(FOUND, {part: {name: {key: value}}})
    assert str(error.value) == (
        f"{part}.{name}.{key}: must not be given beside templates, got {got}: only what reads a budget or the"
        f" templates writes it; leave {key} out"
    )


def test_resources_that_nothing_in_the_templates_shows_may_be_given() -> None:
    other: Json = {"logical_id": "Other"}
    given = {"resource": other, "failover": other, "parameter_group": other}
    assert over(databases={"Db": given})[0]["databases"]["Db"]["failover"] == other
    proxy = {"database": "Db", "resource": other, "endpoint": other}
    assert over(proxies={"Other": proxy})[0]["proxies"]["Other"] == proxy
    assert over(workloads={"Api": {"task_definition": other}})[0]["workloads"]["Api"]["task_definition"] == other


def test_a_logical_id_is_a_name_of_what_is_called_otherwise() -> None:
    made, hints = over(workloads={"Web1": {"processes": 3}})
    assert list(made["workloads"]) == ["Api", "Web1"]
    assert made["workloads"]["Web1"]["proxy"] == "Front"
    assert hints == {}
    api = FOUND["workloads"]["Api"]
    found = {**FOUND, "workloads": {name: {**api, "containers": [name[5]]} for name in ("Api (i)", "Api (m)")}}
    with pytest.raises(DocumentError) as error:
        overlaid(found, {"workloads": {"Api1": {"processes": 2}}})
    assert (
        str(error.value) == "workloads.Api1: may be any of 'Api (i)', 'Api (m)': call the entry by one of these names"
    )


def test_of_the_entries_of_one_resource_the_database_says_which_is_meant() -> None:
    api, stock = FOUND["workloads"]["Api"], {"instance_class": "db.t4g.micro", "engine": "postgres"}
    databases = {**FOUND["databases"], "Stock": stock}
    two = {"Api (Db)": api, "Api (Stock)": {**api, "database": "Stock"}}
    found = {**FOUND, "databases": databases, "workloads": two}
    made, _ = overlaid(found, {"workloads": {"Api1": {"database": "Stock", "processes": 2}}})
    assert [item.get("processes") for item in made["workloads"].values()] == [None, 2]


def test_a_reservation_at_another_database_is_beside_what_a_resource_is_counted_for() -> None:
    """As the fix of an unbudgeted-client says it: what is counted at one database is let into another one, too."""
    stock = {"Stock": {"instance_class": "db.t4g.micro", "engine": "postgres"}}
    found = {**FOUND, "databases": {**FOUND["databases"], **stock}}
    said = {"kind": "reserved", "connections": 7, "resource": {"logical_id": "Api1"}}
    made, _ = overlaid(found, {"workloads": {"api at the stock": {**said, "database": "Stock"}}})
    assert list(made["workloads"]) == ["Api", "Web", "api at the stock"]
    assert made["workloads"]["Api"] == FOUND["workloads"]["Api"]
    here, _ = overlaid(found, {"workloads": {"api": {**said, "database": "Db"}}})
    assert list(here["workloads"]) == ["api", "Web"]
