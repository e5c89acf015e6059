"""Workloads of another kind than their resource."""

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.template.app import App
from constructs_lib.template.misfits import misfits
from constructs_lib.template.template import Template
from tests.budget.orders import only
from tests.template.app_templates import HOME, Json, document, instance, planned, resource, service, tasks

RESOURCES: Json = {
    "Db": instance(),
    "Tasks": tasks({"Name": "app", "Image": "x"}, {"Name": "side", "Image": "x"}),
    "Api": service(DesiredCount=40),
    "Hook": resource("AWS::Lambda::Function"),
}


def claim(kind: str, logical_id: str, **keys: object) -> Json:
    return document(api={"kind": kind, "resource": {"logical_id": logical_id}, **keys})


@pytest.mark.parametrize(
    ("kind", "logical_id", "keys"),
    [
        ("function", "Api", {"reserved_concurrency": 1}),
        ("task", "Api", {"tasks": 1, "processes": 1}),
        ("service", "Hook", {"tasks": 1, "max_tasks": 1, "processes": 1}),
        ("celery", "Tasks", {"tasks": 1, "concurrency": 1}),
        ("task", "Hook", {"tasks": 1}),
        ("function", "Tasks", {"reserved_concurrency": 1}),
    ],
)
def test_nothing_that_was_said_of_it_counts_and_no_number_would_help(kind: str, logical_id: str, keys: Json) -> None:
    fixed = {} if kind == "celery" else {"pool_size": 1, "max_overflow": 0}
    made = planned(claim(kind, logical_id, **fixed, **keys), RESOURCES)
    finding = only(made, "unknown-tasks")
    assert f"got {kind}: {logical_id} is AWS::" in finding.message
    assert finding.fixes == ()
    assert not made.fits


@pytest.mark.parametrize(
    ("kind", "logical_id"), [("service", "Api"), ("celery", "Api"), ("task", "Tasks"), ("function", "Hook")]
)
def test_a_resource_of_the_kind_is_none(kind: str, logical_id: str) -> None:
    app = App({HOME: Template({"Resources": RESOURCES})})
    assert list(misfits(Document.read(claim(kind, logical_id)), HOME, app)) == []


def test_a_container_that_is_not_there_is_named_with_those_that_are() -> None:
    app = App({HOME: Template({"Resources": RESOURCES})})
    definition = {"task_definition": {"logical_id": "Tasks"}}
    (error,) = misfits(Document.read(claim("service", "Api", containers=["app", "sidee"], **definition)), HOME, app)
    assert str(error) == (
        "workloads.api.containers: 'sidee' is not in the task definition, did you mean 'side'?; there are: app, side"
    )
