"""Where an entry of a discovered document may be led by a person."""

from typing import Any

import pytest

from constructs_lib.budget.overlay import overlaid
from constructs_lib.budget.schema import DocumentError

Json = dict[str, Any]


def found(source: str | None, **route: str) -> Json:
    """The API and what stands before the database, with a second database and a second proxy of the first."""
    sources = {} if source is None else {"sources": dict.fromkeys(route, source)}
    return {
        "schema": 1,
        "databases": {"Db": {"resource": {"logical_id": "Db1"}}, "Db2": {"resource": {"logical_id": "Db2"}}},
        "proxies": {
            "Front": {"database": "Db", "resource": {"logical_id": "Front1"}, "sources": {"database": "read"}},
            "Side": {"database": "Db", "resource": {"logical_id": "Side1"}, "sources": {"database": "read"}},
        },
        "workloads": {"Api": {"kind": "service", **route, "evidence": "DB_HOST of container 'web'", **sources}},
    }


def problem(discovered: Json, **parts: Json) -> str | None:
    """Why it is refused; None where it is not."""
    try:
        overlaid(discovered, parts)
    except DocumentError as error:
        return str(error)
    return None


OTHER: Json = {"Other": {"max_connections": 5000}}


def test_an_address_is_that_of_one_server_whatever_a_person_says() -> None:
    direct = found("read", database="Db")
    assert problem(direct, databases=OTHER, workloads={"Api": {"database": "Other"}}) == (
        "workloads.Api.database: must be 'Db', whose address it is given (DB_HOST of container 'web'), got 'Other':"
        " change its variables, or leave database out; if 'Other' is another name of it, say so: databases: {Other:"
        " {resource: {logical_id: Db1}}}"
    )
    assert problem(direct, workloads={"Api": {"database": "Db2"}}) == (
        "workloads.Api.database: must be 'Db', whose address it is given (DB_HOST of container 'web'), got 'Db2':"
        " change its variables, or leave database out"
    )
    assert problem(direct, workloads={"Api": {"proxy": "Front"}}) == (
        "workloads.Api.proxy: must be 'Db', whose address it is given (DB_HOST of container 'web'), got the proxy"
        " 'Front': change its variables, or leave proxy out"
    )
    through = found("read", proxy="Front")
    for said in ({"proxy": "Side"}, {"database": "Db"}, {"database": "Db2"}):
        assert "must be the proxy 'Front', whose address" in str(problem(through, workloads={"Api": said}))
    assert problem(direct, workloads={"Api": {"kind": "reserved", "connections": 5, "database": "Db2"}}) is not None


def test_the_same_server_may_be_said_again_and_by_another_name() -> None:
    direct = found("read", database="Db")
    assert problem(direct, workloads={"Api": {"database": "Db"}}) is None
    renamed = {"Other": {"resource": {"logical_id": "Db1"}, "max_connections": 5000}}
    assert problem(direct, databases=renamed, workloads={"Api": {"database": "Other"}}) is None


def test_a_secret_is_that_of_one_server_through_whichever_of_its_proxies() -> None:
    for route in ({"database": "Db"}, {"proxy": "Front"}):
        for said in ({"database": "Db"}, {"proxy": "Front"}, {"proxy": "Side"}):
            assert problem(found("documented", **route), workloads={"Api": said}) is None
    assert problem(found("documented", proxy="Front"), workloads={"Api": {"database": "Db2"}}) == (
        "workloads.Api.database: must be 'Db' or a proxy of it, whose secret it is given (DB_HOST of container 'web'),"
        " got 'Db2': change its variables, or leave database out"
    )


@pytest.mark.parametrize("source", ["assumed", None])
def test_a_guess_and_what_security_groups_let_in_give_way(source: str | None) -> None:
    for said in ({"database": "Other"}, {"database": "Db2"}, {"proxy": "Front"}):
        assert problem(found(source, database="Db"), databases=OTHER, workloads={"Api": said, **user()}) is None


def user() -> Json:
    return {"more": {"kind": "reserved", "database": "Other", "connections": 1}}


def test_a_proxy_stands_before_the_server_of_its_target_group() -> None:
    assert problem(found(None, proxy="Front"), databases=OTHER, proxies={"Front": {"database": "Other"}}) == (
        "proxies.Front.database: must be 'Db', which it stands before, got 'Other': change the proxy's target group,"
        " or leave database out; if 'Other' is another name of it, say so: databases: {Other: {resource: {logical_id:"
        " Db1}}}"
    )
    assert problem(found(None, proxy="Front"), proxies={"Front": {"database": "Db"}}) is None


def test_a_name_that_is_none_is_left_to_the_reader_of_the_document() -> None:
    assert problem(found("read", database="Db"), workloads={"Api": {"database": "Dbb"}}) is None
    assert problem(found("read", database="Db"), workloads={"Api": {"database": None}}) is None
    assert problem(found("read", database="Db"), workloads={"Api": {"database": ["Db2"]}}) is None
    nowhere = {"Side": {"database": {"Db": 2}}}
    assert problem(found("documented", database="Db"), proxies=nowhere, workloads={"Api": {"proxy": "Side"}}) is None
