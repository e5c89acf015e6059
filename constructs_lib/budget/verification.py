"""A live server's connections beside what the budget gives each workload."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from constructs_lib.budget.environment import application_name
from constructs_lib.budget.finding import Severity
from constructs_lib.budget.plan import Plan
from constructs_lib.budget.tally import Allotment, DatabaseTally
from constructs_lib.budget.workloads import TaskWorkload
from constructs_lib.limits import Unknown
from constructs_lib.limits.activity import HIDDEN, IDLE_IN_TRANSACTION, Activity, Sessions

PATIENCE_S = 30
"""The default pool_timeout: a transaction that is idle for longer makes others wait in vain."""
IDS = ("limit-lower-than-budgeted", "leak", "unbudgeted-client", "overflow-in-use")
ENGINE_USERS = frozenset({"rdsadmin"})
"""Roles of the engine's own, whose slots it reserves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What the connections with one name may come to."""

    workloads: tuple[str, ...]
    budgeted: int | None
    """The most that all its pools open together, in the worst scenario; None where that is unknown."""
    kept: int | None
    """What they keep of it: beyond that, overflow is in use. None where it cannot be said."""
    arithmetic: str
    patience_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """All connections with one name, and the share of that name where the budget has one."""

    name: str
    sessions: tuple[Sessions, ...]
    share: Share | None

    @property
    def connections(self) -> int:
        """How many there are."""
        return sum(item.connections for item in self.sessions)

    @property
    def users(self) -> tuple[str, ...]:
        """The roles that they use."""
        return tuple(sorted({item.user for item in self.sessions}))

    def states(self) -> Mapping[str, int]:
        """How many are in which state."""
        states: dict[str, int] = {}
        for item in self.sessions:
            states[item.state] = states.get(item.state, 0) + item.connections
        return states

    @property
    def stuck(self) -> tuple[int, int]:
        """How many are idle in a transaction, and for how many seconds the longest."""
        idle = [item for item in self.sessions if item.state.startswith(IDLE_IN_TRANSACTION)]
        return sum(item.connections for item in idle), max((item.longest_s for item in idle), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One thing that a live server shows; its id is one of `IDS`."""

    id: str
    severity: Severity
    subject: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """One look at a server, application by application."""

    activity: Activity
    database: str | None
    """The database of the budget that it was compared with."""
    applications: tuple[Application, ...]
    observations: tuple[Observation, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """The applications whose share the budget does not know: nobody can say whether they are within it."""
        return tuple(item.name for item in self.applications if item.share is not None and item.share.budgeted is None)

    @property
    def hidden(self) -> int:
        """The connections whose state this role may not see: whether they are stuck cannot be said."""
        return sum(item.connections for item in self.activity.sessions if item.state == HIDDEN)

    @property
    def holds(self) -> bool:
        """Whether every share is known and nothing is seen that the budget rules out."""
        return not self.unknown and not any(item.severity is Severity.ERROR for item in self.observations)


def verify(activity: Activity, plan: Plan | None = None, database: str | None = None) -> Verification:
    """Compare a look at a server with a database of a plan; without a plan, only look for leaks."""
    tally = None if plan is None or database is None else plan.tally.databases[database]
    shares = {} if tally is None else _shares(tally)
    names = sorted({item.application_name for item in activity.sessions} | set(shares))
    applications = tuple(
        Application(
            name=name,
            sessions=tuple(item for item in activity.sessions if item.application_name == name),
            share=shares.get(name),
        )
        for name in names
    )
    observations = [*_leaks(applications)]
    if tally is not None:
        observations += [*_limits(activity, tally, applications), *_overflow(applications)]
        observations += _strangers(tally, applications) if activity.named else []
    order = list(Severity)
    observations.sort(key=lambda item: order.index(item.severity))
    return Verification(
        activity=activity, database=database, applications=applications, observations=tuple(observations)
    )


def _shares(tally: DatabaseTally) -> Mapping[str, Share]:
    shares: dict[str, Share] = {}
    for allotment in tally.direct:
        _add(shares, allotment, _direct(allotment))
    for proxy in tally.proxies:
        ceiling = None if isinstance(proxy.ceiling, Unknown) else proxy.ceiling
        for allotment in proxy.clients:
            words = f"the proxy {proxy.proxy.name} opens at most {ceiling}" if ceiling is not None else "unknown"
            _add(shares, allotment, (ceiling, None, words))
    return shares


def _direct(allotment: Allotment) -> tuple[int | None, int | None, str]:
    size, pools, connections = allotment.in_force, allotment.demand.pools, allotment.connections
    if size is None or isinstance(size, Unknown) or isinstance(pools, Unknown) or connections is None:
        return None, None, "unknown"
    words = f"{_counted(pools.peak, 'pool')} × ({size.pool_size} + {size.max_overflow}) = {connections.peak}"
    return connections.peak, pools.peak * size.pool_size, words


def _add(shares: dict[str, Share], allotment: Allotment, numbers: tuple[int | None, int | None, str]) -> None:
    """Add a workload to the share of its name, which it may have in common with others."""
    workload = allotment.workload
    if not isinstance(workload, TaskWorkload):
        return
    budgeted, kept, words = numbers
    name = application_name(workload)
    other = shares.get(name)
    if other is not None:
        budgeted = None if budgeted is None or other.budgeted is None else budgeted + other.budgeted
        kept = None if kept is None or other.kept is None else kept + other.kept
        words = f"{other.arithmetic}, {words}"
    shares[name] = Share(
        workloads=(*(other.workloads if other else ()), workload.name),
        budgeted=budgeted,
        kept=kept,
        arithmetic=words,
        patience_s=max(workload.pool_timeout, other.patience_s if other else 0),
    )


def _leaks(applications: Iterable[Application]) -> Iterator[Observation]:
    for item in applications:
        share = item.share
        if share is not None and share.budgeted is not None and item.connections > share.budgeted:
            yield Observation(
                id="leak",
                severity=Severity.ERROR,
                subject=item.name,
                message=f"{item.name} has {_connections(item.connections)}, and its pools can open {share.budgeted}"
                f" ({share.arithmetic}): some belong to no pool any more, or to tasks that the budget does not know",
            )
        patience_s = PATIENCE_S if share is None else share.patience_s
        stuck, longest_s = item.stuck
        if longest_s > patience_s:
            yield Observation(
                id="leak",
                severity=Severity.ERROR,
                subject=item.name,
                message=f"{item.name} has {_connections(stuck)} idle in transaction, the longest for {longest_s} s:"
                f" that is more than the {patience_s} s that others wait for one (pool_timeout)",
            )


def _overflow(applications: Iterable[Application]) -> Iterator[Observation]:
    for item in applications:
        share = item.share
        if share is None or share.kept is None or share.budgeted is None:
            continue
        if share.kept < item.connections <= share.budgeted:
            yield Observation(
                id="overflow-in-use",
                severity=Severity.INFO,
                subject=item.name,
                message=f"{item.name} has {_connections(item.connections)}, {item.connections - share.kept} more than"
                f" the {share.kept} that its pools keep ({share.arithmetic})",
            )


def _strangers(tally: DatabaseTally, applications: Iterable[Application]) -> Iterator[Observation]:
    """Whoever is not in the budget: nothing to worry about as long as they stay within what is set aside."""
    strangers = [item for item in applications if item.share is None and set(item.users) - ENGINE_USERS]
    reservations = sum(
        allotment.connections.peak
        for allotment in tally.direct
        if not isinstance(allotment.workload, TaskWorkload) and allotment.connections is not None
    )
    admin = tally.capacity.admin_reserve
    aside = f"{admin + reservations} set aside (administrative reserve {admin} + reservations {reservations})"
    total = sum(item.connections for item in strangers)
    severity = Severity.ERROR if total > admin + reservations else Severity.WARNING
    for item in strangers:
        yield Observation(
            id="unbudgeted-client",
            severity=severity,
            subject=item.name,
            message=f"{item.name or 'a client without a name'} (as {', '.join(item.users)}) has"
            f" {_connections(item.connections)} and is no workload of the budget;"
            f" such clients have {total} of the {aside}",
        )


def _limits(activity: Activity, tally: DatabaseTally, applications: Iterable[Application]) -> Iterator[Observation]:
    capacity, total = tally.capacity, tally.total.peak
    if not isinstance(capacity.limit, Unknown) and activity.max_connections < capacity.limit.max_connections:
        yield _lower(
            tally.name,
            f"max_connections is {activity.max_connections} at the server and"
            f" {capacity.limit.max_connections} in the budget",
        )
    if activity.usable < total:
        yield _lower(
            tally.name,
            f"ordinary roles can open {activity.usable} ({activity.max_connections} − {activity.reserved} reserved),"
            f" and the budget's worst case is {total}",
        )
    known = [item for item in applications if item.share is not None and item.share.budgeted is not None]
    for kind, limits in (("role", activity.role_limits), ("database", activity.database_limits)):
        for name, limit in sorted(limits.items()):
            using = [
                item
                for item in known
                if any((one.user if kind == "role" else one.database) == name for one in item.sessions)
            ]
            budgeted = sum(item.share.budgeted or 0 for item in using if item.share is not None)
            if budgeted > limit:
                yield _lower(
                    name,
                    f"the {kind} {name} has a limit of {limit} connections, and"
                    f" {', '.join(item.name for item in using)} may open {budgeted} through it",
                )


def _lower(subject: str, message: str) -> Observation:
    return Observation(id="limit-lower-than-budgeted", severity=Severity.ERROR, subject=subject, message=message)


def _connections(number: int) -> str:
    return _counted(number, "connection")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
