"""A look at a live server, in words."""

from collections.abc import Iterator
from typing import Any

from constructs_lib.budget.verification import Application, Verification

SCHEMA = 1


def to_json(verification: Verification) -> dict[str, Any]:
    """The look in JSON's own types; what is unknown is null."""
    activity = verification.activity
    return {
        "schema": SCHEMA,
        "holds": verification.holds,
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
        f"{activity.in_use} of {activity.max_connections} connections in use,"
        f" {activity.reserved} of them reserved, {activity.usable} for ordinary roles{own}"
    )


def rows(verification: Verification) -> Iterator[tuple[str, ...]]:
    """One row below `COLUMNS` for each application."""
    for item in verification.applications:
        share = item.share
        unknown = "?" if share is not None else ""
        budgeted, kept = (share.budgeted, share.kept) if share is not None else (None, None)
        yield (
            _printable(item.name) or "(no name)",
            ", ".join(_printable(user) for user in item.users),
            str(item.connections),
            ", ".join(f"{count} {_printable(state)}" for state, count in item.states().items()),
            unknown if kept is None else str(kept),
            unknown if budgeted is None else str(budgeted),
        )


COLUMNS = ("Application", "Role", "Open", "States", "Kept", "Budget")


def verdict(verification: Verification) -> str:
    """The end of the report, in one line."""
    if not verification.holds:
        return "DOES NOT HOLD: the server shows what the budget rules out"
    if verification.database is None:
        return "NOTHING STUCK; with --budget, every workload is compared with its share"
    if not verification.activity.named:
        return "HOLDS as far as can be seen: this account may not read the names of the applications"
    return "HOLDS: every workload is within its share"


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
    }


def _printable(text: str) -> str:
    """A name that somebody else chose, which may hold what a terminal would obey."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)
