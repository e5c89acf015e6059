"""Fewer tasks."""

from collections.abc import Iterator

from constructs_lib.budget.fixes.case import Case
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.search import largest, share
from constructs_lib.budget.schema import MOST
from constructs_lib.budget.workloads import TaskWorkload
from constructs_lib.limits import Unknown, at_least


def tasks(case: Case) -> Iterator[Fix]:
    """The largest maximum of tasks that fits; where the number is unknown, the largest that may be stated."""
    for claim in case.claims:
        workload = claim.workload
        if not isinstance(workload, TaskWorkload):
            continue
        live = workload.fleet.live()

        def limited(most: int, workload: TaskWorkload = workload) -> dict[str, int]:
            desired = workload.tasks
            if isinstance(desired, Unknown):
                return {"max_tasks": most}
            if workload.max_tasks is None:
                return {"tasks": most}  # nothing scales it: there is no maximum to lower
            # a maximum below the desired count is none that autoscaling takes
            return {"max_tasks": most, **({"tasks": most} if desired > most else {})}

        def fits(most: int, workload: TaskWorkload = workload) -> bool:
            return case.reached(case.trial(workload, limited(most)))

        before = None if isinstance(live, Unknown) else live.scaled_out
        # where a number is unknown, what is known of it, or of the other, cannot be talked down
        known = [at_least(item) for item in (workload.tasks, workload.max_tasks) if item is not None]
        least = max(1, *known) if before is None else 1
        most = largest(least, MOST if before is None else before - 1, fits)
        if most is not None:
            size = 0 if before is None else share(before, most)
            values = limited(most)
            yield case.fix(workload, values, share=size, now={next(iter(values)): before})
