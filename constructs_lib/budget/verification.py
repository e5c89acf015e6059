"""A live server's connections beside what the budget gives each workload."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from constructs_lib.budget.finding import Severity
from constructs_lib.budget.live_share import Share, names_as_shown, shares_of, together
from constructs_lib.budget.plan import Plan
from constructs_lib.budget.tally import DatabaseTally
from constructs_lib.budget.workloads import PooledWorkload
from constructs_lib.limits import Unknown
from constructs_lib.limits.activity import HIDDEN, IDLE_IN_TRANSACTION, Activity, Sessions

PATIENCE_S = 30
"""The default pool_timeout: a transaction that is idle for longer makes others wait in vain."""
LOWER = "limit-lower-than-budgeted"
IDS = (LOWER, "leak", "unbudgeted-client", "overflow-in-use")
ENGINE_USERS = frozenset({"rdsadmin"})
"""Roles of the engine's own, whose slots it reserves."""


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
        """Whether every share is known, nothing is seen that the budget rules out, and no limit may be too low."""
        return not (
            self.unknown or self.undecided or any(item.severity is Severity.ERROR for item in self.observations)
        )

    @property
    def undecided(self) -> tuple[str, ...]:
        """The roles and databases whose limit is too low for workloads that may use them, and may not."""
        return tuple(
            item.subject for item in self.observations if item.id == LOWER and item.severity is not Severity.ERROR
        )


def verify(activity: Activity, plan: Plan | None = None, database: str | None = None) -> Verification:
    """Compare a look at a server with a database of a plan; without a plan, only look for leaks."""
    tally = None if plan is None or database is None else plan.tally.databases[database]
    shares = {} if tally is None else shares_of(tally)
    shown = names_as_shown(shares)
    sessions: dict[str, list[Sessions]] = {name: [] for name in shares}
    for item in activity.sessions:
        sessions.setdefault(shown.get(item.application_name, item.application_name), []).append(item)
    applications = tuple(
        Application(name=name, sessions=tuple(items), share=shares.get(name))
        for name, items in sorted(sessions.items())
    )
    observations = [*_leaks(applications)]
    if tally is not None:
        observations += [*_limits(activity, tally, applications), *_overflow(applications)]
        observations += _strangers(tally, applications) if activity.named else _unnamed(tally, applications)
    order = list(Severity)
    observations.sort(key=lambda item: order.index(item.severity))
    return Verification(
        activity=activity, database=database, applications=applications, observations=tuple(observations)
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
        if not isinstance(allotment.workload, PooledWorkload) and allotment.connections is not None
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


def _unnamed(tally: DatabaseTally, applications: Iterable[Application]) -> Iterator[Observation]:
    """Where names are missing, only all connections together can be compared."""
    budgeted = tally.total.peak + tally.capacity.admin_reserve
    total = sum(item.connections for item in applications)
    if total > budgeted:
        yield Observation(
            id="leak",
            severity=Severity.ERROR,
            subject=tally.name,
            message=f"{_connections(total)} are open, and all workloads together may open {tally.total.peak}, beside an"
            f" administrative reserve of {tally.capacity.admin_reserve}: whose they are cannot be seen",
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
    yield from _own_limits("role", activity.role_limits, activity.role, known, unsure=activity.administrator)
    yield from _own_limits(
        "database", activity.database_limits, activity.database, known, unsure=activity.administrator
    )


def _own_limits(
    kind: str, limits: Mapping[str, int], own: str, known: Iterable[Application], *, unsure: bool
) -> Iterator[Observation]:
    """Limits of roles or databases below what the workloads that use them may open.

    Whoever is not connected is taken to connect as the URL does, which is the application's own, except as an
    administrator (`unsure`): then it may be any.
    """
    used = [(item, {one.user if kind == "role" else one.database for one in item.sessions}) for item in known]
    absent = [item for item, names in used if not names]
    own_is_theirs = kind == "database" or not unsure
    for name, limit in sorted(limits.items()):
        using = [item for item, names in used if name in names]
        taken = using + (absent if name == own and own_is_theirs else [])
        if _come_to(taken) > limit:
            yield _lower(name, f"the {kind} {name} has {_limit_of(limit)}, and {_may_open(taken)} through it")
        elif unsure and _come_to(using + absent) > limit:
            yield _lower(
                name,
                f"the {kind} {name} has {_limit_of(limit)}, and {_may_open(using + absent)} through it, if that is what"
                " they use: look with the application's own URL, or while all workloads are connected",
                Severity.WARNING,
            )


def _come_to(applications: Iterable[Application]) -> int:
    return together(item.share for item in applications if item.share is not None) or 0


def _limit_of(limit: int) -> str:
    return f"a limit of {_connections(limit)}"


def _may_open(applications: Iterable[Application]) -> str:
    names = ", ".join(item.name if item.sessions else f"{item.name} (not connected now)" for item in applications)
    return f"{names} may open {_come_to(applications)}"


def _lower(subject: str, message: str, severity: Severity = Severity.ERROR) -> Observation:
    return Observation(id=LOWER, severity=severity, subject=subject, message=message)


def _connections(number: int) -> str:
    return _counted(number, "connection")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
