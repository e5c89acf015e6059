"""A look at a live server, in words."""

from collections.abc import Iterator
from typing import Any

from constructs_lib.budget.application import Application
from constructs_lib.budget.finding import Severity
from constructs_lib.budget.scenario import Scenario
from constructs_lib.budget.verification import Verification

SCHEMA = 1
_MORE = "with --budget, every workload is compared with its share"


def to_json(verification: Verification) -> dict[str, Any]:
    """The look in JSON's own types; what is unknown is null."""
    activity = verification.activity
    return {
        "schema": SCHEMA,
        "holds": verification.holds,
        "rejected": list(verification.rejected),
        "database": verification.database,
        "server": {
            "max_connections": activity.max_connections,
            "reserved": activity.reserved,
            "in_use": activity.in_use,
            "role_limits": dict(activity.role_limits),
            "database_limits": dict(activity.database_limits),
        },
        "applications": [_application(item) for item in verification.applications],
        "observations": [
            {"id": item.id, "severity": item.severity.value, "subject": item.subject, "message": item.message}
            for item in verification.observations
        ],
    }


def heading(verification: Verification) -> str:
    """The server in one line."""
    activity = verification.activity
    limits = [
        *(f"role {name} {limit}" for name, limit in sorted(activity.role_limits.items())),
        *(f"database {name} {limit}" for name, limit in sorted(activity.database_limits.items())),
    ]
    own = f"; limits: {', '.join(limits)}" if limits else ""
    return (
        f"{activity.in_use} of {activity.max_connections} connections in use beside this one;"
        f" {activity.reserved} are reserved, {activity.usable} are for ordinary roles{own}"
    )


def rows(verification: Verification) -> Iterator[tuple[str, ...]]:
    """One row below `COLUMNS` for each application."""
    for item in verification.applications:
        share = item.share
        unknown = "?" if share is not None else ""
        kept, scenarios = (share.kept, share.scenarios) if share is not None else (None, None)
        yield (
            printable(item.name) or "(no name)",
            ", ".join(printable(user) for user in item.users),
            str(item.connections),
            ", ".join(f"{count} {printable(state)}" for state, count in item.states().items()),
            unknown if kept is None else str(kept),
            *([unknown] * len(Scenario) if scenarios is None else map(str, scenarios)),
        )


NUMBERS = ("Kept", *(scenario.title.capitalize() for scenario in Scenario))
COLUMNS = ("Application", "Role", "Open", "States", *NUMBERS)


def verdict(verification: Verification) -> str:
    """The end of the report, in one line."""
    if verification.rejected:
        errors = ", ".join(verification.rejected)
        return f"DOES NOT HOLD: the budget itself has errors ({errors}); connection-budget plan says what to change"
    if any(item.severity is Severity.ERROR for item in verification.observations):
        return "DOES NOT HOLD: the server shows what the budget rules out"
    if verification.unknown:
        return (
            f"CANNOT BE SAID: the budget does not know the share of {', '.join(map(printable, verification.unknown))}"
        )
    if verification.undecided:
        return f"CANNOT BE SAID: it depends on who uses {', '.join(map(printable, verification.undecided))}"
    if reason := _unseen(verification):
        return f"HOLDS as far as can be seen: {reason}"
    compared = verification.database is not None
    return "HOLDS: every workload is within its share" if compared else f"NOTHING STUCK; {_MORE}"


def _unseen(verification: Verification) -> str:
    """What the role that looked may not see; empty where it sees all."""
    if not verification.activity.named:
        return (
            "this account may not see all sessions, or not their programs' names (PROCESS and SELECT on"
            " performance_schema allow it)"
        )
    if verification.hidden:
        return (
            f"this role may not see the state of {verification.hidden} connections of other roles"
            " (pg_read_all_stats may, where track_activities is on)"
        )
    return ""


def _application(item: Application) -> dict[str, Any]:
    stuck, longest_s = item.stuck
    share = item.share
    return {
        "name": item.name,
        "roles": list(item.users),
        "connections": item.connections,
        "states": dict(item.states()),
        "idle_in_transaction": {"connections": stuck, "longest_s": longest_s},
        "workloads": list(share.workloads) if share else [],
        "kept": share and share.kept,
        "budgeted": share and share.budgeted,
        "scenarios": {
            scenario.key: share.scenarios[scenario] if share and share.scenarios else None for scenario in Scenario
        },
    }


def printable(text: str) -> str:
    """A name that somebody else chose, which may hold what a terminal would obey."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)
