"""The limits of a live server beside what the budget counts on."""

from collections.abc import Iterable, Iterator, Mapping

from constructs_lib.budget.application import Application, counted
from constructs_lib.budget.finding import Severity
from constructs_lib.budget.live_share import together
from constructs_lib.budget.observation import LOWER, Observation
from constructs_lib.budget.tally import DatabaseTally
from constructs_lib.limits import Unknown
from constructs_lib.limits.activity import Activity


def too_low(activity: Activity, tally: DatabaseTally, applications: Iterable[Application]) -> Iterator[Observation]:
    """Every limit below what may be opened: compared is what the plan calls usable, after both reserves."""
    capacity, total = tally.capacity, tally.total.peak
    if not isinstance(capacity.limit, Unknown) and activity.max_connections < capacity.limit.max_connections:
        yield _lower(
            tally.name,
            f"max_connections is {activity.max_connections} at the server and"
            f" {capacity.limit.max_connections} in the budget",
        )
    left = activity.usable - capacity.admin_reserve
    if left < total:
        yield _lower(
            tally.name,
            f"applications can open {left} ({activity.max_connections} − {activity.reserved} reserved −"
            f" {capacity.admin_reserve} administrative reserve), and the budget's worst case is {total}",
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
    absent = [
        item for item, names in used if not names and item.share is not None and not item.share.reserved
    ]  # nobody knows as whom a reservation connects
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
    come_to = together(item.share for item in applications if item.share is not None)
    return come_to.peak if come_to is not None else 0


def _limit_of(limit: int) -> str:
    return f"a limit of {counted(limit)}"


def _may_open(applications: Iterable[Application]) -> str:
    names = ", ".join(item.name if item.sessions else f"{item.name} (not connected now)" for item in applications)
    return f"{names} may open {_come_to(applications)}"


def _lower(subject: str, message: str, severity: Severity = Severity.ERROR) -> Observation:
    return Observation(id=LOWER, severity=severity, subject=subject, message=message)
