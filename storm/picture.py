"""The outcomes as a picture: connections over time against the limit."""

from collections.abc import Sequence
from pathlib import Path

from storm.deployment import Deployment
from storm.rehearsal import PHASES, Outcome
from storm.sampler import CONNECTIONS

Points = list[tuple[float, int]]


def aligned(outcome: Outcome) -> Points:
    """The samples, each phase stretched to the width of one: the phases of different runs take different times."""
    points: Points = []
    for index, phase in enumerate(outcome.phases):
        width = phase.ended_s - phase.began_s
        points += [
            (index + (sample.at_s - phase.began_s) / width, sample.connections)
            for sample in outcome.samples
            if width > 0 and phase.began_s <= sample.at_s < phase.ended_s
        ]
    return points


def draw(path: Path, deployment: Deployment, outcomes: Sequence[Outcome]) -> None:
    """Write the picture, in the format of the path's suffix."""
    from matplotlib.figure import Figure  # heavy, and only needed at the end

    figure = Figure(figsize=(10, 5.5), layout="constrained")
    axes = figure.add_subplot()
    for outcome in outcomes:
        points = aligned(outcome)
        size = f"{outcome.pool.pool_size} + {outcome.pool.max_overflow}"
        axes.plot(
            [at for at, _ in points],
            [connections for _, connections in points],
            label=f"{outcome.sizing.name}, {size}: {outcome.refused} refused",
            linewidth=2.5 if outcome.refused == 0 else 1.2,
            zorder=3 if outcome.refused == 0 else 2,
        )
    slots = deployment.slots
    limit = slots.ordinary - CONNECTIONS
    axes.axhline(limit, color="black", linestyle="--", linewidth=1)
    axes.text(
        0.02,
        limit + 1,
        f"the most that applications get: {limit} = {slots.max_connections}"
        f" − {slots.max_connections - slots.ordinary} reserved − {CONNECTIONS} that watches",
        verticalalignment="bottom",
    )
    for boundary in range(1, len(PHASES)):
        axes.axvline(boundary, color="lightgrey", linewidth=1, zorder=1)
    axes.set_xlim(0, len(PHASES))
    axes.set_ylim(0, slots.max_connections + 2)
    axes.set_xticks([index + 0.5 for index in range(len(PHASES))], PHASES)
    axes.tick_params(axis="x", length=0)
    axes.set_ylabel("connections in pg_stat_activity, those of the dead too")
    axes.legend(loc="lower right")
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
