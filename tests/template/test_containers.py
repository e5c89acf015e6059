"""The variables of containers."""

from typing import Any

import pytest

from constructs_lib.limits import Unknown
from constructs_lib.template.containers import definitions, environments, unreadable
from constructs_lib.template.environment import Environment, variable
from constructs_lib.template.unresolved import Unresolved


def read(*containers: Any) -> dict[str, Environment]:
    return environments({"ContainerDefinitions": list(containers)})


def test_every_container_has_its_own_variables() -> None:
    web = {"Name": "web", "Environment": [{"Name": "DB_POOL_SIZE", "Value": "10"}, {"Name": "LEVEL", "Value": "info"}]}
    found = read(web, {"Name": "sidecar"})
    assert found == {"web": {"DB_POOL_SIZE": "10", "LEVEL": "info"}, "sidecar": {}}


def test_a_value_that_is_computed_or_secret_is_unknown() -> None:
    web = {
        "Name": "web",
        "Environment": [
            {"Name": "DB_POOL_SIZE", "Value": {"Ref": "Size"}},
            {"Name": "DB_MAX_OVERFLOW", "Value": 5},
        ],  # CloudFormation makes a text of it
        "Secrets": [{"Name": "DB_POOL_TIMEOUT", "ValueFrom": "arn"}],
    }
    assert read(web)["web"] == {
        "DB_POOL_SIZE": Unknown("its value is Ref Size"),
        "DB_MAX_OVERFLOW": "5",
        "DB_POOL_TIMEOUT": Unknown("it is a secret"),
    }


def test_a_variable_that_is_set_twice_is_unknown_even_if_one_value_is_right() -> None:
    twice = [{"Name": "DB_POOL_SIZE", "Value": "10"}, {"Name": "DB_POOL_SIZE", "Value": "99"}]
    assert read({"Name": "web", "Environment": twice})["web"] == {"DB_POOL_SIZE": Unknown("it is set more than once")}


def test_a_log_router_is_no_client_of_a_database() -> None:
    router = {"Name": "log_router", "FirelensConfiguration": {"Type": "fluentbit"}}
    assert list(read({"Name": "web"}, router)) == ["web"]


@pytest.mark.parametrize("router", [None, {}, {"Fn::If": ["Logs", {"Type": "fluentbit"}, {"Ref": "AWS::NoValue"}]}])
def test_a_container_that_may_be_no_log_router_is_one_as_any_other(router: dict[str, Any] | None) -> None:
    assert list(read({"Name": "web", "FirelensConfiguration": router})) == ["web"]
    assert list(definitions({"ContainerDefinitions": [{"Name": "web", "FirelensConfiguration": router}]})) == ["web"]


@pytest.mark.parametrize(
    "strange", [None, 5, "web", {"Fn::If": ["A", [], []]}, [None, 5, "x", []], [{"Environment": 5}]]
)
def test_strange_definitions_have_no_variables_and_do_no_harm(strange: object) -> None:
    assert all(variables == {} for variables in environments({"ContainerDefinitions": strange}).values())


def test_a_variable_that_a_condition_adds_is_unknown() -> None:
    added = {"Fn::If": ["Large", {"Name": "DB_POOL_SIZE", "Value": "50"}, {"Ref": "AWS::NoValue"}]}
    found = read({"Name": "web", "Environment": [added]})["web"]
    assert found == {"DB_POOL_SIZE": Unknown("it is set where a condition holds: Fn::If …")}
    twice = read({"Name": "web", "Environment": [{"Name": "DB_POOL_SIZE", "Value": "5"}, added]})["web"]
    assert twice == {"DB_POOL_SIZE": Unknown("it is set more than once")}


def test_a_container_that_is_there_in_two_ways_has_only_what_both_agree_on() -> None:
    small = {"Name": "web", "Environment": [{"Name": "DB_POOL_SIZE", "Value": "5"}, {"Name": "A", "Value": "1"}]}
    large = {"Name": "web", "Environment": [{"Name": "DB_POOL_SIZE", "Value": "50"}, {"Name": "A", "Value": "1"}]}
    found = read({"Fn::If": ["Large", large, small]})
    assert found == {"web": {"A": "1", "DB_POOL_SIZE": Unknown("the container is defined in two ways")}}


