"""The table of many rows."""

from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.report.columns import columns
from constructs_lib.report.terminal import WIDTH, rendered

HEADINGS = ("Workload", "Tasks", "Steady", "Share")
WORDS = st.text("abc ×-界", max_size=60)
ROWS = st.lists(st.tuples(WORDS, WORDS, st.integers(0, 10**12).map(str), st.just("1.0 %")), min_size=1, max_size=5)
Rows = list[tuple[str, str, str, str]]


def printed(*sections: Rows) -> list[str]:
    return rendered(columns(HEADINGS, sections, width=WIDTH, name_width=12)).splitlines()


@given(ROWS, ROWS)
def test_whatever_the_words_every_row_has_its_number_whole(rows: Rows, totals: Rows) -> None:
    lines = printed(rows, totals)
    assert all(len(line) <= WIDTH for line in lines)
    numbers = [line.split()[-3] for line in lines if line.endswith("1.0 %")]
    assert numbers == [row[2] for row in [*rows, *totals]]


def test_a_row_that_is_folded_pushes_the_next_one_down() -> None:
    lines = printed([("a-name-of-more-than-twelve", "4 × 2", "8", "1 %"), ("b", "1", "1", "0 %")])
    assert lines[3:7] == [
        "a-name-of-mo  4 × 2       8    1 %",
        "re-than-twel",
        "ve",
        "b             1           1    0 %",
    ]
