"""The number of pools is not known."""

import pytest

from tests.budget.orders import entry, findings, only, planned


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("tasks", "a token"),
        ("max_tasks", "a token"),
        ("maximum_percent", "a token"),
        ("deployment", "a token"),
        ("processes", "processes: a token"),
    ],
)
def test_one_unknown_factor_is_an_error(key: str, reason: str) -> None:
    made = planned({"api": entry(**{"tasks": 1, key: {"unknown": "a token"}})})
    finding = only(made, "unknown-tasks")
    assert (finding.severity.value, finding.subject) == ("error", "api")
    assert finding.message == f"how many pools api opens is unknown, so nothing can be shown to fit: {reason}"
    assert not made.fits


def test_a_percentage_does_not_matter_to_a_blue_green_deployment() -> None:
    made = planned({"api": entry(tasks=1, deployment="blue-green", maximum_percent={"unknown": "a token"})})
    assert findings(made, "unknown-tasks") == []
    assert made.fits


def test_a_maximum_that_the_user_gave_makes_up_for_an_unknown_desired_count() -> None:
    made = planned({"api": entry(tasks={"unknown": "a token"}, max_tasks=4)})
    assert findings(made, "unknown-tasks") == []
    assert made.to_json()["databases"]["orders"]["scenarios"]["steady"] == 664


def test_an_unknown_concurrency_is_an_error() -> None:
    made = planned({"workers": entry(kind="celery", concurrency={"unknown": "a token"})})
    assert only(made, "unknown-tasks").message.endswith(": concurrency: a token")


@pytest.mark.parametrize(("built", "how"), [({}, "kind: service"), ({"construct_path": "Shop/Budget"}, "add_service")])
def test_workers_whose_containers_start_something_else_are_to_be_a_service(built: dict[str, str], how: str) -> None:
    """No number of tasks or children would help, and none is proposed."""
    workers = entry(kind="celery", tasks=1, concurrency=1, extra_connections={"unknown": "it is gunicorn"}, **built)
    finding = only(planned({"workers": workers}), "unknown-tasks")
    assert finding.message.endswith("nothing can be shown to fit: extra_connections: it is gunicorn")
    assert finding.fix.startswith(f"make it a service ({how}), which counts every process")
    assert finding.fixes == ()


def test_a_workload_beside_one_that_is_unknown_has_a_finding_of_its_own() -> None:
    """Whoever acknowledges that of `batch` has not acknowledged that `api` is given no pool."""
    made = planned({"batch": entry(tasks={"unknown": "a token"}), "api": entry(tasks=4)})
    (found,) = [finding for finding in findings(made, "unknown-tasks") if finding.subject == "api"]
    assert found.severity.value == "error"
    assert found.message == (
        "api cannot be sized, so nothing can be shown to fit, because the pools of batch are not known in number"
    )
    assert made.environments()["api"] == {}


def test_a_workload_beside_a_pool_without_a_limit_has_a_finding_of_its_own() -> None:
    made = planned({"batch": entry(tasks=1, pool_size=0, max_overflow=5), "api": entry(tasks=4)})
    assert only(made, "unknown-tasks").message.endswith("because a pool of batch has no limit")


@pytest.mark.parametrize("route", [{}, {"proxy": "front"}])
def test_a_workload_beside_or_behind_a_proxy_whose_share_is_unknown_has_a_finding_of_its_own(
    route: dict[str, str],
) -> None:
    proxies = {"front": {"database": "orders", "max_connections_percent": {"unknown": "a token"}}}
    message = only(planned({"api": entry(tasks=4, **route)}, proxies=proxies), "unknown-tasks").message
    assert message.endswith("because the share of max_connections that front may open is not known")


def test_of_many_reasons_three_are_named() -> None:
    unknown = {f"b{index}": entry(tasks={"unknown": "a token"}) for index in range(5)}
    found = findings(planned({**unknown, "api": entry(tasks=4)}), "unknown-tasks")
    message = next(finding.message for finding in found if finding.subject == "api")
    assert message.endswith("the pools of b2 are not known in number, 2 more are as open")


def test_what_is_known_of_a_number_is_said_and_no_smaller_one_is_proposed() -> None:
    """Of 670 usable, with pools of 20 at 100 %, 33 tasks fit (660) and 34 do not (680)."""
    api = {"tasks": 1, "pool_size": 20, "max_overflow": 0}
    for known, fixes in ((33, [("max_tasks", 33)]), (34, [])):
        most = {"unknown": "a token", "at_least": known}
        finding = only(planned({"api": entry(**api, max_tasks=most)}), "unknown-tasks")
        assert finding.message.endswith(f"nothing can be shown to fit: a token; max_tasks is {known} or more")
        assert [(fix.changes[0].key, fix.changes[0].after) for fix in finding.fixes] == fixes


def test_of_children_too_no_smaller_number_is_proposed() -> None:
    known = {"unknown": "a token", "at_least": 700}
    assert only(planned({"workers": entry(kind="celery", tasks=1, concurrency=known)}), "unknown-tasks").fixes == ()


def fix(**api: object) -> str:
    """What is to be given, without the number that fits."""
    return only(planned({"api": entry(**api)}), "unknown-tasks").fix.partition(";")[0]


@pytest.mark.parametrize(
    ("unknown", "keys"),
    [
        (("tasks",), "max_tasks"),
        (("max_tasks",), "max_tasks"),
        (("maximum_percent", "processes"), "maximum_percent and processes"),
        (("deployment",), "deployment"),
    ],
)
def test_what_is_to_be_given_is_what_is_not_known(unknown: tuple[str, ...], keys: str) -> None:
    api = {"tasks": 1, **{key: {"unknown": "a token"} for key in unknown}}
    assert fix(**api) == f"give a plain number in the template, or {keys} in the budget"


def test_where_it_is_to_be_given_is_said_in_the_readers_terms() -> None:
    api = {"tasks": 1, "processes": {"unknown": "a token"}}
    assert fix(**api, construct_path="Shop/Budget").endswith("or processes_per_task in the budget")
    assert fix(**api, evidence="DB_HOST").endswith("or processes in a connection-budget.yml")
    deployment = {"tasks": 1, "deployment": {"unknown": "a token"}, "construct_path": "Shop/Budget"}
    assert fix(**deployment) == "give a plain number in the template"


def test_a_parameter_without_a_default_is_to_be_given_where_there_is_a_command_line() -> None:
    tasks = {"unknown": "DesiredCount is Ref Count: the parameter Count has no default"}
    assert fix(tasks=tasks).startswith("give the parameter (--parameter Count=…), or a plain number")
    assert "--parameter" not in fix(tasks=tasks, construct_path="Shop/Budget")


@pytest.mark.parametrize(
    ("built", "way"),
    [
        ({"construct_path": "Shop/Budget"}, "add_reservation as many connections, with it as client"),
        ({"resource": {"logical_id": "Fill"}}, "in a connection-budget.yml (fill: {kind: reserved, connections: N})"),
    ],
)
def test_a_function_that_something_else_bounds_may_be_reserved_for(built: dict[str, object], way: str) -> None:
    function = {"database": "orders", "kind": "function", "reserved_concurrency": {"unknown": "none is set"}, **built}
    words = only(planned({"fill": function}), "unknown-tasks").fix
    assert "reserve concurrency for the function (ReservedConcurrentExecutions)" in words
    assert way in words
