"""A table of many rows.

Rich's own lays every cell out by itself, which takes longer than the plan of a thousand workloads, and was half of what
a synth paid for its budget: here Rich folds only what has to be folded.
"""

from collections.abc import Iterator, Sequence
from io import StringIO

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

GAP = "  "
_WORDS = 2
"""Columns, the first of all, that hold words: they are folded, and stand at the left."""
_NARROWEST = 8
_MEASURE = Console(file=StringIO())
Row = Sequence[str]


def columns(headings: Row, sections: Sequence[Sequence[Row]], *, width: int, name_width: int) -> Text:
    """Sections of rows under headings, in at most `width` columns of a terminal.

    The first two columns are words: names are folded at `name_width`, and both where the numbers, which are never
    folded, leave no more room.
    """
    rows = [row for section in sections for row in section]
    widest = [max(_length(cell) for cell in cells) for cells in zip(headings, *rows, strict=True)]
    room = width - sum(widest[_WORDS:]) - len(GAP) * (len(headings) - 1)
    name = max(_NARROWEST, min(widest[0], name_width, room - _NARROWEST))
    words = max(_NARROWEST, min(widest[1], room - name))
    words = max(cell_len(line) for row in (headings, *rows) for line in folded(row[1], words))
    widths = [name, words, *widest[_WORDS:]]
    head = list(_lines(headings, widths, at_the_end=True))
    rule = "─" * (sum(widths) + len(GAP) * (len(widths) - 1))
    body = ["\n".join(line for row in section for line in _lines(row, widths)) for section in sections]
    lines = ("\n", ("\n".join(head), "bold"), f"\n{rule}\n", "\n\n".join(body), "\n")
    return Text.assemble(*lines, no_wrap=True, overflow="ignore")


def _length(cell: str) -> int:
    return max(map(cell_len, cell.split("\n")))


def _lines(row: Row, widths: Sequence[int], *, at_the_end: bool = False) -> Iterator[str]:
    """A row as the lines that it takes; a cell of fewer stands on the first of them, or on the last."""
    cells = [folded(cell, width) for cell, width in zip(row[:_WORDS], widths, strict=False)]
    cells += [cell.split("\n") for cell in row[_WORDS:]]
    height = max(map(len, cells))
    for line in range(height):
        parts = []
        for index, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            place = line - (height - len(cell)) if at_the_end else line
            text = cell[place] if 0 <= place < len(cell) else ""
            padding = " " * (width - cell_len(text))
            parts.append(text + padding if index < _WORDS else padding + text)
        yield GAP.join(parts).rstrip()


def folded(text: str, width: int) -> list[str]:
    """The lines that a text takes in so many columns of a terminal; most take one, for which Rich is not asked."""
    if cell_len(text) <= width and "\n" not in text:
        return [text]
    return [line.plain.rstrip() for line in Text(text).wrap(_MEASURE, width, overflow="fold")]
