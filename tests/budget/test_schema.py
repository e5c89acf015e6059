"""The keys of a document, and the error that names the place."""

from typing import Any

import pytest

from constructs_lib.budget.fleet import Deployment
from constructs_lib.budget.schema import (
    DocumentError,
    Field,
    choice,
    integer,
    nearest,
    or_unknown,
    plain,
    read_fields,
    shown,
    text,
    texts,
)
from constructs_lib.limits import Unknown

FIELDS = {"tasks": Field(integer(0), 1), "name": Field(text, required="nobody else knows it")}


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ([], "api: must be an object, got a list"),
        ({}, "api.name: is required: nobody else knows it"),
        (
            {"name": "x", "task": 1},
            "api: unknown key 'task', did you mean 'tasks'?; known keys: name, tasks",
        ),
        ({"name": "x", "zzzzzz": 1}, "api: unknown key 'zzzzzz'; known keys: name, tasks"),
        ({"name": "x", "tasks": -1}, "api.tasks: must be a whole number from 0 to 1000000, got -1"),
        ({"name": "x", "tasks": True}, "api.tasks: must be a whole number from 0 to 1000000, got true"),
        ({"name": "x", "tasks": 4.0}, "api.tasks: must be a whole number from 0 to 1000000, got 4.0"),
        ({"name": "x", "tasks": "4"}, "api.tasks: must be a whole number from 0 to 1000000, got '4'"),
        ({"name": "x", "tasks": None}, "api.tasks: must be a whole number from 0 to 1000000, got null"),
        ({"name": "x", "sources": {"tasks": "read"}}, "api.sources: 'tasks' is not given in this entry"),
        (
            {"name": "x", "sources": {"name": "guessed"}},
            "api.sources.name: must be one of declared, read, looked-up, documented, estimated, assumed, got 'guessed'",
        ),
        ({"name": "x", "sources": []}, "api.sources: must be an object, got a list"),
    ],
)
def test_an_entry_that_cannot_be_used_is_refused_with_place_value_and_what_is_allowed(
    entry: object, message: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        read_fields(entry, "api", FIELDS)
    assert str(caught.value) == message
    assert caught.value.place == message.partition(": ")[0]


@pytest.mark.parametrize("value", ["", "   ", "a\nb", "a\x1b[31mb", "a\u202eb", "\ud800", "x" * 501])
def test_a_name_is_1_to_500_printable_characters(value: str) -> None:
    with pytest.raises(DocumentError, match=r"^here: must be 1 to 500 printable characters, got "):
        text(value, "here")
    assert text("x" * 500, "here")


@pytest.mark.parametrize("word", ["blue-green", "BLUE_GREEN", "blue/green", " Blue Green "])
def test_a_choice_is_read_in_any_spelling(word: str) -> None:
    assert choice(Deployment)(word, "here") is Deployment.BLUE_GREEN


def test_a_choice_that_there_is_not_is_refused_with_those_there_are() -> None:
    for value in ("green", "", 1, None, ["rolling"]):
        with pytest.raises(
            DocumentError, match="must be one of rolling, blue-green, linear, canary, code-deploy, external, got"
        ):
            choice(Deployment)(value, "here")


def test_the_item_of_a_list_is_named_by_its_index() -> None:
    assert texts(["web", "sidecar"], "here") == ("web", "sidecar")
    with pytest.raises(DocumentError, match=r"^here\[1\]: must be a string, got 5"):
        texts(["web", 5], "here")
    strange: list[Any] = [[], "web", {"web": 1}]
    for value in strange:
        with pytest.raises(DocumentError, match=r"^here: must be a list of one or more strings"):
            texts(value, "here")


def test_an_unknown_has_a_reason_and_at_most_what_it_is_at_least() -> None:
    read = or_unknown(integer(0))
    assert read({"unknown": "a token"}, "here") == Unknown("a token")
    assert read(plain(Unknown("a token", 3)), "here") == Unknown("a token", 3)
    with pytest.raises(DocumentError, match=r"^here\.at_least: must be a whole number from 0 to"):
        read({"unknown": "a token", "at_least": -1}, "here")
    strange: list[dict[str, str]] = [{}, {"unknow": "x"}, {"unknown": "x", "why": "y"}]
    for value in strange:
        with pytest.raises(DocumentError, match=r'^here: must be a value or \{"unknown": "reason"\}, got an object'):
            read(value, "here")
    with pytest.raises(DocumentError, match=r"^here\.unknown: must be a string, got 5"):
        read({"unknown": 5}, "here")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "true"),
        (None, "null"),
        ({"a": 1}, "an object"),
        ([1], "a list"),
        ("é\n", r"'\xe9\n'"),
        ("x" * 99, "'" + "x" * 56 + "..."),
        (float("nan"), "nan"),
    ],
)
def test_a_value_is_shown_in_ascii_on_one_short_line(value: object, words: str) -> None:
    assert shown(value) == words
    assert len(words) <= 60


def test_a_number_that_python_does_not_write_is_shown_in_words() -> None:
    assert shown(10**5000) == "a number of thousands of digits"


def test_the_nearest_word_is_suggested_only_where_it_is_near() -> None:
    assert nearest("ordes", {"orders": None}) == ", did you mean 'orders'?"
    assert nearest("billing", {"orders": None}) == ""
    assert nearest(7, {"orders": None}) == ""
