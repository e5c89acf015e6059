"""The containers have other pool settings than the budget gives them."""

from collections.abc import Iterator, Mapping

from constructs_lib.budget.environment import environments
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.fixes import LARGEST_CLAIMS, WaysOut, found_pool
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally
from constructs_lib.budget.workloads import PooledWorkload
from constructs_lib.limits import Unknown

LEAD = (
    "remove the variables that were set by hand, or give their values to the budget as pool_size and max_overflow;"
    " where the template was changed after the budget, make the change on the construct"
)


def _look(tally: Tally) -> Iterator[tuple[Subject, str, WaysOut]]:
    document = tally.document
    if not any(isinstance(workload, PooledWorkload) and workload.found for workload in document.workloads.values()):
        return
    conflicts = 0
    for name, variables in environments(document, tally).items():
        workload = document.workloads[name]
        if not isinstance(workload, PooledWorkload) or workload.found is None:
            continue
        expected = _compared(variables, workload)
        differences = [
            f"{variable} is {_shown(found.get(variable))} in {_place(container)} and {value} in the budget"
            for container, found in workload.found.items()
            for variable, value in expected.items()
            if found.get(variable) != value
        ]
        if differences:
            conflicts += 1
            stale = f" ({'; '.join(workload.changed)})" if workload.changed else ""
            written = " and ".join(f"{variable}={value}" for variable, value in expected.items())
            yield (
                Subject("workloads", name),
                f"the pool settings of {name} are not the budget's: {', '.join(differences)}{stale}",
                WaysOut(
                    fixes=found_pool(document, tally, name) if conflicts <= LARGEST_CLAIMS else (),
                    otherwise="",
                    lead=f"write {written} into the containers" if workload.sizes_only else LEAD,
                ),
            )


def _compared(variables: Mapping[str, str], workload: PooledWorkload) -> Mapping[str, str]:
    if not workload.sizes_only:
        return variables
    return {name: value for name, value in variables.items() if name in workload.size_variables}


def _place(container: str) -> str:
    return f"container {container!r}" if container else "the function"


def _shown(value: str | Unknown | None) -> str:
    if value is None:
        return "missing"
    if isinstance(value, Unknown):
        return f"not readable ({value.reason})"
    # whatever is not of a pool setting's kind may be nobody's business
    return ascii(value) if value in {"true", "false"} or value.lstrip("-").isdigit() else "another value"


RULE = Rule(
    id="environment-conflict",
    severity=Severity.ERROR,
    title="a container's pool settings are not the budget's",
    why="the application follows its environment, not the budget: the sum only holds where the two agree",
    example="the budget gives each pool 10 + 4, and the container has DB_POOL_SIZE=50 from an earlier experiment",
    remedy=(
        "remove the variable, or give its value to the budget as pool_size and max_overflow, where it is then checked"
    ),
    source='Amazon ECS Developer Guide, "Task definition parameters", environment',
    look=_look,
)
