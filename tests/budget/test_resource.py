"""Where an entry is defined."""

import pytest

from constructs_lib.budget.resource import Resource
from constructs_lib.budget.schema import DocumentError


def test_a_resource_is_written_as_it_was_read() -> None:
    for value in ({"logical_id": "Service9571FDD8"}, {"logical_id": "Service", "template": "api.template.json"}):
        assert Resource.read(value, "resource").to_json() == value


def test_a_resource_has_a_name() -> None:
    with pytest.raises(DocumentError, match=r"^resource\.logical_id: is required: the resource's name"):
        Resource.read({"template": "api.template.json"}, "resource")
