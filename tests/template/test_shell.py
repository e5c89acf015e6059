"""A shell's script as the commands that it runs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.limits import Unknown
from constructs_lib.template.environment import Environment
from constructs_lib.template.shell import ShellError, arguments, assign, expanded, jobs
from tests.laws.strategies import LAW


def words(script: str) -> list[list[list[str]]]:
    return [[command.words for command in job] for job in jobs(script)]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a b; c && d || e", [[["a", "b"], ["c"], ["d"], ["e"]]]),
        ("a & b | c", [[["a"]], [["b"]], [["c"]]]),
        ("a 'b; c' \"d & e\" f\\ g", [[["a", "b; c", "d & e", "f g"]]]),
        ("a >log 2>&1 <in b", [[["a", "b"]]]),
        ("a &>log; b", [[["a"], ["b"]]]),
        ("a # b; c\nd#e", [[["a"], ["d#e"]]]),
        ("a \\\n  b", [[["a", "b"]]]),
        ("a $(b; c) `d & e` ${F:-g; h}", [[["a", "$(b; c)", "`d & e`", "${F:-g; h}"]]]),
        ('a "$(b "c")"', [[["a", '$(b "c")']]]),
        ("for a in b c; do d $a; done", [[["read", "a"], ["d", "$a"]]]),
        ("if a; then b; elif c; then d; else e; fi", [[["a"], ["b"], ["c"], ["d"], ["e"]]]),
        ("case $A in b|c) d;; *) e;; esac", [[], [["c"], ["d"], ["*"], ["e"]]]),
        ("(a; b) & { c; }", [[["a"], ["b"]], [["c"]]]),
        ("", [[]]),
    ],
)
def test_a_script_is_what_runs_at_once_and_what_runs_one_after_the_other(
    script: str, expected: list[list[list[str]]]
) -> None:
    assert words(script) == expected


def test_what_is_within_a_loop_is_told_from_what_comes_after_it() -> None:
    looped = [(command.words[0], command.looped) for job in jobs("while a; do b; done; c") for command in job]
    assert looped == [("a", True), ("b", True), ("c", False)]


def test_what_a_loop_starts_in_the_background_is_repeated_unless_it_is_awaited_at_once() -> None:
    script = "while a; do b & done; c & while d; do e & pid=$!; wait $pid; f; done"
    found = {command.words[0]: command.repeated for job in jobs(script) for command in job}
    assert [name for name, repeated in found.items() if repeated] == ["a", "b"]


@pytest.mark.parametrize(
    "script",
    [
        "a 'b",
        'a "b',
        "a `b",
        "a $(b",
        "a ${b",
        "a \\",
        "cat <<E\na\nE",
        "a <(b)",
        "a=(b)",
        "f() { a; }; f",
        "function f { a; }",
        "a" * 20_001,
    ],
)
def test_what_is_not_understood_is_said(script: str) -> None:
    with pytest.raises(ShellError):
        jobs(script)


def test_a_value_is_several_words_unless_it_is_quoted_and_none_where_it_is_literal() -> None:
    ((plain, quoted, literal),) = jobs("$A b; \"$A\" b; '$A' b")
    known = {"A": "1 2"}
    assert arguments(plain.words, known, ()) == ["1", "2", "b"]
    assert arguments(quoted.words, known, ()) == ["1 2", "b"]
    assert arguments(literal.words, known, ()) == ["$A", "b"]
    assert arguments(["a", "$@"], {}, ["b c", "d"]) == ["a", "b c", "d"]


def test_a_default_stands_where_nothing_else_can_be_set() -> None:
    assert expanded("${A:-2}${B-3}${C:-${D:-4}}", {"B": ""}) == "24"
    hidden = Environment({}, Unknown("a file may set it"))
    assert expanded("${A:-2}", hidden) == "${A:-2}"


def test_a_variable_that_is_set_to_two_values_is_unknown() -> None:
    variables = Environment({"A": "1"})
    assert assign("A=1", variables)
    assert variables["A"] == "1"
    assert assign("A=2", variables)
    assert isinstance(variables["A"], Unknown)
    assert assign("A=3", variables, over=True)
    assert variables["A"] == "3"
    assert not assign("--a=1", variables)


@LAW
@given(st.text(st.sampled_from(list("ab '\"\\$`(){};&|<>#\n=-")), max_size=40))
def test_any_script_is_read_or_said_not_to_be_understood(script: str) -> None:
    try:
        found = jobs(script)
    except ShellError:
        return
    assert all(command.words for job in found for command in job)
