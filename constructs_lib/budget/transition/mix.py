"""The worst mix of the old and the new tasks of one workload."""

from dataclasses import dataclass, replace
from typing import Any

from constructs_lib.budget.fleet import Deployment
from constructs_lib.budget.source import Source
from constructs_lib.budget.tally import Allotment
from constructs_lib.budget.workloads import Function, PooledWorkload, Task, TaskWorkload, Workload
from constructs_lib.limits import Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The tasks of one side of a mix, the most that can open connections, and how many clients share one."""

    tasks: int
    each: int
    multiplexing: int = 1

    @property
    def connections(self) -> int:
        """All of them, rounded up where clients share."""
        return -(-self.tasks * self.each // self.multiplexing)

    @property
    def words(self) -> str:
        """Such as `8 × 15`."""
        shared = f" ÷ {self.multiplexing}" if self.multiplexing > 1 else ""
        return f"{self.tasks} × {self.each}{shared}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """So many old and new tasks at once."""

    old: Share
    new: Share
    lowered_to: int | None = None
    """The most tasks of the new budget, where autoscaling can still ask for those of the old one."""

    @property
    def connections(self) -> int:
        """All of them together."""
        old, new = self.old, self.new
        if old.multiplexing != new.multiplexing:
            return old.connections + new.connections
        return Share(
            tasks=1, each=old.tasks * old.each + new.tasks * new.each, multiplexing=old.multiplexing
        ).connections

    @property
    def words(self) -> str:
        """Such as `4 old × 15 + 4 new × 30`; a side without tasks is left out."""
        sides = [(self.old, "old"), (self.new, "new")]
        said = [side.words.replace(" × ", f" {which} × ", 1) for side, which in sides if side.tasks]
        late = f" (a maximum of {self.lowered_to} comes into force after the new tasks run)"
        return " + ".join(said) + (late if self.lowered_to is not None and self.new.tasks > self.lowered_to else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many old tasks there can be, how many new ones, and how many of both together."""

    old: int
    new: int
    live: int
    lowered_to: int | None = None
    """As in `Mix`."""


def comparable(old: Workload, new: Workload) -> bool:
    """Whether what the one opens takes the place of what the other opened; otherwise both are there for a while."""
    return old.kind == new.kind or (isinstance(old, TaskWorkload) and isinstance(new, TaskWorkload))


def worst_mix(old: Allotment, new: Allotment) -> Mix | Unknown | None:
    """The mix with the most connections; None for what has no tasks, Unknown with the reason."""
    before, after = old.workload, new.workload
    if not isinstance(before, PooledWorkload) or not isinstance(after, PooledWorkload):
        return None
    room, old_each, new_each = _room(before, after), _each(old, before), _each(new, after)
    if isinstance(room, Unknown):
        return room
    if isinstance(old_each, Unknown):
        return old_each
    if isinstance(new_each, Unknown):
        return new_each
    mix = mixed(
        old=Share(tasks=room.old, each=old_each, multiplexing=old.demand.multiplexing),
        new=Share(tasks=room.new, each=new_each, multiplexing=new.demand.multiplexing),
        live=room.live,
    )
    return replace(mix, lowered_to=room.lowered_to)


def mixed(*, old: Share, new: Share, live: int) -> Mix:
    """As many of the costlier kind as there can be, and of the other what room remains."""
    if old.each * new.multiplexing >= new.each * old.multiplexing:
        old_tasks = min(old.tasks, live)
        new_tasks = min(new.tasks, live - old_tasks)
    else:
        new_tasks = min(new.tasks, live)
        old_tasks = min(old.tasks, live - new_tasks)
    return Mix(old=replace(old, tasks=old_tasks), new=replace(new, tasks=new_tasks))


def _room(before: PooledWorkload, after: PooledWorkload) -> Room | Unknown:
    was, becomes = before.live(), after.live()
    if isinstance(was, Unknown):
        return was
    if isinstance(becomes, Unknown):
        return becomes
    most_old, most_new = was.scaled_out, becomes.scaled_out
    most = max(most_old, most_new)
    if isinstance(before, TaskWorkload) and isinstance(after, TaskWorkload):
        return _of_services(before, after, most_old, most_new)
    if isinstance(before, Function):
        return Room(old=most, new=most, live=most)
    unchanged = (
        isinstance(before, Task)
        and isinstance(after, Task)
        and (before.tasks, before.overlap) == (after.tasks, after.overlap)
    )
    return Room(old=most_old, new=most_new, live=most if unchanged else most_old + most_new)


def _of_services(before: TaskWorkload, after: TaskWorkload, most_old: int, most_new: int) -> Room | Unknown:
    percents = (_percent(before), _percent(after))
    if unknown := next((percent for percent in percents if isinstance(percent, Unknown)), None):
        return unknown
    largest = max(percent for percent in percents if isinstance(percent, int))
    most = max(most_old, most_new)
    if _scales(before) or _scales(after):
        lowered_to = most_new if most_new < most_old else None
        return Room(old=most_old, new=most, live=max(most, most * largest // 100), lowered_to=lowered_to)
    # a rolling deployment starts nothing beside the old tasks that its own desired count leaves no room for
    rolling = before.deployment is after.deployment is Deployment.ROLLING
    wanted = most_new if rolling else most
    return Room(old=most_old, new=most_new, live=max(wanted, wanted * largest // 100))


def _scales(workload: TaskWorkload) -> bool:
    """Whether autoscaling can change the number of tasks; where nothing does, the desired count decides alone."""
    return workload.max_tasks is not None and workload.given.get("max_tasks") is not Source.DOCUMENTED


def _each(allotment: Allotment, workload: PooledWorkload) -> int | Unknown:
    """The clients that one task, or one environment of a function, can have."""
    size = allotment.in_force
    if isinstance(size, Unknown):
        return size
    if size is None or (allotment.demand.pooled and size.unbounded):
        return Unknown("its pools have no limit" if allotment.demand.unbounded else "its pools have no size")
    alone: dict[str, Any] = {"tasks": 1, "max_tasks": 1, "maximum_percent": 100, "deployment": Deployment.ROLLING}
    alone |= {"overlap": 1, "reserved_concurrency": 1}
    fields = {key: value for key, value in alone.items() if key in workload.fields}
    one = replace(workload, **fields).demand()
    return one.pools if isinstance(one.pools, Unknown) else one.pools.peak * size.ceiling + one.beside.peak


def _percent(workload: TaskWorkload) -> int | Unknown:
    deployment = workload.deployment
    if isinstance(deployment, Unknown) or deployment is Deployment.ROLLING:
        return deployment if isinstance(deployment, Unknown) else workload.maximum_percent
    sets = workload.fleet.sets
    return sets if isinstance(sets, Unknown) else 100 * sets
