"""What is written can be read, and reads the same."""

import json
from typing import Any

from hypothesis import given

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import plan
from tests.laws.planning import plan_json
from tests.laws.strategies import LAW, documents

Json = dict[str, Any]


@LAW
@given(documents())
def test_a_document_survives_json(document: Json) -> None:
    read = Document.read(document)
    text = json.dumps(read.to_json(), allow_nan=False)
    assert Document.read(json.loads(text)) == read
    assert json.dumps(Document.read(json.loads(text)).to_json()) == text


@LAW
@given(documents())
def test_a_document_that_was_written_has_every_key_that_was_given(document: Json) -> None:
    written = Document.read(document).to_json()
    for section in ("databases", "proxies", "workloads"):
        for name, entry in document.get(section, {}).items():
            assert written[section][name].keys() - {"sources"} == entry.keys() - {"sources"}


@LAW
@given(documents())
def test_a_plan_survives_json_and_the_document_that_it_was_made_from_gives_it_again(document: Json) -> None:
    made = plan(Document.read(document))
    assert plan_json(document) == made.to_json()
    again = plan(Document.read(json.loads(json.dumps(made.document.to_json()))))
    assert again == made
    assert again.environments() == made.environments()
