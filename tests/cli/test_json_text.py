"""Templates in JSON in which a key stands twice."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.cli.json_text import JsonTextError, read_json

TEXTS = st.text(st.sampled_from('a":\\ {}[],/\u2028\n'), max_size=5)
VALUES: Any = st.recursive(
    TEXTS | st.integers(0, 3),
    lambda inner: st.lists(inner, max_size=3) | st.lists(st.tuples(TEXTS, inner), max_size=3).map(tuple),
    max_leaves=8,
)
"""Objects are tuples of pairs, which may have a key twice."""


def _written(value: Any, colon: str) -> str:
    if isinstance(value, tuple):
        return "{" + ",".join(f"{json.dumps(key)}{colon}{_written(item, colon)}" for key, item in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_written(item, colon) for item in value) + "]"
    return json.dumps(value)


def _twice(value: Any) -> bool:
    if isinstance(value, tuple):
        return len(dict(value)) < len(value) or any(_twice(item) for _, item in value)
    return isinstance(value, list) and any(map(_twice, value))


def noted(text: str) -> tuple[Any, list[str]]:
    """What a text is read as, and what is said of it."""
    said: list[str] = []
    return read_json(text.encode(), said.append), said


@given(VALUES, st.sampled_from([":", ": ", " : ", "\n:"]))
def test_a_key_is_noted_where_it_stands_twice_in_one_object_and_nowhere_else(value: Any, colon: str) -> None:
    """The later one counts: so does CloudFormation, and so does the standard library."""
    text = _written(value, colon)
    found, said = noted(text)
    assert found == json.loads(text)
    assert bool(said) == _twice(value)
    assert all("stands twice in one object" in words for words in said)


def test_what_the_cdk_has_written_is_not_looked_through_for_keys_that_stand_twice() -> None:
    """It writes none, and to look takes a third of the time of reading."""
    assert noted('{"a": 1, "a": 3, "Metadata": {"aws:cdk:path": "Shop/Api"}}') == (
        {"a": 3, "Metadata": {"aws:cdk:path": "Shop/Api"}},
        [],
    )


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "b": 2, "a": 3}',
        '{"x": ":", "a" : 1, "a": 3}',
        '{"x\\\\": 1, "a": 1, "a": 3}',
        '{"x": "\\":", "a": 1, "a": 3}',
        '{"x": "\\u003a\\u003A", "a": 1, "a": 3}',
        '{"x": "\\u003a", "a": 1, "a": 3}',  # as many colons as are written again
        '{"x": "\\u003A", "a": 1, "a": 3}',
    ],
)
def test_no_text_that_looks_like_a_key_hides_it(text: str) -> None:
    (words,) = noted(text)[1]
    assert words.startswith("the key 'a' stands twice")


def test_the_words_name_what_stands_beside_it() -> None:
    assert noted('{"Svc": {"DesiredCount": 300, "Cluster": "c", "DesiredCount": 3}}') == (
        {"Svc": {"DesiredCount": 3, "Cluster": "c"}},
        ["the key 'DesiredCount' stands twice in one object (beside 'Cluster')"],
    )


@pytest.mark.parametrize(
    "text",
    [
        "1234567890123456789",  # more than a float holds
        '{"a": 1E2, "b": [0.10, -0]}',
        '{"caf\\u00e9": "\\/"}',
        '"\\ud800"',  # half of a character
        f"{'[' * 600}{']' * 600}",
        '{"a b": 1, "ab": 2}',
    ],
)
def test_what_is_written_in_another_way_than_usual_is_read_as_the_standard_library_does(text: str) -> None:
    assert noted(text) == (json.loads(text), [])


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a": -Infinity}'])
def test_a_number_that_json_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(JsonTextError, match="is not a number that JSON has"):
        noted(text)
