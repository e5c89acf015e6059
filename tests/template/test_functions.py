"""Lambda functions."""

from constructs_lib.limits import Unknown
from constructs_lib.template.functions import function


def test_the_concurrency_and_the_variables_of_a_function_are_read() -> None:
    found = function({"ReservedConcurrentExecutions": 25, "Environment": {"Variables": {"HOST": {"Ref": "Db"}}}})
    assert found.reserved_concurrency == 25
    assert found.environment == {"HOST": {"Ref": "Db"}}


def test_a_function_without_a_reservation_has_no_bound_and_zero_is_one() -> None:
    assert function({}).reserved_concurrency is None
    assert function({"ReservedConcurrentExecutions": 0}).reserved_concurrency == 0
    open_ended = function({"ReservedConcurrentExecutions": {"Ref": "Most"}}).reserved_concurrency
    assert open_ended == Unknown("ReservedConcurrentExecutions is Ref Most")


def test_the_globals_of_a_serverless_template_stand_behind_its_own() -> None:
    shared = {"Environment": {"Variables": {"A": "1", "B": "1"}}, "ReservedConcurrentExecutions": 5}
    found = function({"Environment": {"Variables": {"B": "2"}}}, shared)
    assert found.environment == {"A": "1", "B": "2"}
    assert found.reserved_concurrency == 5


def test_variables_that_are_computed_as_a_whole_are_unknown() -> None:
    assert isinstance(function({"Environment": {"Fn::If": ["A", {}, {}]}}).environment, Unknown)
    assert isinstance(function({"Environment": {"Variables": {"Ref": "V"}}}).environment, Unknown)
    assert function({"Environment": None}).environment == {}
