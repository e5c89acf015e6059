"""YAML as CloudFormation reads it."""

import math
from itertools import pairwise
from typing import Any

import pytest
import yaml
from hypothesis import given

from constructs_lib.cli import cloudformation_yaml
from constructs_lib.cli.cloudformation_yaml import YamlError, read_yaml
from tests.laws.strategies import LAW, json_values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!Ref Api", {"Ref": "Api"}),
        ("!Condition Prod", {"Condition": "Prod"}),
        ("!GetAtt Db.Endpoint.Address", {"Fn::GetAtt": ["Db", "Endpoint.Address"]}),
        ("!GetAtt [Db, Arn]", {"Fn::GetAtt": ["Db", "Arn"]}),
        ("!Sub 'a-${B}'", {"Fn::Sub": "a-${B}"}),
        ("!Sub ['${A}', {A: !Ref B}]", {"Fn::Sub": ["${A}", {"A": {"Ref": "B"}}]}),
        ("!If [Prod, 4, !Ref 'AWS::NoValue']", {"Fn::If": ["Prod", 4, {"Ref": "AWS::NoValue"}]}),
        ("!Join ['', [a, b]]", {"Fn::Join": ["", ["a", "b"]]}),
        ("!Select [0, !GetAZs '']", {"Fn::Select": [0, {"Fn::GetAZs": ""}]}),
        ("!Split [',', 'a,b']", {"Fn::Split": [",", "a,b"]}),
        ("!FindInMap [M, k, n]", {"Fn::FindInMap": ["M", "k", "n"]}),
        ("!ImportValue {'Fn::Sub': '${S}-x'}", {"Fn::ImportValue": {"Fn::Sub": "${S}-x"}}),
        ("!Base64 x", {"Fn::Base64": "x"}),
        ("!Cidr [a, 6, 5]", {"Fn::Cidr": ["a", 6, 5]}),
        ("!Transform {Name: AWS::Include}", {"Fn::Transform": {"Name": "AWS::Include"}}),
        (
            "!And [!Condition A, !Not [!Condition B]]",
            {"Fn::And": [{"Condition": "A"}, {"Fn::Not": [{"Condition": "B"}]}]},
        ),
        ("!Or [!Equals [a, b]]", {"Fn::Or": [{"Fn::Equals": ["a", "b"]}]}),
        ("!ToJsonString {a: 1}", {"Fn::ToJsonString": {"a": 1}}),
    ],
)
def test_every_short_form_has_its_long_form(text: str, expected: object) -> None:
    assert read_yaml(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2010-09-09", "2010-09-09"),
        ("012345678901", "012345678901"),
        ("123456789012", 123456789012),
        ("0", 0),
        ("-4", -4),
        ("0.5", 0.5),
        ("16.10", "16.10"),
        ("1e3", "1e3"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12:30:00", "12:30:00"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("1e999", "1e999"),
        ("9" * 5000, "9" * 5000),
        ("'4'", "4"),
        ("true", True),
        ("No", False),
        ("'true'", "true"),
        ("~", None),
        ("''", ""),
        ("!!str 4", "4"),
        ("!!int '4'", 4),
        ("=", "="),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_scalar_is_a_number_only_where_that_loses_nothing(text: str, expected: object) -> None:
    found = read_yaml(text)
    assert found == expected
    assert type(found) is type(expected)


def test_keys_are_texts_and_aliases_and_merges_are_written_out() -> None:
    text = "base: &b {a: 1, c: [x]}\none: *b\ntwo: {<<: *b, a: 2}\n3: {true: y}\n? &k key\n: *k\n"
    one = {"a": 1, "c": ["x"]}
    assert read_yaml(text) == {"base": one, "one": one, "two": {"a": 2, "c": ["x"]}, "3": {"true": "y"}, "key": "key"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: 1\na: 2", "line 2 column 1: the key 'a' stands twice in one mapping"),
        ("a: *b", "line 1 column 4: the alias 'b' is not defined before it"),
        ("a: &b [*b]", "line 1 column 8: the alias 'b' is not defined before it"),
        (
            "a: !!python/name:os.system x",
            "line 1 column 4: the tag !!python/name:os.system is none that a template may have",
        ),
        ("a: !<x> y", "line 1 column 4: the tag 'x' is none that CloudFormation knows"),
        ("a: 1\n---\nb: 2", "line 2 column 1: a second document begins, and a template is one"),
        ("[a]: 1", "line 1 column 1: a key that is no text"),
        ("a: {<<: 5}", "line 1 column 5: '<<' merges something that is no mapping"),
        ("[" * 102 + "]" * 102, "line 1 column 102: nested more than 100 levels deep"),
    ],
)
def test_what_no_template_may_have_is_refused_with_its_place(text: str, reason: str) -> None:
    with pytest.raises(YamlError) as refusal:
        read_yaml(text)
    assert str(refusal.value) == reason


@pytest.mark.parametrize("text", ["a: [", "a: 'b", "\ta: b", "a: b: c", "%YAML 9", "a: \x01", "a: b\n]"])
def test_what_is_no_yaml_is_refused_on_one_line(text: str) -> None:
    with pytest.raises(YamlError, match="not YAML: ") as refusal:
        read_yaml(text)
    assert str(refusal.value).isprintable()


def test_aliases_of_aliases_are_counted_as_if_they_were_written_out() -> None:
    """Ten values in each of nine levels: a thousand million of them in one page."""
    names = "abcdefghij"
    levels = [f"{name}: &{name} [{', '.join(['*' + inner] * 10)}]" for inner, name in pairwise(names)]
    with pytest.raises(YamlError, match="more than 1000000 values, with every alias written out"):
        read_yaml("\n".join(["a: &a x", *levels]))


@LAW
@given(json_values)
def test_what_yaml_writes_of_json_is_read_back(value: Any) -> None:
    def kept(item: Any) -> bool:
        if isinstance(item, dict):
            return all(key != "<<" and kept(inner) for key, inner in item.items())
        if isinstance(item, list):
            return all(map(kept, item))
        if isinstance(item, float):
            return math.isfinite(item) and "e" not in repr(item)
        return not isinstance(item, int) or item.bit_length() < 900  # some 300 digits; longer ones stay texts

    if kept(value):
        assert read_yaml(yaml.safe_dump(value)) == value


def test_without_the_c_library_the_same_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloudformation_yaml, "_LOADER", yaml.SafeLoader)
    assert read_yaml("a: &x [!Ref B, 2010-09-09]\nb: *x") == {"a": [{"Ref": "B"}, "2010-09-09"]} | {
        "b": [{"Ref": "B"}, "2010-09-09"]
    }
    with pytest.raises(YamlError, match="line 1 column 5: not YAML: "):
        read_yaml("a: [")


def test_of_a_key_that_stands_twice_the_later_one_counts_where_that_is_noted() -> None:
    said: list[str] = []
    assert read_yaml("a: 1\nb: {c: 1, c: 2}\na: 3", said.append) == {"a": 3, "b": {"c": 2}}
    assert said == [
        "line 2 column 11: the key 'c' stands twice in one mapping",
        "line 3 column 1: the key 'a' stands twice in one mapping",
    ]
