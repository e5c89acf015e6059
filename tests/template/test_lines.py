"""The lines on which resources begin."""

from constructs_lib.template.lines import lines_of

YAML = """\
Parameters:
  Api:
    Type: String
Resources:
  Api: # the API
    Type: AWS::ECS::Service
  "Db":
    Type: AWS::RDS::DBInstance
Outputs:
  Db:
    Value: x
"""
JSON = """{
  "Outputs": {"Api": {"Value": 1}},
  "Resources": {
    "Api": {
      "Type": "AWS::ECS::Service"
    }, "Db": {"Type": "AWS::RDS::DBInstance"}
  }
}
"""


def test_a_resource_is_found_in_yaml_and_not_a_parameter_or_an_output_of_its_name() -> None:
    assert lines_of(YAML, ["Api", "Db", "Gone"]) == {"Api": 5, "Db": 7}


def test_a_resource_is_found_in_json_however_it_is_written() -> None:
    assert lines_of(JSON, ["Api", "Db"]) == {"Api": 4, "Db": 6}
    assert lines_of('{"Resources":{"Api":{"Type":"x"},"Db":{}}}', ["Api", "Db"]) == {"Api": 1, "Db": 1}


def test_where_there_are_no_resources_nothing_is_found() -> None:
    assert lines_of("", ["Api"]) == {}
