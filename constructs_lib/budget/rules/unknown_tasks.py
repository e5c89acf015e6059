"""Nobody can say how many pools there will be, or what is left for those of others."""

import re
from collections.abc import Iterator, Sequence

from constructs_lib.budget.defaults import listed, options
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.fixes import TASKS, WaysOut, about, unknowns, ways_out
from constructs_lib.budget.fleet import Deployment
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Allotment, Tally
from constructs_lib.budget.workloads import Celery, Function, Task, TaskWorkload, Workload
from constructs_lib.limits import Unknown

_NUMBERS = ("tasks", "max_tasks", "maximum_percent", "overlap", "processes", "concurrency", "deployment")
MOST_CAUSES = 3
"""Reasons that a message names."""


def _look(tally: Tally) -> Iterator[tuple[Subject, str, str | WaysOut]]:
    document = tally.document
    alone = {name: unknowns(database) == 1 for name, database in tally.databases.items()}
    open_for = _undivided(tally)
    for name, allotment in tally.allotments.items():
        pools = allotment.demand.pools
        if isinstance(pools, Unknown):
            database = document.database_of(allotment.workload)
            why = f"{pools.reason}{_known(allotment.workload)}"
            lead = _lead(allotment.workload, pools.reason)
            yield (
                Subject("workloads", name),
                f"how many pools {name} opens is unknown, so nothing can be shown to fit: {why}",
                ways_out(tally, database, own=about(TASKS, name=name), workload=name, lead=lead)
                if alone[database]
                else WaysOut(fixes=(), otherwise=lead),
            )
        elif allotment.demand.fixed is None and allotment.size is None and (causes := open_for.get(_of(allotment))):
            yield (
                Subject("workloads", name),
                f"{name} cannot be sized, so nothing can be shown to fit, because {_joined(causes)}",
                f"settle that first, or give pool_size and max_overflow for {name}, which are then checked",
            )


def _known(workload: Workload) -> str:
    """What is known all the same of the numbers that are not, in words."""
    values = {key: getattr(workload, key, None) for key in _NUMBERS}
    known = {key: value.at_least for key, value in values.items() if isinstance(value, Unknown)}
    said = [f"{key} is {number} or more" for key, number in known.items() if number]
    return f"; {' and '.join(said)}" if said else ""


def _undivided(tally: Tally) -> dict[tuple[str, str], list[str]]:
    """By server and by proxy: why what it leaves cannot be divided, apart from a limit that is unknown itself."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, proxy in tally.proxies.items():
        causes = _causes(proxy.clients)
        if isinstance(proxy.proxy.max_connections_percent, Unknown):
            causes.append(f"the share of max_connections that {name} may open is not known")
            found.setdefault(("database", proxy.proxy.database), []).append(causes[-1])
        found["proxy", name] = causes
    for name, database in tally.databases.items():
        found.setdefault(("database", name), []).extend(_causes(database.direct))
    return found


def _of(allotment: Allotment) -> tuple[str, str]:
    workload = allotment.workload
    return ("proxy", workload.proxy) if workload.proxy is not None else ("database", workload.database or "")


def _causes(claims: Sequence[Allotment]) -> list[str]:
    unknown = [claim.workload.name for claim in claims if isinstance(claim.demand.pools, Unknown)]
    unbounded = [claim for claim in claims if claim.demand.unbounded]
    return [f"the pools of {name} are not known in number" for name in unknown] + [
        f"a pool of {claim.workload.name} has no limit{' that is known' if claim.demand.unsized else ''}"
        for claim in unbounded
    ]


def _joined(causes: Sequence[str]) -> str:
    more = [f"{len(causes) - MOST_CAUSES} more are as open"] if len(causes) > MOST_CAUSES else []
    return ", ".join([*sorted(causes)[:MOST_CAUSES], *more])  # in no order of the document's


_IN_THE_CONSTRUCT = {"processes": "processes_per_task", "deployment": ""}
"""What the construct calls a key of the document; empty where it takes none."""
_LACKING = re.compile(r"the parameter (\w+) has no default")


def _lead(workload: Workload, reason: str) -> str:
    if isinstance(workload, Celery) and isinstance(workload.extra_connections, Unknown):
        service = "add_service" if workload.construct_path else "kind: service"
        return (
            f"make it a service ({service}), which counts every process, or divide its containers between a service and"
            " workers (containers); what a program that is no web server opens in a task, extra_connections can say"
        )
    if isinstance(workload, TaskWorkload) and workload.deployment is Deployment.EXTERNAL and workload.task_sets is None:
        where = "add_service" if workload.construct_path else f"workloads: {{{workload.name}: {{task_sets: N}}}}"
        return f"give task_sets to the budget ({where}): the task sets that the external controller runs at once"
    if isinstance(workload, Function):
        return _bounded(workload)
    said = {} if isinstance(workload, Task) else {"tasks": "max_tasks"}  # which makes up for it
    unknown = [key for key in _NUMBERS if isinstance(getattr(workload, key, None), Unknown)]
    keys = list(dict.fromkeys(said.get(key, key) for key in unknown))
    where = "in a connection-budget.yml" if workload.evidence is not None else "in the budget"
    if workload.construct_path:
        keys = [called for key in keys if (called := _IN_THE_CONSTRUCT.get(key, key))]
    lacking = dict.fromkeys(_LACKING.findall(reason)) if not workload.construct_path else ()
    ways = [f"the parameter ({options(tuple(lacking))})"] if lacking else []
    ways += ["a plain number in the template", *([f"{listed(keys)} {where}"] if keys else [])]
    return f"give {', or '.join(ways)}"


def _bounded(function: Function) -> str:
    """What bounds a function, and what answers for one that something else bounds, as its event source does."""
    reserve = "reserve concurrency for the function (ReservedConcurrentExecutions), as a plain number"
    if function.construct_path or function.resource is None:
        return f"{reserve}, or, where something else bounds it, add_reservation as many connections, with it as client"
    entry = f"{function.name}: {{kind: reserved, connections: N}}"
    return f"{reserve}, or, where something else bounds it, as many connections in a connection-budget.yml ({entry})"


RULE = Rule(
    id="unknown-tasks",
    severity=Severity.ERROR,
    title="the number of tasks or processes is unknown, or what that leaves for another workload",
    why=(
        "every task and every process multiplies the pools; a sum with an unknown factor is no sum, and what it leaves"
        " for the others cannot be divided"
    ),
    example="DesiredCount is Fn::If of a condition that only the deployment decides: 2 tasks or 200",
    remedy="write the number out, or give max_tasks (and maximum_percent, processes, concurrency) to the budget",
    source='Amazon ECS Developer Guide, "Service definition parameters", desiredCount and deploymentConfiguration',
    look=_look,
)
