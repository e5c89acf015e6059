"""A live server's connections beside what the budget gives each workload."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from constructs_lib.budget.application import Application, counted
from constructs_lib.budget.finding import Severity
from constructs_lib.budget.live_limits import too_low
from constructs_lib.budget.live_share import PATIENCE_S, names_as_shown, shares_of
from constructs_lib.budget.observation import LEAK, LOWER, OVERFLOW, STRANGER, Observation
from constructs_lib.budget.plan import Plan
from constructs_lib.budget.tally import DatabaseTally
from constructs_lib.limits.activity import HIDDEN, Activity, Sessions

ENGINE_USERS = frozenset({"rdsadmin"})
"""Roles of the engine's own, whose slots it reserves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """One look at a server, application by application."""

    activity: Activity
    database: str | None
    """The database of the budget that it was compared with."""
    applications: tuple[Application, ...]
    observations: tuple[Observation, ...]
    rejected: tuple[str, ...] = ()
    """The ids of the errors that the plan itself has: a budget that does not fit cannot be kept."""

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
        """Whether the budget fits, every share is known, nothing is seen that it rules out, and no limit may be low."""
        seen = any(item.severity is Severity.ERROR for item in self.observations)
        return not (self.rejected or self.unknown or self.undecided or seen)

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
        observations += [*too_low(activity, tally, applications), *_overflow(applications)]
        observations += _strangers(tally, applications) if activity.named else _unnamed(tally, applications)
    order = list(Severity)
    observations.sort(key=lambda item: order.index(item.severity))
    errors = () if plan is None else (item.id for item in plan.findings if item.severity is Severity.ERROR)
    return Verification(
        activity=activity,
        database=database,
        applications=applications,
        observations=tuple(observations),
        rejected=tuple(dict.fromkeys(errors)),
    )


def _leaks(applications: Iterable[Application]) -> Iterator[Observation]:
    for item in applications:
        share = item.share
        most = share.scenarios if share is not None else None
        if share is not None and most is not None and item.connections > most.peak:
            yield Observation(
                id=LEAK,
                severity=Severity.ERROR,
                subject=item.name,
                message=f"{item.name} has {counted(item.connections)}, and may open {most.peak}"
                f" ({share.arithmetic}): some belong to no pool any more, or to tasks that the budget does not know",
            )
        elif most is not None and item.connections > most.scaled_out:
            yield Observation(
                id=LEAK,
                severity=Severity.WARNING,
                subject=item.name,
                message=f"{item.name} has {counted(item.connections)}, more than the {most.scaled_out} that it opens"
                f" scaled out: a deployment, which may open {most.deploying}, or a leak",
            )
        patience_s = PATIENCE_S if share is None else share.patience_s
        stuck, longest_s = item.stuck
        if longest_s > patience_s:
            yield Observation(
                id=LEAK,
                severity=Severity.ERROR,
                subject=item.name,
                message=f"{item.name} has {counted(stuck)} idle in transaction, the longest for {longest_s} s:"
                f" that is more than the {patience_s} s that others wait for one (pool_timeout)",
            )


def _overflow(applications: Iterable[Application]) -> Iterator[Observation]:
    for item in applications:
        share = item.share
        if share is None or share.kept is None or share.scenarios is None:
            continue
        if share.kept < item.connections <= share.scenarios.scaled_out:
            yield Observation(
                id=OVERFLOW,
                severity=Severity.INFO,
                subject=item.name,
                message=f"{item.name} has {counted(item.connections)}, {item.connections - share.kept} more than"
                f" the {share.kept} that its steady pools keep; it may open {share.scenarios.scaled_out} scaled out",
            )


def _strangers(tally: DatabaseTally, applications: Sequence[Application]) -> Iterator[Observation]:
    """Whoever is not in the budget: nothing to worry about as long as they stay within what is set aside."""
    strangers = [item for item in applications if item.share is None and set(item.users) - ENGINE_USERS]
    reservations = sum(
        item.share.budgeted or 0
        for item in applications
        if item.share is not None and item.share.reserved and not item.sessions
    )
    admin = tally.capacity.admin_reserve
    aside = (
        f"{admin + reservations} set aside (administrative reserve {admin} + reservations that nobody uses"
        f" {reservations})"
    )
    total = sum(item.connections for item in strangers)
    severity = Severity.ERROR if total > admin + reservations else Severity.WARNING
    for item in strangers:
        yield Observation(
            id=STRANGER,
            severity=severity,
            subject=item.name,
            message=f"{item.name or 'a client without a name'} (as {', '.join(item.users)}) has"
            f" {counted(item.connections)} and is no workload of the budget;"
            f" such clients have {total} of the {aside}",
        )


def _unnamed(tally: DatabaseTally, applications: Iterable[Application]) -> Iterator[Observation]:
    """Where names are missing, only all connections together can be compared."""
    budgeted = tally.total.peak + tally.capacity.admin_reserve
    total = sum(item.connections for item in applications)
    if total > budgeted:
        yield Observation(
            id=LEAK,
            severity=Severity.ERROR,
            subject=tally.name,
            message=f"{counted(total)} are open, and all workloads together may open {tally.total.peak}, beside an"
            f" administrative reserve of {tally.capacity.admin_reserve}: whose they are cannot be seen",
        )
