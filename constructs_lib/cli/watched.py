"""Looking at a live server again and again."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.live import Live
from rich.text import Text

from constructs_lib.budget.verification import Verification
from constructs_lib.limits.activity import Activity
from constructs_lib.lookups.activity import activity_at
from constructs_lib.lookups.failure import LookupFailedError
from constructs_lib.lookups.server_url import ServerUrl
from constructs_lib.report.verification_table import table

Show = Callable[[RenderableType], None]


def watched(url: ServerUrl, compare: Callable[[Activity], Verification], interval: float) -> Verification:
    """Look until the user has seen enough; the last look counts.

    A session that is lost is opened again. Raises LookupFailedError where the first or the last look fails.
    """
    last: Verification | LookupFailedError | None = None
    with _shown() as show:
        try:
            while True:
                try:
                    with activity_at(url) as look:
                        while True:
                            last = compare(look())
                            show(table(last))
                            time.sleep(interval)
                except LookupFailedError as error:  # noqa: PERF203 - one look in seconds
                    if last is None:
                        raise
                    last = error
                    show(Text(f"no connection: {error}", style="bold red"))
                    time.sleep(interval)
        except KeyboardInterrupt:
            pass
    if isinstance(last, Verification):
        return last
    raise last or LookupFailedError("interrupted before the server had answered")


@contextmanager
def _shown() -> Iterator[Show]:
    """A table that stays in place; where the output is no terminal, one after another, each with its time."""
    console = Console(file=sys.stdout, highlight=False, emoji=False, markup=False)
    if console.is_terminal:
        with Live(console=console, auto_refresh=False) as live:
            yield lambda shown: live.update(shown, refresh=True)
        return

    def show(shown: RenderableType) -> None:
        console.print(Text(time.strftime("%Y-%m-%d %H:%M:%S")), shown, Text(""), sep="\n")
        sys.stdout.flush()

    yield show
