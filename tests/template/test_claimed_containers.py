"""The containers that a person gives to an entry of a discovered budget."""

from typing import Any

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.overlay import overlaid
from constructs_lib.budget.schema import DocumentError
from constructs_lib.template.app import App
from constructs_lib.template.claimed_containers import claimed_wrongly
from constructs_lib.template.discover import discover
from tests.template.app_templates import instance
from tests.template.reachable_shop import (
    ADDRESS,
    SHOP,
    assembly,
    container,
    group,
    group_id,
    let_in,
    service,
    tasks,
)

Json = dict[str, Any]
WEB = container(DB_HOST=ADDRESS, DB_POOL_SIZE="5", DB_MAX_OVERFLOW="5")


def wrong(resources: Json, workloads: Json) -> list[str]:
    """What is wrong with an overlay's workloads."""
    templates = assembly(resources)
    app = App(templates)
    found = discover(templates, app).entries
    entries, _ = overlaid(found, {"workloads": workloads})
    return list(map(str, claimed_wrongly(found, Document.read(entries), app)))


def shop(*containers: Json) -> Json:
    return {**SHOP, "ApiTask": tasks(WEB, *containers)}


def test_one_that_counts_with_a_pool_of_its_own_is_not_taken_to_another_entry() -> None:
    made = shop(container("side", DB_POOL_SIZE="100"))
    (error,) = wrong(made, {"Api": {"containers": ["web", "side"]}})
    assert error == (
        "workloads.Api.containers: must not have 'side', got it here and in 'Api (side)', which counts it with a pool"
        " of its own: leave it out here"
    )
    assert wrong(made, {"Api": {"containers": ["web"]}}) == []
    assert wrong(made, {"Api (side)": {"tasks": 9}}) == []
    assert len(wrong(made, {"Api (side)": {"containers": ["web", "side"]}})) == 1, "web, which Api counts"


def test_a_web_server_and_a_worker_of_one_container_are_two_entries() -> None:
    run = ["sh", "-c", "gunicorn -w 3 app & celery -A a worker -c 5"]
    made = {**SHOP, "ApiTask": tasks(container(command=run, DB_HOST=ADDRESS))}
    assert wrong(made, {"Api (celery)": {"concurrency": 6}}) == []
    assert wrong(made, {"Api": {"kind": "celery", "concurrency": 6}}) == []


NIGHT: Json = {
    "Db": instance(VPCSecurityGroups=[group_id("DbGroup")]),
    "DbGroup": group(SecurityGroupIngress=[let_in("OtherGroup")]),
    "OtherGroup": group(),
    "Other": service("OtherTask", "OtherGroup"),
    "OtherTask": tasks(container()),
    "ApiTask": tasks(container("job", SIZE="1"), container("side", WORKER_POOL_SIZE="100")),
    "ApiGroup": group(),
    "Api": service("ApiTask", "ApiGroup"),
}
"""The API's security group keeps it from the database, which lets another one in."""


def test_one_that_nothing_led_to_a_database_has_no_smaller_pool_than_its_variables_say() -> None:
    def night(size: int, **more: Any) -> list[str]:
        at = {"logical_id": "Api", "template": "app.json"}
        said = {"kind": "service", "database": "Db", "resource": at, "tasks": 1, "processes": 1}
        return wrong(NIGHT, {"Night": {**said, "pool_size": size, "max_overflow": 0, **more}})

    expected = (
        "workloads.Night.pool_size: must not be less than the template gives container 'side', 100 + 10, got 5 + 0:"
        " give the entry as much, change the container's variables, or make the entry a reservation of as many"
        " connections as you answer for (kind: reserved)"
    )
    assert night(5) == [expected]
    assert night(5, containers=["side"]) == [expected]
    assert night(55, engines_per_process=2) == []
    assert night(110) == []
    assert night(5, containers=["job"]) == []


def test_one_that_a_pool_alone_led_to_a_database_has_no_smaller_one_either() -> None:
    made = {**NIGHT, "Nightly": tasks(container(HIKARI_MAXIMUM_POOL_SIZE="100"))}
    with pytest.raises(DocumentError, match=r"^workloads\.Nightly\.pool_size: must not be less than .*, 100 \+ 0, got"):
        wrong(made, {"Nightly": {"pool_size": 5, "max_overflow": 0}})


@pytest.mark.parametrize("value", [{"Ref": "Size"}, "many"])
def test_the_users_word_answers_what_cannot_be_read(value: object) -> None:
    made = {**NIGHT, "ApiTask": tasks(container(WORKER_POOL_SIZE=value))}
    at = {"logical_id": "Api", "template": "app.json"}
    said = {"kind": "service", "database": "Db", "resource": at, "processes": 1, "pool_size": 5, "max_overflow": 0}
    assert wrong(made, {"Night": said}) == []
