"""The worst mix of old and new tasks of one service."""

from dataclasses import dataclass, replace

from constructs_lib.budget.fleet import Deployment
from constructs_lib.budget.tally import Allotment
from constructs_lib.budget.workloads import TaskWorkload
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
        """Such as `4 old × 15 + 4 new × 30`."""
        return f"{self.old.words.replace(' × ', ' old × ', 1)} + {self.new.words.replace(' × ', ' new × ', 1)}"


def worst_mix(old: Allotment, new: Allotment) -> Mix | Unknown | None:
    """The mix with the most connections; None for what does not run as tasks, Unknown with the reason."""
    before, after = old.workload, new.workload
    if not isinstance(before, TaskWorkload) or not isinstance(after, TaskWorkload):
        return None
    facts = (_most(before), _most(after), _each(old, before), _each(new, after), _percent(before), _percent(after))
    if unknown := next((fact for fact in facts if isinstance(fact, Unknown)), None):
        return unknown
    most_old, most_new, old_each, new_each, *percents = (fact for fact in facts if isinstance(fact, int))
    if before.max_tasks is not None or after.max_tasks is not None:
        most_new = max(most_old, most_new)
    most = max(most_old, most_new)
    return mixed(
        old=Share(tasks=most_old, each=old_each, multiplexing=old.demand.multiplexing),
        new=Share(tasks=most_new, each=new_each, multiplexing=new.demand.multiplexing),
        live=max(most, most * max(percents) // 100),
    )


def mixed(*, old: Share, new: Share, live: int) -> Mix:
    """As many of the costlier kind as there can be, and of the other what room remains."""
    if old.each * new.multiplexing >= new.each * old.multiplexing:
        old_tasks = min(old.tasks, live)
        new_tasks = min(new.tasks, live - old_tasks)
    else:
        new_tasks = min(new.tasks, live)
        old_tasks = min(old.tasks, live - new_tasks)
    return Mix(old=replace(old, tasks=old_tasks), new=replace(new, tasks=new_tasks))


def _most(workload: TaskWorkload) -> int | Unknown:
    live = workload.fleet.live()
    return live if isinstance(live, Unknown) else live.scaled_out


def _each(allotment: Allotment, workload: TaskWorkload) -> int | Unknown:
    """The clients that one task can have."""
    size = allotment.in_force
    if isinstance(size, Unknown):
        return size
    if size is None or (allotment.demand.pooled and size.unbounded):
        return Unknown("its pools have no limit" if allotment.demand.unbounded else "its pools have no size")
    one = replace(workload, tasks=1, max_tasks=1, maximum_percent=100, deployment=Deployment.ROLLING).demand()
    return one.pools if isinstance(one.pools, Unknown) else one.pools.peak * size.ceiling + one.beside.peak


def _percent(workload: TaskWorkload) -> int | Unknown:
    deployment = workload.deployment
    if isinstance(deployment, Unknown) or deployment is Deployment.ROLLING:
        return deployment if isinstance(deployment, Unknown) else workload.maximum_percent
    sets = workload.fleet.sets
    return sets if isinstance(sets, Unknown) else 100 * sets
