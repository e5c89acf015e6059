from collections import Counter
from pathlib import Path

from rich.console import Console

from storm.picture import aligned, draw
from storm.rehearsal import PHASES, Outcome, PhaseOutcome
from storm.sampler import Sample
from storm.sizing import SIZINGS
from storm.table import markdown, table
from tests.storm.test_sizing import DEPLOYMENT


def outcome() -> Outcome:
    """Five phases, each of two seconds but the first, of one; a sample in the middle of each."""
    bounds = [(0.0, 1.0), *((1.0 + 2 * index, 3.0 + 2 * index) for index in range(4))]
    return Outcome(
        sizing=SIZINGS["guess"],
        pool=SIZINGS["guess"].size(DEPLOYMENT, "api"),
        phases=[
            PhaseOutcome(name=name, began_s=began, ended_s=ended, peak=10, refused=index, served=5)
            for index, (name, (began, ended)) in enumerate(zip(PHASES, bounds, strict=True))
        ],
        samples=[Sample((began + ended) / 2, Counter(api=10)) for began, ended in bounds],
    )


def test_every_phase_is_as_wide_as_any_other() -> None:
    assert aligned(outcome()) == [(0.5, 10), (1.5, 10), (2.5, 10), (3.5, 10), (4.5, 10)]


def test_the_picture_names_the_limit_and_the_refusals(tmp_path: Path) -> None:
    """120 − 9 reserved − 1 that watches = 110; 0 + 1 + 2 + 3 + 4 = 10 refused."""
    draw(tmp_path / "storm.svg", DEPLOYMENT, [outcome()])
    svg = (tmp_path / "storm.svg").read_text(encoding="utf-8")
    assert "110 = 120 − 9 reserved − 1 that watches" in svg
    assert "guess, 100 + 20: 10 refused" in svg


def test_the_table_has_the_refusals_of_every_phase() -> None:
    console = Console(width=150)
    with console.capture() as capture:
        console.print(table(DEPLOYMENT, [outcome()]))
    (row,) = [line for line in capture.get().splitlines() if "100 + 20 │" in line]
    cells = [cell.strip() for cell in row.strip("│").split("│")]
    assert cells == ["guess", "100 + 20", "0", "1", "2", "3", "4", "10", "0", "0", "10", "0", "–"]


def test_the_tables_to_paste_have_the_same_row() -> None:
    lines = markdown([outcome()]).splitlines()
    assert "| guess | 100 + 20 | 10 | 0 | 0 | 10 |" in lines
    assert "| guess | 100 + 20 | 0 | 1 | 2 | 3 | 4 | 10 | 0 | 0 | 10 | 0 | – |" in lines
