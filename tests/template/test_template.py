"""One template, by resource type."""

import pytest

from constructs_lib.template.template import Template

CONTENT = {
    "Metadata": {"ConnectionBudget": {"schema": 1}},
    "Resources": {
        "A": {"Type": "AWS::RDS::DBInstance", "Properties": {"Engine": "postgres"}},
        "B": {"Type": "AWS::RDS::DBInstance"},
        "C": {"Type": "AWS::ECS::Service", "Properties": {}},
    },
}


def test_resources_are_found_by_their_name_and_by_their_type() -> None:
    template = Template(CONTENT)
    assert template.properties("A") == {"Engine": "postgres"}
    assert template.properties("B") == {}
    assert template.properties("D") is None
    assert list(template.of_type("AWS::RDS::DBInstance")) == [("A", {"Engine": "postgres"}), ("B", {})]
    assert list(template.of_type("AWS::RDS::DBProxy")) == []


def test_the_budget_document_stands_in_the_metadata() -> None:
    assert Template(CONTENT).document == {"schema": 1}
    assert Template({}).document is None


@pytest.mark.parametrize("strange", [None, [], "x", 5, {"Resources": []}, {"Resources": {"A": 5, "B": {"Type": {}}}}])
def test_what_is_no_template_has_no_resources(strange: object) -> None:
    template = Template(strange)
    assert template.properties("A") is None
    assert template.document is None


def test_a_resource_whose_type_nobody_could_print_is_none() -> None:
    """No type of AWS has a control character, and a finding would have to say it."""
    made = Template({"Resources": {"Api": {"Type": "AWS::ECS::Service\x1f"}, "Db": {"Type": "AWS::RDS::DBInstance"}}})
    assert list(made.kinds) == ["AWS::RDS::DBInstance"]
