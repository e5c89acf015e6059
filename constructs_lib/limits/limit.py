"""What one database server accepts, and how that is known."""

from dataclasses import dataclass
from enum import Enum


class Basis(str, Enum):
    """Where a limit comes from, best first."""

    DECLARED = "declared"
    PARAMETER_GROUP = "parameter-group"
    LOOKED_UP = "looked-up"
    DOCUMENTED = "documented"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The number of connections one server accepts, with the bounds it lies between and its derivation.

    `max_connections` is what a budget may use: for an estimate the lower bound. `low` and `high` are equal where the
    value is exact. `assumption` is one sentence where the value rests on something that was not given.
    """

    max_connections: int
    low: int
    high: int
    basis: Basis
    steps: tuple[str, ...]
    assumption: str | None