@pytest.mark.parametrize("name", [{"Fn::Sub": "${Prefix}POOL_SIZE"}, {"Ref": "Name"}, None, 5])
def test_beside_a_variable_whose_name_is_not_plain_none_is_known(name: object) -> None:
    given = [{"Name": "DB_POOL_SIZE", "Value": "5"}, {"Name": name, "Value": "500"}]
    found = read({"Name": "web", "Environment": given})["web"]
    assert set(found) == {"DB_POOL_SIZE"}
    assert isinstance(found["DB_POOL_SIZE"], Unknown)
    assert found["DB_POOL_SIZE"].reason.startswith("a variable beside it has a name that is ")


def test_beside_variables_that_a_mapping_may_add_none_is_known() -> None:
    added = {"Fn::FindInMap": ["Environments", "Prod", "Pool"]}
    found = read({"Name": "web", "Environment": [{"Name": "DB_POOL_SIZE", "Value": "5"}, added]})["web"]
    assert isinstance(found["DB_POOL_SIZE"], Unknown)


def test_an_entry_that_is_taken_away_is_none() -> None:
    given = [{"Name": "DB_POOL_SIZE", "Value": "5"}, {"Ref": "AWS::NoValue"}]
    assert read({"Name": "web", "Environment": given})["web"] == {"DB_POOL_SIZE": "5"}


def test_what_a_file_or_a_hidden_definition_may_set_is_unknown_and_what_is_written_out_is_known() -> None:
    filed = {"Name": "web", "EnvironmentFiles": [{"Value": "arn"}], "Environment": [{"Name": "A", "Value": "1"}]}
    for found in (read(filed)["web"], next(iter(read({"Ref": "Container"}).values()))):
        assert isinstance(variable(found, "B"), Unknown)
    assert variable(read(filed)["web"], "A") == "1"
    assert variable(read({"Name": "web", "EnvironmentFiles": []})["web"], "B") is None


def test_a_definition_that_is_an_intrinsic_function_is_told_from_one_that_is_written_out() -> None:
    assert unreadable({"ContainerDefinitions": [{"Name": "web"}]}) is None
    assert isinstance(unreadable({"ContainerDefinitions": [{"Name": "web"}, {"Ref": "Container"}]}), Unknown)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("web", "web"),
        ({"Ref": "ServiceName"}, "Ref ServiceName"),
        (Unresolved("Ref", "ServiceName", "it has no default: none"), "Ref ServiceName"),
        ({"Fn::Sub": "${Stage}-web"}, "Fn::Sub ${Stage}-web"),
        (None, "not given"),
    ],
)
def test_a_container_goes_by_the_words_for_its_name_everywhere(name: object, words: str) -> None:
    made = {"ContainerDefinitions": [{"Name": name}]}
    assert list(definitions(made)) == list(environments(made)) == [words]


def test_a_key_that_is_null_in_one_of_the_two_is_as_good_as_absent() -> None:
    both = [{"Name": "web"}, {"Name": "web", "Command": None}]
    assert definitions({"ContainerDefinitions": both}) == {"web": {"Name": "web", "Command": None}}


def test_names_that_are_computed_differently_are_two_containers_though_the_words_are_the_same() -> None:
    one, other = ({"Fn::Join": ["-", [{"Ref": stage}, "web"]]} for stage in ("Stage", "Other"))
    assert list(read({"Name": one}, {"Name": other}, {"Name": one})) == ["Fn::Join …", "Fn::Join … (2)"]


def test_beside_a_secret_whose_name_is_computed_no_variable_is_known() -> None:
    found = read({"Name": "web", "Secrets": [{"Name": {"Ref": "Name"}, "ValueFrom": "arn"}]})["web"]
    assert variable(found, "DB_POOL_SIZE") == Unknown("a secret beside it has a name that is Ref Name")
