"""`python -m storm`: rehearse a deployment with every way to size pools, print a table and draw a picture."""

import argparse
import tempfile
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from storm import server
from storm.deployment import Deployment, synthesized
from storm.picture import draw
from storm.rehearsal import PHASES, Load, Outcome, Rehearsal
from storm.sizing import SIZINGS
from storm.table import markdown, table
from storm.word import broken

WIDTH = 150
"""Of the table where it is written to a file."""


def main() -> int:
    """Exit status 1 where the budget did not keep its word."""
    parser = argparse.ArgumentParser(prog="python -m storm", description=__doc__)
    parser.add_argument("--picture", type=Path, default=Path("storm.svg"), help="SVG or PNG")
    parser.add_argument("--markdown", action="store_true", help="print the tables of README.md and docs/pools.md too")
    parser.add_argument("--hold", type=float, default=Load().hold_s, help="seconds that each phase lasts at least")
    said = parser.parse_args()
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    columns = (TextColumn("{task.description:32}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    outcomes: list[Outcome] = []
    with Progress(*columns, console=console) as progress, tempfile.TemporaryDirectory() as folder:
        bar = progress.add_task("synthesizing", total=len(SIZINGS) * len(PHASES))
        deployment = Deployment.of_template(synthesized(Path(folder)))
        progress.update(bar, description="starting PostgreSQL")
        with server.running(deployment.slots) as running:
            for sizing in SIZINGS.values():

                def show(phase: str, name: str = sizing.name) -> None:
                    progress.update(bar, description=f"{name}: {phase}")

                def advance(_: str) -> None:
                    progress.advance(bar)

                rehearsal = Rehearsal(running, deployment, sizing, Load(hold_s=said.hold))
                outcomes.append(rehearsal.run(on_begin=show, on_end=advance))
        progress.update(bar, description="drawing")
        said.picture.parent.mkdir(parents=True, exist_ok=True)
        draw(said.picture, deployment, outcomes)
    console.print(table(deployment, outcomes))
    if said.markdown:
        print(markdown(outcomes))  # noqa: T201 - to be pasted, as it is
    budget = outcomes[0]
    console.print(
        f"The plan: at most {deployment.peak} connections of tasks, {deployment.usable} usable."
        f" Seen with the budget: {budget.peak}, beside up to {budget.left_behind} sessions of the dead, about to end;"
        f" refused {budget.refused}. Picture: {said.picture}"
    )
    for words in (wrong := list(broken(budget, deployment))):
        console.print(f"The budget did not keep its word: {words}", style="bold red")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
