"""What a server accepts from the application, beside what the budget lets it open."""

from collections.abc import Mapping
from dataclasses import dataclass

from constructs_lib.budget import variables as names
from constructs_lib.runtime.settings import MOST_CONNECTIONS, Settings
from constructs_lib.runtime.settings_error import SettingsError
from constructs_lib.runtime.shown_value import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What a server accepts from the application's role."""

    max_connections: int
    reserved: int
    role_limit: int | None
    """None for no limit of its own, as below."""
    database_limit: int | None

    @property
    def least(self) -> tuple[int, str]:
        """The tightest bound, and its arithmetic."""
        own = self.max_connections - self.reserved
        bounds = [(own, f"max_connections {self.max_connections} − {self.reserved} reserved = {own}")]
        if self.role_limit is not None:
            bounds.append((self.role_limit, f"the role's own limit {self.role_limit}"))
        if self.database_limit is not None:
            bounds.append((self.database_limit, f"the database's own limit {self.database_limit}"))
        return min(bounds)


def differences(settings: Settings, environ: Mapping[str, str], accepted: Accepted) -> list[str]:
    """Every way in which the server accepts less than the budget counts on."""
    found = []
    budgeted = _number(environ, names.RDS_MAX_CONNECTIONS)
    if budgeted is not None and accepted.max_connections < budgeted:
        found.append(
            f"the server accepts {accepted.max_connections} connections, and the budget was made for {budgeted}"
            f" ({names.RDS_MAX_CONNECTIONS})"
        )
    if settings.behind_pooler:
        return found  # the server's connections are the proxy's, which lends each to many
    if not settings.pooled:
        found.append(f"{settings.prefix}{names.POOL_CLASS}={names.NULL_POOL} opens one for every use, without limit")
        return found
    least, reason = accepted.least
    for wanted, arithmetic in _wanted(settings, environ, budgeted):
        if wanted > least:
            found.append(f"{arithmetic} can be open, and this role can open {least} ({reason})")
            break  # the others follow from the largest
    return found


def _wanted(settings: Settings, environ: Mapping[str, str], budgeted: int | None) -> list[tuple[int, str]]:
    """What the application opens by its budget: all tasks' pools, and Celery's, first; then this process alone."""
    own = f"{settings.pool_size} + {settings.max_overflow} = {settings.ceiling} in this process alone"
    wanted = [(settings.ceiling, own)]
    reserve, pools = _number(environ, names.ADMIN_RESERVE), _number(environ, names.APP_INSTANCE_COUNT)
    workers, concurrency = _number(environ, names.CELERY_WORKERS), _number(environ, names.CELERY_CONCURRENCY)
    total, parts = 0, []
    if budgeted is not None and reserve is not None and pools is not None:
        of_pools, divided = pools * settings.ceiling, max(0, budgeted - reserve)
        total += min(of_pools, divided)
        if of_pools <= divided:
            parts.append(f"{pools} pools × ({settings.pool_size} + {settings.max_overflow})")
        else:
            parts.append(f"{budgeted} − {reserve} that the budget divides among pools")
    if workers is not None and concurrency is not None:
        total += workers * concurrency
        parts.append(f"{workers} Celery workers × {concurrency}")
    return [(total, f"{' + '.join(parts)} = {total}"), *wanted] if parts else wanted


def _number(environ: Mapping[str, str], name: str) -> int | None:
    """A number of the budget; None where it wrote none."""
    value = environ.get(name, "").strip()
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(MOST_CONNECTIONS))):
        raise SettingsError(
            f"{name} must be a whole number from 0 to {MOST_CONNECTIONS}, got {shown(value)}: leave the variable to"
            " ConnectionBudget, or correct it"
        )
    return int(value)
