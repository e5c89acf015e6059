"""The outcomes side by side, for a terminal or a page."""

from collections.abc import Sequence

from rich.table import Table

from storm.deployment import Deployment
from storm.rehearsal import PHASES, Outcome
from storm.sampler import CONNECTIONS


def table(deployment: Deployment, outcomes: Sequence[Outcome]) -> Table:
    """A row for each way to size pools: what the server refused in each phase, and what the application got."""
    slots = deployment.slots
    made = Table(
        title=f"Refused connections: of max_connections {slots.max_connections},"
        f" {slots.max_connections - slots.ordinary} are reserved and {CONNECTIONS} watches"
    )
    made.add_column("Pools", no_wrap=True)
    made.add_column("Size", justify="right", no_wrap=True)
    for phase in PHASES:
        made.add_column(phase, justify="right", no_wrap=True)
    for column in ("Refused", "Timed out", "Failed", "Peak", "Served", "p99 wait"):
        made.add_column(column, justify="right", no_wrap=True)
    for outcome in outcomes:
        made.add_row(*_cells(outcome), style="bold green" if outcome.refused == 0 else "")
    descriptions = [f"{outcome.sizing.name}: {outcome.sizing.description}" for outcome in outcomes]
    made.caption = "\n".join([*descriptions, "Peak: connections of living clients"])
    return made


def markdown(outcomes: Sequence[Outcome]) -> str:
    """The same rows as two tables of Markdown: the short one of README.md, and the whole of docs/pools.md."""
    whole: list[tuple[str, ...]] = [
        ("pools", "size", *PHASES, "refused", "timed out", "failed", "peak", "served", "p99 wait")
    ]
    whole += [_cells(outcome) for outcome in outcomes]
    few = [whole[0].index(name) for name in ("pools", "size", "refused", "timed out", "failed", "peak")]
    short = [tuple(row[index] for index in few) for row in whole]
    return f"README.md:\n\n{_lines(short)}\n\ndocs/pools.md:\n\n{_lines(whole)}\n"


def _cells(outcome: Outcome) -> tuple[str, ...]:
    return (
        outcome.sizing.name,
        f"{outcome.pool.pool_size} + {outcome.pool.max_overflow}",
        *(str(phase.refused) for phase in outcome.phases),
        str(outcome.refused),
        str(outcome.timed_out),
        str(outcome.failed),
        str(outcome.peak),
        str(outcome.served),
        "–" if outcome.wait_p99_s is None else f"{outcome.wait_p99_s:.1f} s",
    )


def _lines(rows: Sequence[tuple[str, ...]]) -> str:
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, "|---" * len(rows[0]) + "|", *body])
