"""The outcomes side by side, for a terminal."""

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
    for column in ("Refused", "Peak", "Served", "p99 wait"):
        made.add_column(column, justify="right", no_wrap=True)
    for outcome in outcomes:
        style = "bold green" if outcome.refused == 0 else ""
        made.add_row(
            outcome.sizing.name,
            f"{outcome.pool.pool_size} + {outcome.pool.max_overflow}",
            *(str(phase.refused) for phase in outcome.phases),
            str(outcome.refused),
            str(outcome.peak),
            str(outcome.served),
            "–" if outcome.wait_p99_s is None else f"{outcome.wait_p99_s:.1f} s",
            style=style,
        )
    descriptions = [f"{outcome.sizing.name}: {outcome.sizing.description}" for outcome in outcomes]
    made.caption = "\n".join([*descriptions, "Peak: connections of living clients"])
    return made
