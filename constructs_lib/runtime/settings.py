"""The pool settings of this process, as the budget wrote them into its environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from constructs_lib.budget import variables as names
from constructs_lib.runtime.settings_error import SettingsError
from constructs_lib.runtime.shown_value import shown

MOST_CONNECTIONS = 1_000_000
"""As in a budget document: beyond what any engine accepts."""
LONGEST_S = 86_400
"""A day: RDS Proxy ends every client connection after that long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One pool of this process. Times are in seconds."""

    pooled: bool
    """False for NullPool: every use opens a connection of its own, and closes it."""
    pool_size: int
    max_overflow: int
    pool_timeout_s: int
    pool_recycle_s: int
    pool_pre_ping: bool
    application_name: str
    iam_auth: bool
    behind_pooler: bool
    """Whether a proxy or pooler stands between, which lends its connections for a transaction at a time."""
    statement_timeout_s: int | None
    prefix: str

    @property
    def ceiling(self) -> int:
        """The most connections that the pool opens; meaningless for NullPool."""
        return self.pool_size + self.max_overflow


def read_settings(prefix: str = names.ENV_PREFIX, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `environ`, else from the environment of the process. Raises SettingsError.

    NullPool needs the application's name only; its pool's numbers are 0. With IAM tokens, connections are replaced
    after 800 s at the latest, whatever the variable says.
    """
    if not isinstance(prefix, str):
        raise SettingsError(f"prefix must be text, such as {names.ENV_PREFIX!r}, got {type(prefix).__name__}")
    variables = _Variables(prefix, os.environ if environ is None else environ)
    pooled = variables.text(names.POOL_CLASS, (names.NULL_POOL,)) is None
    numbers = (names.POOL_SIZE, names.MAX_OVERFLOW, names.POOL_TIMEOUT, names.POOL_RECYCLE, names.POOL_PRE_PING)
    variables.require(names.APPLICATION_NAME, *(numbers if pooled else ()))
    iam_auth = variables.boolean(names.IAM_AUTH)
    recycle_s = variables.integer(names.POOL_RECYCLE, 1, LONGEST_S) if pooled else 0
    return Settings(
        pooled=pooled,
        pool_size=variables.integer(names.POOL_SIZE, 1, MOST_CONNECTIONS, "0 would be no limit") if pooled else 0,
        max_overflow=variables.integer(names.MAX_OVERFLOW, 0, MOST_CONNECTIONS, "-1 would be no limit")
        if pooled
        else 0,
        pool_timeout_s=variables.integer(names.POOL_TIMEOUT, 1, LONGEST_S) if pooled else 0,
        pool_recycle_s=min(recycle_s, names.IAM_RECYCLE_S) if iam_auth else recycle_s,
        pool_pre_ping=pooled and variables.boolean(names.POOL_PRE_PING),
        application_name=variables.text(names.APPLICATION_NAME) or "",
        iam_auth=iam_auth,
        behind_pooler=variables.boolean(names.BEHIND_POOLER),
        statement_timeout_s=variables.integer(names.STATEMENT_TIMEOUT, 1, LONGEST_S)
        if variables.has(names.STATEMENT_TIMEOUT)
        else None,
        prefix=prefix,
    )


class _Variables:
    """The variables with one prefix. One that is set to nothing counts as missing."""

    def __init__(self, prefix: str, environ: Mapping[str, str]) -> None:
        self._prefix = prefix
        self._environ = environ

    def has(self, name: str) -> bool:
        """Whether there is a value."""
        return bool(self._value(name))

    def require(self, *needed: str) -> None:
        """Raise where one is missing, naming every one."""
        missing = [self._prefix + name for name in needed if not self.has(name)]
        if missing:
            verb = "is" if len(missing) == 1 else "are"
            hint = ""
            if self._prefix and not self._prefix.endswith("_") and self._environ.get(f"{self._prefix}_{needed[0]}"):
                hint = f"; the variables that are there begin with {self._prefix}_: give prefix={self._prefix + '_'!r}"
            raise SettingsError(
                f"{', '.join(missing)} {verb} not set{hint}: ConnectionBudget writes {self._prefix}* into the"
                f" containers (env_prefix {self._prefix!r}); where there is no budget, such as on a developer's"
                f" machine, set them by hand"
            )

    def text(self, name: str, allowed: tuple[str, ...] = ()) -> str | None:
        """A value as it is; None where there is none."""
        value = self._value(name)
        if value and (not value.isprintable() or (allowed and value not in allowed)):
            raise self._refused(name, f"must be {' or '.join(allowed) or 'printable'} or not be set at all")
        return value or None

    def integer(self, name: str, least: int, most: int, reason: str = "") -> int:
        """A whole number within bounds."""
        value = self._value(name)
        digits = value.removeprefix("-")
        short = digits.isascii() and digits.isdigit() and len(digits) <= len(str(most))
        if not short or not least <= int(value) <= most:
            because = f" ({reason})" if reason else ""
            raise self._refused(name, f"must be a whole number from {least} to {most}{because}")
        return int(value)

    def boolean(self, name: str) -> bool:
        """`true` or `false`; false where it is not set."""
        value = self._value(name)
        if value not in {"", names.TRUE, names.FALSE}:
            raise self._refused(name, f"must be {names.TRUE} or {names.FALSE}")
        return value == names.TRUE

    def _value(self, name: str) -> str:
        value: object = self._environ.get(self._prefix + name, "")
        if not isinstance(value, str):
            raise SettingsError(
                f"{self._prefix}{name} must be text, as in os.environ, got {type(value).__name__}: put it into quotes"
            )
        return value.strip()

    def _refused(self, name: str, must: str) -> SettingsError:
        remedy = (
            "the budget never writes this variable: correct it, or remove it"
            if name in names.NEVER_WRITTEN
            else "leave the variable to ConnectionBudget, which writes it into the containers"
            f" (env_prefix {self._prefix!r})"
        )
        return SettingsError(f"{self._prefix}{name} {must}, got {shown(self._value(name))}: {remedy}")
