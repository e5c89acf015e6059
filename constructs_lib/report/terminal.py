"""What is printed on a terminal, as text of a fixed width."""

from io import StringIO

from rich.console import Console, RenderableType

WIDTH = 100


def rendered(content: RenderableType, *, colour: bool = False) -> str:
    """Lines of at most 100 columns, without spaces at their ends."""
    stream = StringIO()
    console = Console(
        file=stream,
        width=WIDTH,
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    console.print(content)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"
