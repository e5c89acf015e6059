"""The comment on a pull request."""

from typing import Any

import pytest
from markdown_it import MarkdownIt

from constructs_lib.report.markdown import LONGEST, markdown
from tests.budget.orders import client, document, entry, planned, reached

Json = dict[str, Any]
RENDER = MarkdownIt("commonmark").enable("table")


def lines(workloads: Json, **database: Any) -> list[str]:
    return markdown(planned(workloads, **database)).split("\n")


def test_the_verdict_comes_first_and_the_databases_after_it() -> None:
    written = lines({"api": entry(tasks=4, processes=1)})
    assert written[0] == "## Connection budget: fits"
    assert written[4].endswith("| 670 | 664 | FITS: at most 664 of 670 connections (steady), 6 to spare |")


def test_errors_and_warnings_stand_before_anything_that_is_folded() -> None:
    """4 × 200 = 800 > 670."""
    written = lines({"api": entry(tasks=4, pool_size=200, max_overflow=0)})
    assert written[0] == "## Connection budget: does not fit"
    assert "DOES NOT FIT: 800 connections (steady), 670 usable, 130 too many" in written[4]
    (finding,) = [line for line in written if line.startswith("- **`overcommitted`**")]
    assert "<br>_Fix:_ any one of: pool_size=167 and max_overflow=0 for api" in finding
    assert written.index("### Errors") < written.index(finding) < written.index("<details>")


def test_what_is_unknown_is_a_question_mark_and_what_is_known_of_the_sum_its_least() -> None:
    written = lines({"api": entry(tasks={"unknown": "Ref Tasks"}), "report": entry(kind="reserved", connections=5)})
    assert "| 670 | ≥ 5 | CANNOT BE SHOWN TO FIT: not every workload has a number |" in written[4]
    assert any(line.startswith("| api | ? × 100 % × 1\\* | ? | none | ? | ? | ? |") for line in written)
    without_limit = lines({"api": entry(tasks=4)}, max_connections={"unknown": "Ref Most"})
    assert "| ? | ≥ 4 | CANNOT BE SHOWN TO FIT: max_connections is unknown |" in without_limit[4]
    assert "- `max_connections`: unknown: Ref Most" in without_limit


def test_a_database_that_nothing_connects_to_is_one_row() -> None:
    written = lines({})
    assert "| orders | 670 | 0 | nothing was found that connects, 670 usable |" in written
    assert not any("<summary>" in line for line in written)


def test_the_row_of_a_database_whose_clients_are_in_no_budget_says_so() -> None:
    made = reached(document({}, reserved={"engine": 3}), client("Host"))
    words = "nothing is counted that connects (1 client is not: see unbudgeted-client), 670\\* usable"
    assert f"| orders | 670 | 0 | {words} |" in markdown(made)


def test_assumptions_are_folded_away_and_counted() -> None:
    written = lines({"api": {"database": "orders"}})
    assert "<summary>What the plan assumes (1)</summary>" in written
    assert any(
        line.startswith("- assumed for api: a desired count of 1 task: where none is given, ECS keeps what runs;")
        for line in written
    )


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>", "</summary></details>", "a|b|c", "**x**", "@team", "`", "\\", "x" * 500]
)
def test_a_name_changes_nothing_but_itself(name: str) -> None:
    def tags(words: str) -> list[str]:
        return [f"{token.type} {token.tag}" for token in RENDER.parse(words)]

    plain = markdown(planned({"api": entry(tasks=4, pool_size=200, max_overflow=0)}))
    odd = markdown(planned({name: entry(tasks=4, pool_size=200, max_overflow=0)}))
    assert tags(odd) == tags(plain)


@pytest.mark.parametrize("name", ["w", "w" * 400, "注" * 400, "<&|>" * 100])
def test_however_much_there_is_to_say_it_fits_a_comment_and_the_verdict_is_there(name: str) -> None:
    workloads = {f"{name}{number}": entry(tasks=4, pool_size=200, max_overflow=-1) for number in range(600)}
    written = markdown(planned(workloads))
    assert LONGEST * 0.9 < len(written.encode()) <= LONGEST
    assert written.startswith("## Connection budget: does not fit\n")
    assert written.count("<details>") == written.count("</details>")
    shown = sum(line.startswith("- **`unbounded-pool`**") for line in written.split("\n"))
    assert f"_{600 - shown} more are left out here" in written


def test_why_a_discovered_workload_counts_is_folded_away_as_nothing_but_words() -> None:
    written = lines({"api": entry(tasks=4, evidence="DB_<HOST> of container '@a|b'"), "declared": entry(tasks=0)})
    start = written.index("<summary>What connects, and how that is known</summary>")
    assert written[start + 2 : start + 4] == [
        "- api connects to orders: DB\\_&lt;HOST&gt; of container '@<!-- -->a\\|b'",
        "",
    ]


def test_where_nobody_had_to_find_what_connects_there_is_nothing_to_say_of_it() -> None:
    assert not [line for line in lines({"api": entry(tasks=4)}) if "how that is known" in line]
