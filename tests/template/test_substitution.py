"""`Fn::Sub` texts."""

import time

import pytest

from constructs_lib.template.substitution import names, pieces, substitute

KNOWN = {"Stage": "prod", "Dollar": "${Other}"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", ("plain", True)),
        ("${Stage}-api", ("prod-api", True)),
        ("${ Stage }/${Stage}", ("prod/prod", True)),
        ("${!Stage} of ${Stage}", ("${Stage} of prod", True)),
        ("${Stage}/${Api.Name}", ("prod/${Api.Name}", False)),
        ("${!Stage}/${Api}", ("${!Stage}/${Api}", False)),
        ("${Dollar}", ("${Other}", True)),
        ("${Dollar}/${Api}", ("${Dollar}/${Api}", False)),
        ("${Stage", ("${Stage", True)),
        ("$Stage}", ("$Stage}", True)),
    ],
)
def test_known_variables_are_filled_in_and_others_stay(text: str, expected: tuple[str, bool]) -> None:
    assert substitute(text, KNOWN.get, 100) == expected


def test_a_text_that_would_grow_without_bound_stays_as_it_is() -> None:
    assert substitute("${A}" * 100, {"A": "x" * 50}.get, 4000) == ("${A}" * 100, False)


def test_unclosed_variables_are_passed_over_in_one_go() -> None:
    started = time.process_time()
    assert list(names("${" * 100_000)) == []
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", [("plain", None)]),
        ("${ Net }-app-${Stage}", [("", "Net"), ("-app-", "Stage"), ("", None)]),
        ("a${!Net}b${Net}", [("a${Net}b", "Net"), ("", None)]),
        ("${Net", [("${Net", None)]),
    ],
)
def test_a_text_is_taken_to_pieces_at_its_variables(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert list(pieces(text)) == expected
