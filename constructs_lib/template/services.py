"""ECS services: how many tasks, and how they are deployed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from constructs_lib.budget.fleet import Deployment
from constructs_lib.budget.source import Source
from constructs_lib.budget.workloads.facts import Fact, TaskFacts
from constructs_lib.budget.workloads.workload import MAXIMUM_PERCENT
from constructs_lib.limits import Unknown, at_least, largest_of
from constructs_lib.template.intrinsics import described, members, number

LONGEST_BAKE_MIN = 1440
_STRATEGIES = {
    "ROLLING": Deployment.ROLLING,
    "BLUE_GREEN": Deployment.BLUE_GREEN,
    "LINEAR": Deployment.LINEAR,
    "CANARY": Deployment.CANARY,
}


def task_facts(
    service: Mapping[str, Any], scaling: Iterable[Mapping[str, Any]], instances: int | Unknown | None = None
) -> TaskFacts:
    """Read a service's properties and those of the scalable targets that act on it.

    `instances` is the most container instances that its cluster can have, which is what bounds a daemon.
    """
    maximum, minimum = _scaled(scaling)
    strategy = service.get("SchedulingStrategy", "REPLICA")
    deployment, bake_time = _deployment(service), _bake_time(service)
    if strategy != "REPLICA":
        reason = f"SchedulingStrategy is {described(strategy)}: as many tasks as there are container instances"
        known = 0
        if isinstance(instances, Unknown):
            reason, known = f"{reason}, and {instances.reason}", instances.at_least
        most = Fact(instances if strategy == "DAEMON" and isinstance(instances, int) else Unknown(reason, known))
        return TaskFacts(
            tasks=most,
            max_tasks=most,
            maximum_percent=_percent(service, default=100),
            deployment=deployment,
            bake_time=bake_time,
        )
    desired = service.get("DesiredCount")
    tasks: int | Unknown = 1 if desired is None else number(desired, "DesiredCount")
    if isinstance(minimum, int):
        tasks = largest_of([tasks, minimum])  # Application Auto Scaling lifts the count to its minimum
    return TaskFacts(
        # left out, ECS starts with 1, and an update keeps what runs: no upper bound that anybody gave
        tasks=Fact(tasks, Source.ASSUMED if desired is None else Source.READ),
        # without a scalable target the desired count is all that ECS runs
        max_tasks=Fact(tasks, Source.DOCUMENTED) if maximum is None else Fact(maximum),
        maximum_percent=_percent(service, default=MAXIMUM_PERCENT),
        deployment=deployment,
        bake_time=bake_time,
    )


def _scaled(scaling: Iterable[Mapping[str, Any]]) -> tuple[int | Unknown | None, int | Unknown | None]:
    """The largest maximum and the largest minimum among targets and their schedules; None where there are none."""
    maxima: list[int | Unknown] = []
    minima: list[int | Unknown] = []
    for target in scaling:
        maxima.append(number(target.get("MaxCapacity"), "MaxCapacity"))
        minima.append(number(target.get("MinCapacity"), "MinCapacity"))
        maxima += _scheduled(target.get("ScheduledActions"))
    if not maxima:
        return None, None
    most, least = largest_of(maxima), largest_of(minima)
    if isinstance(most, Unknown):  # which is no less than the minimum
        most = replace(most, at_least=max(most.at_least, at_least(least)))
    return most, least


def _scheduled(actions: object) -> Iterator[int | Unknown]:
    if actions is None:
        return
    if not isinstance(actions, list):
        yield Unknown(f"ScheduledActions is {described(actions)}")
        return
    for action in actions:
        what = "a scheduled action"
        outer = members(action, what)
        scheduled = outer if isinstance(outer, Unknown) else members(outer.get("ScalableTargetAction"), what)
        if isinstance(scheduled, Unknown):
            yield scheduled
        else:
            yield from (
                number(scheduled[key], f"{key} of {what}") for key in ("MaxCapacity", "MinCapacity") if key in scheduled
            )


def _percent(service: Mapping[str, Any], default: int) -> Fact:
    configuration = members(service.get("DeploymentConfiguration"), "DeploymentConfiguration")
    if isinstance(configuration, Unknown):
        return Fact(configuration)
    value = configuration.get("MaximumPercent")
    return Fact(default, Source.DOCUMENTED) if value is None else Fact(number(value, "MaximumPercent"))


def _deployment(service: Mapping[str, Any]) -> Fact:
    configuration = members(service.get("DeploymentConfiguration"), "DeploymentConfiguration")
    controller = members(service.get("DeploymentController"), "DeploymentController")
    if isinstance(controller, Unknown):
        return Fact(controller)
    if isinstance(configuration, Unknown):
        return Fact(configuration)
    kind = controller.get("Type", "ECS")
    if kind == "CODE_DEPLOY":
        return Fact(Deployment.CODE_DEPLOY)
    if kind == "EXTERNAL":
        return Fact(Deployment.EXTERNAL)
    if kind != "ECS":
        return Fact(Unknown(f"the deployment controller is {described(kind)}: only its owner knows how many sets run"))
    strategy = configuration.get("Strategy", "ROLLING")
    known = _STRATEGIES.get(strategy) if isinstance(strategy, str) else None
    return Fact(known or Unknown(f"the deployment strategy is {described(strategy)}"))


def _bake_time(service: Mapping[str, Any]) -> Fact:
    configuration = members(service.get("DeploymentConfiguration"), "DeploymentConfiguration")
    value = None if isinstance(configuration, Unknown) else configuration.get("BakeTimeInMinutes")
    if value is None:
        return Fact(None)
    minutes = number(value, "BakeTimeInMinutes")
    too_long = isinstance(minutes, int) and minutes > LONGEST_BAKE_MIN
    return Fact(Unknown(f"BakeTimeInMinutes is {minutes}, and ECS takes 0 to 1440") if too_long else minutes)
