"""A table of many rows, laid out by the column.

Rich measures and wraps every cell by itself, which takes longer than the plan; a cell of many lines it does at once.
"""

from collections.abc import Iterable, Sequence
from io import StringIO

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

GAP = 2
"""Between two columns, and at both edges together."""
_NARROWEST = 8
_MEASURE = Console(file=StringIO())


def columns(
    headings: Sequence[str], sections: Sequence[Sequence[Sequence[str]]], *, width: int, name_width: int
) -> Table:
    """Sections of rows under headings, in at most `width` columns of a terminal.

    The first two columns are words: names are folded at `name_width`, and both where the numbers, which are never
    folded, leave no more room.
    """
    rows = [row for section in sections for row in section]
    widest = [
        max((cell_len(line) for text in texts for line in text.splitlines()), default=0)
        for texts in zip(headings, *rows, strict=True)
    ]
    words = width - sum(widest[2:]) - GAP * len(headings)
    name = max(_NARROWEST, min(widest[0], name_width, words - _NARROWEST))
    room = max(_NARROWEST, words - name)
    table = Table(box=SIMPLE_HEAD, padding=(0, GAP - 1, 0, 0), pad_edge=False)
    table.add_column("\n".join(_folded(headings[0], name)), no_wrap=True)
    table.add_column("\n".join(_folded(headings[1], room)), no_wrap=True)
    for heading in headings[2:]:
        table.add_column(heading, justify="right", no_wrap=True)
    for section in sections:
        lines = [line for row in section for line in _lines(row, name, room)]
        table.add_row(*(Text("\n".join(column)) for column in zip(*lines, strict=True)), end_section=True)
    return table


def _lines(row: Sequence[str], name: int, room: int) -> Iterable[Sequence[str]]:
    """A row as the lines that it takes."""
    first, second, *numbers = row
    names, words = _folded(first, name), _folded(second, room)
    for index in range(max(len(names), len(words))):
        rest = numbers if index == 0 else [""] * len(numbers)
        yield [*(texts[index] if index < len(texts) else "" for texts in (names, words)), *rest]


def _folded(text: str, width: int) -> Sequence[str]:
    if cell_len(text) <= width and "\n" not in text:
        return [text]
    return [line.plain.rstrip() for line in Text(text).wrap(_MEASURE, width, overflow="fold")]
