"""Values that rest on the defaults of a template's parameters."""

from typing import Any

import pytest

from constructs_lib.budget.database import Database
from constructs_lib.budget.defaults import in_force, resting
from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import plan
from constructs_lib.budget.proxy import Proxy
from constructs_lib.report import factors
from constructs_lib.report.formats import FORMATS
from tests.budget.orders import entry, only, planned

Json = dict[str, Any]
READ = {"tasks": "read", "max_tasks": "read", "processes": "read"}


def by_default(**keys: Any) -> Json:
    """An API of 4 tasks as a template has it, two processes each."""
    said: Json = {"tasks": 4, "max_tasks": 4, "processes": 2, "sources": READ, "defaults": {"tasks": ["Tasks"]}}
    return entry(**{**said, **keys})


def test_those_that_rest_on_the_same_parameters_are_said_together() -> None:
    defaults = {"tasks": ("Stage",), "processes": ("Stage", "Workers"), "max_tasks": ("Stage",)}
    shown = {"tasks": "tasks 1", "max_tasks": "max_tasks 1", "processes": "processes 2"}
    one, several = resting(defaults, shown)
    assert one == (
        "tasks 1 and max_tasks 1 rest on the default of the parameter Stage (--parameter Stage=… gives another)"
    )
    assert several == (
        "processes 2 rests on the defaults of the parameters Stage and Workers"
        " (--parameter Stage=… --parameter Workers=… give others)"
    )


def test_a_number_that_rests_on_a_default_is_assumed_and_its_parameter_is_asked_for() -> None:
    finding = only(planned({"api": by_default()}), "assumed")
    assert finding.message == (
        "assumed for api: tasks 4 rests on the default of the parameter Tasks (--parameter Tasks=… gives another)"
    )
    assert finding.fix == "give --parameter Tasks=…"


def test_what_nobody_gave_is_asked_for_beside_it() -> None:
    said = by_default(sources={**READ, "processes": "assumed"})
    assert only(planned({"api": said}), "assumed").fix == "give processes and --parameter Tasks=…"


@pytest.mark.parametrize(
    ("keys", "marks"),
    [({}, "4* × 200 % × 2"), ({"defaults": {"tasks": ["T"], "processes": ["W"]}}, "4* × 200 % × 2*")],
)
def test_a_number_that_rests_on_a_default_carries_an_asterisk(keys: Json, marks: str) -> None:
    made = planned({"api": by_default(maximum_percent=200, **keys)})
    assert factors.factors(made.document.workloads["api"]) == marks


@pytest.mark.parametrize("value", [{"unknown": "computed"}, 5], ids=["unknown", "said by the user"])
def test_what_is_unknown_or_said_by_the_user_rests_on_no_default(value: object) -> None:
    workload = planned({"api": by_default(tasks=value, sources={})}).document.workloads["api"]
    assert in_force(workload) == {}


def test_marks_change_no_number_and_stay_in_the_document() -> None:
    marked, plain = planned({"api": by_default()}), planned({"api": by_default(defaults={})})
    (one,), (other,) = (made.to_json()["workloads"].values() for made in (marked, plain))
    assert (one.pop("assumed"), other.pop("assumed")) == (["tasks"], [])
    assert one == other
    assert marked.to_json()["databases"] == plain.to_json()["databases"]
    again = Document.read(marked.document.to_json())
    assert again.workloads["api"].defaults == {"tasks": ("Tasks",)}


class TestADatabase:
    def made(self, defaults: Json, **keys: Any) -> Any:
        server = {"engine": "postgres", "engine_version": "16.10", "instance_class": "db.t4g.medium", **keys}
        sources = {key: "read" for key in server if key != "max_connections"}
        return plan(Document.read({"schema": 1, "databases": {"db": {**server, "sources": sources, **defaults}}}))

    def test_a_limit_that_rests_on_the_class_is_assumed(self) -> None:
        made = self.made({"defaults": {"instance_class": ["Class"]}})
        finding = only(made, "assumed")
        assert "; instance_class db.t4g.medium rests on the default of the parameter Class (" in finding.message
        assert finding.fix == "give max_connections, reserved.admin and --parameter Class=…"

    @pytest.mark.parametrize("limit", [{"max_connections": 300}, {"parameter_max_connections": 300}], ids=repr)
    def test_a_limit_that_is_a_number_does_not_rest_on_the_class(self, limit: Json) -> None:
        made = self.made({"defaults": {"instance_class": ["Class"]}}, **limit)
        assert not made.tally.databases["db"].capacity.limit_assumed
        assert "Class" not in only(made, "assumed").message

    def test_a_number_of_the_parameter_group_carries_its_asterisk(self) -> None:
        made = self.made({"defaults": {"parameter_max_connections": ["Most"]}}, parameter_max_connections=300)
        assert made.tally.databases["db"].capacity.limit_assumed
        assert (
            "max_connections of the parameter group 300 rests on the default of the parameter Most"
            in only(made, "assumed").message
        )

    def test_a_reserve_of_the_parameter_group_carries_its_own(self) -> None:
        """9 slots of PostgreSQL 16.5 and later, and 5 more."""
        made = self.made({"defaults": {"parameter_reserve": ["Kept"]}}, parameter_reserve=5, max_connections=300)
        capacity = made.tally.databases["db"].capacity
        assert (capacity.engine_reserve, capacity.engine_reserve_assumed, capacity.limit_assumed) == (14, True, False)
        assert "slots reserved by the parameter group 5 rests on the default" in only(made, "assumed").message

    def test_a_version_that_decides_what_is_reserved_is_named(self) -> None:
        """16.5 brought 4 slots that are reserved; of an unknown version the most is taken."""
        made = self.made({"defaults": {"engine_version": ["Version"]}}, engine_version="16.4", max_connections=300)
        assert set(made.tally.databases["db"].capacity.reserve_defaults) == {"engine_version"}

    def test_the_most_of_one_role_is_named(self) -> None:
        defaults = {"defaults": {"parameter_per_role": ["PerUser"]}}
        made = self.made(defaults, engine="mysql", engine_version="8.0.40", parameter_per_role=50)
        assert "connections of one role by the parameter group 50 rests on the default" in only(made, "assumed").message


def test_a_proxys_share_carries_its_asterisk_and_is_named() -> None:
    front = {"database": "orders", "max_connections_percent": 70, "sources": {"max_connections_percent": "read"}}
    made = planned({}, proxies={"front": {**front, "defaults": {"max_connections_percent": ["Share"]}}})
    finding = only(made, "assumed")
    assert "max_connections_percent 70 rests on the default of the parameter Share" in finding.message
    assert finding.fix == "give --parameter Share=…"
    assert "proxy, 70* % of the server" in FORMATS["text"](made)


def test_a_proxy_whose_timeout_alone_is_unknown_is_asked_for_that() -> None:
    front = {"database": "orders", "max_connections_percent": 70, "idle_client_timeout": {"unknown": "computed"}}
    assert only(planned({}, proxies={"front": front}), "assumed").fix == "give idle_client_timeout"


@pytest.mark.parametrize("kind", [Database, Proxy])
def test_entries_read_their_marks(kind: Any) -> None:
    read = kind.read(
        "x", {"database": "d", "defaults": {"a": ["P"]}} if kind is Proxy else {"defaults": {"a": ["P"]}}, "p"
    )
    assert read.defaults == {"a": ("P",)}
