"""Whatever a parameter can change, its default is named for."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.budget.document import Document
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.discover import discover
from tests.laws.strategies import LAW
from tests.template.app_templates import instance, resource, scaling
from tests.template.reachable_shop import ADDRESS, container, service, tasks

Json = dict[str, Any]
DEFAULTS = {"One": "1", "Two": "2", "Stage": "dev"}
OTHERS = {"One": "3", "Two": "5", "Stage": "prod"}
NONE: Json = {"Ref": "AWS::NoValue"}
KEYS = ("tasks", "max_tasks", "maximum_percent", "processes", "pool_size", "max_overflow", "containers")

conditions = st.sampled_from(["Prod", "Dev", "Both"])
plain = st.sampled_from(["1", "2", {"Ref": "One"}, {"Ref": "Two"}, {"Fn::Sub": "${One}"}])
numbers = st.one_of(
    plain,
    st.builds(lambda name, one, two: {"Fn::If": [name, one, two]}, conditions, plain, plain),
    st.just({"Fn::FindInMap": ["Sizes", {"Ref": "Stage"}, "Many"]}),
    st.just({"Fn::Join": ["", [{"Ref": "One"}, "0"]]}),
)
there = st.one_of(st.none(), conditions)


@st.composite
def templates(draw: st.DrawFn) -> Json:
    """A service whose numbers are computed in every way, on a database whose are too."""

    def maybe(entry: Json) -> Json:
        name = draw(there)
        return entry if name is None else {"Fn::If": [name, entry, draw(st.sampled_from([entry, NONE]))]}

    def conditional(entry: Json) -> Json:
        name = draw(there)
        return entry if name is None else {**entry, "Condition": name}

    script = {"Fn::Join": ["", ["exec gunicorn app --workers ", draw(numbers), " --bind :80"]]}
    command = draw(
        st.sampled_from([["gunicorn", "app", "-w", draw(numbers)], ["sh", "-c", script], ["gunicorn", "app"]])
    )
    web = container(command=command, DB_HOST=ADDRESS)
    variables = [
        {"Name": name, "Value": draw(numbers)} for name in ("DB_POOL_SIZE", "DB_MAX_OVERFLOW", "WEB_CONCURRENCY")
    ]
    web["Environment"] += [maybe(entry) for entry in variables]
    beside = maybe({**web, "Name": "beside"})
    deployed = draw(st.sampled_from([{}, {"MaximumPercent": draw(numbers)}]))
    group = {"max_connections": draw(st.sampled_from(["90", {"Fn::Join": ["", ["9", {"Ref": "Two"}]]}]))}
    return {
        "Parameters": {name: {"Type": "String", "Default": value} for name, value in DEFAULTS.items()},
        "Mappings": {"Sizes": {"dev": {"Many": 1}, "prod": {"Many": 4}}},
        "Conditions": {
            "Prod": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
            "Dev": {"Fn::Not": [{"Condition": "Prod"}]},
            "Both": {"Fn::And": [{"Condition": "Dev"}, {"Fn::Equals": [{"Ref": "One"}, "1"]}]},
        },
        "Resources": {
            "Db": instance(DBParameterGroupName={"Ref": "Group"}),
            "Group": resource("AWS::RDS::DBParameterGroup", Family="postgres16", Parameters=group),
            "Cluster": resource("AWS::ECS::Cluster"),
            "Task": tasks(web, beside),
            "Api": service("Task", DesiredCount=draw(numbers), DeploymentConfiguration=deployed),
            "Scaling": conditional(scaling(MinCapacity=draw(numbers), MaxCapacity=draw(numbers))),
        },
    }


def read(content: Json, **given: str) -> Document:
    assembly = Assembly({"app.json": content}, given=given)
    return discover(assembly).document(assembly)


@LAW
@given(templates())
def test_a_number_that_another_value_of_a_parameter_changes_names_that_parameter(content: Json) -> None:
    by_default = read(content)
    marks, database = by_default.workloads["Api"].by_default, by_default.databases["Db"]
    for name, value in OTHERS.items():
        changed = read(content, **{name: value})
        for key in KEYS:
            before, after = (getattr(item.workloads["Api"], key, None) for item in (by_default, changed))
            assert before == after or name in marks.get(key, ()), (key, name, before, after)
        limit = changed.databases["Db"].parameter_max_connections
        same = limit == database.parameter_max_connections
        assert same or name in database.defaults["parameter_max_connections"]


@LAW
@given(templates())
def test_what_is_given_leaves_no_mark(content: Json) -> None:
    found = read(content, **DEFAULTS)
    assert found.workloads["Api"].by_default == found.databases["Db"].defaults == {}
    plain = read(content)
    for key in KEYS:
        assert getattr(found.workloads["Api"], key) == getattr(plain.workloads["Api"], key)
