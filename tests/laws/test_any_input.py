"""Whatever is handed in: a document, or one reason on one line why it is none."""

import copy
import json
from typing import Any

from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import plan
from constructs_lib.budget.schema import DocumentError
from constructs_lib.cli.commands import commands
from tests.laws.plan_shape import check_plan
from tests.laws.strategies import LAW, documents, json_values

Json = dict[str, Any]

HUGE = {"schema": 1, "databases": {"orders": {"engine": "aurora-mysql", "max_acu": 10**400}}}
CONTROL: Json = {"schema": 1, "databases": {"orders": {"a\nb": 1, "sources": {"a\nb": "said"}}}}


def read_or_refused(value: object) -> None:
    try:
        document = Document.read(value)
    except DocumentError as error:
        refusal = str(error)
    else:
        check_plan(plan(document).to_json())
        return
    assert refusal.isprintable(), refusal
    assert len(refusal) < 1500


@LAW
@given(json_values)
def test_any_json_value_is_a_document_or_refused_on_one_line(value: object) -> None:
    read_or_refused(value)


@st.composite
def changed_documents(draw: st.DrawFn) -> Json:
    """A document in which one value, somewhere, is anything at all; or one key more."""
    document = copy.deepcopy(draw(documents()))
    here: Json = document
    while True:
        key = draw(st.sampled_from(sorted(here)))
        if not isinstance(here[key], dict) or not here[key] or draw(st.integers(0, 3)) == 0:
            break
        here = here[key]
    if draw(st.booleans()):
        here[key] = draw(json_values)
    else:
        here[draw(st.text(max_size=5) | st.just("sources"))] = draw(json_values)
    return document


@settings(LAW, max_examples=200)
@given(changed_documents())
@example(HUGE)
@example(CONTROL)
def test_a_document_with_one_value_changed_is_a_document_or_refused_on_one_line(document: Json) -> None:
    read_or_refused(document)


def refused(content: bytes) -> bool:
    """Run the command on a file of this content; anything but a plan has to be one line on stderr."""
    result = CliRunner().invoke(commands, ["plan", "-", "--format", "json"], input=content)
    assert result.exception is None or isinstance(result.exception, SystemExit), content
    if result.exit_code == 2:
        assert result.stdout == ""
        assert result.stderr.startswith("connection-budget: standard input: ")
        assert result.stderr.endswith("\n")
        assert result.stderr[:-1].isprintable()
        return True
    plan = json.loads(result.stdout)
    assert result.exit_code == (0 if plan["fits"] else 1)
    check_plan(plan)
    return False


@LAW
@given(st.binary(max_size=200))
def test_bytes_at_random_are_refused_by_the_command_on_one_line(content: bytes) -> None:
    assert refused(content)


PIECES = ["{", "}", "[", "]", ",", ":", '"', '"schema":1', '"databases":{}', "null", "1e999", "NaN", "-", "\\u00", "é"]


@LAW
@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
@example('{"schema":1,"databases":{"orders":{"max_acu":1' + "0" * 400 + "}}}")
def test_text_that_is_nearly_json_is_refused_by_the_command_on_one_line(content: str) -> None:
    assert refused(content.encode())


@LAW
@given(changed_documents())
def test_the_command_takes_any_document_or_refuses_it_on_one_line(document: Json) -> None:
    refused(json.dumps(document).encode())
