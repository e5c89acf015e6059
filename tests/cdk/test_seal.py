"""Whether a document is still as it was written."""

from typing import Any

import pytest

from constructs_lib.cdk.notes import notes
from constructs_lib.cdk.seal import broken, seal
from tests.cdk.shop import Shop

pytestmark = pytest.mark.synth

WRITTEN: dict[str, Any] = {
    "databases": {"db": {"max_connections": 683, "min_acu": None, "memory": 2.0, "resource": {"logical_id": "Db"}}}
}


def test_only_what_cannot_be_read_again_is_held_against_the_seal(shop: Shop) -> None:
    """Null and 2.0 are what JavaScript leaves out and writes as 2; a logical id may be overridden until the end."""
    seal(shop, WRITTEN)
    name = shop.template_file

    same = {"databases": {"db": {"memory": 2, "max_connections": 683, "resource": {"logical_id": "Renamed"}}}}
    assert not broken(notes(shop.node.root), name, same)
    assert not broken(notes(shop.node.root), "another.template.json", {})
    assert broken(
        notes(shop.node.root), name, {"databases": {"db": {**same["databases"]["db"], "max_connections": 5000}}}
    )

    seal(shop, same | {"workloads": {}})
    assert broken(notes(shop.node.root), name, same), "the last one counts"
