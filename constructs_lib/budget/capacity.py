"""What one server leaves for applications."""

from dataclasses import dataclass, replace

from constructs_lib.budget.client import Access
from constructs_lib.budget.database import Database
from constructs_lib.budget.reserves import ADMIN_RESERVE
from constructs_lib.budget.source import Source
from constructs_lib.limits import Limit, Unknown, limit_of, reserved_slots

MOST_UNSEEN = 3
"""Clients outside the templates that a report names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """max_connections − slots the engine reserves − administrative reserve."""

    limit: Limit | Unknown
    engine_reserve: int
    engine_reserve_source: Source
    engine_reserve_reason: str
    admin_reserve: int
    admin_reserve_source: Source
    per_role: int | None = None
    """The most that one role may open, where that is less than what the server leaves."""
    per_role_reason: str = ""
    unhelpful: str = ""
    """What the facts of the server do not say although they were given; empty where they say it."""
    port: str = ""
    """The server's port, in words."""
    unseen: str = ""
    """What is let in there and stands in no template, in words; it lives on the administrative reserve."""

    @property
    def unseen_too(self) -> str:
        """What else lives on the administrative reserve, in words that continue those of the reserve."""
        return f", and on {self.port} what no template shows: {self.unseen}" if self.unseen else ""

    @property
    def reserved(self) -> int:
        """Both reserves together."""
        return self.engine_reserve + self.admin_reserve

    @property
    def usable(self) -> int | None:
        """What applications may open: at least 0; None where the limit is unknown."""
        if isinstance(self.limit, Unknown):
            return None
        left = max(0, self.limit.max_connections - self.reserved)
        return left if self.per_role is None else min(left, self.per_role)

    @property
    def overdrawn(self) -> bool:
        """Whether the reserves alone exceed the limit."""
        return not isinstance(self.limit, Unknown) and self.limit.max_connections < self.reserved

    def assumptions(self) -> tuple[str, ...]:
        """What had to be assumed, in words."""
        said = []
        if not isinstance(self.limit, Unknown) and self.limit.assumption:
            said.append(f"{self.limit.assumption}{self.unhelpful}")
        if self.engine_reserve_source is Source.ASSUMED:
            said.append(f"{self.engine_reserve} slots reserved by the engine: {self.engine_reserve_reason}")
        if self.admin_reserve_source is Source.ASSUMED:
            said.append(f"{self.admin_reserve} connections for migrations, psql and monitoring{self.unseen_too}")
        return tuple(said)


def capacity_of(database: Database) -> Capacity:
    """The capacity of a database, each reserve as declared or by its default."""
    reserves = database.reserved
    by_default = reserved_slots(engine=database.engine, engine_version=database.engine_version)
    engine_reserve, source, reason = by_default.slots, Source.ASSUMED, by_default.reason
    if reserves.engine is not None:
        engine_reserve, source, reason = reserves.engine, Source.DECLARED, "said in the budget"
    elif database.facts is not None and database.facts.reserved is not None:
        engine_reserve, source = database.facts.reserved.engine, Source.LOOKED_UP
        reason = f"the server's own settings on {database.facts.looked_up}"
    elif by_default.documented:
        source = Source.DOCUMENTED
    if isinstance(database.parameter_reserve, int) and reserves.engine is None:
        engine_reserve += database.parameter_reserve
        reason = f"{reason}; {database.parameter_reserve} more in the parameter group"
    per_role, per_role_reason = database.per_role or (None, "")
    limit = limit_of(database.server)
    if isinstance(limit, Limit) and database.of_unnamed_class is not None:
        day, at = database.of_unnamed_class.looked_up, database.instance_class
        limit = replace(limit, assumption=f"the look-up of {day} does not say its instance class: {at} is assumed")
    unknown = next((item for item in (per_role, database.parameter_reserve) if isinstance(item, Unknown)), None)
    return Capacity(
        limit=unknown or limit,
        per_role=None if isinstance(per_role, Unknown) else per_role,
        per_role_reason=per_role_reason,
        engine_reserve=engine_reserve,
        engine_reserve_source=source,
        engine_reserve_reason=reason,
        admin_reserve=ADMIN_RESERVE if reserves.admin is None else reserves.admin,
        admin_reserve_source=Source.ASSUMED if reserves.admin is None else Source.DECLARED,
        unhelpful=_unhelpful(database),
        port=database.access.port,
        unseen=_unseen(database.access),
    )


def _unhelpful(database: Database) -> str:
    facts = database.facts
    if facts is None or facts.max_connections is not None or database.max_connections is not None:
        return ""
    return f"; the facts looked up on {facts.looked_up} have no max_connections: look up the running server again"


def _unseen(access: Access) -> str:
    named = list(access.unseen[:MOST_UNSEEN])
    if more := len(access.unseen) - len(named):
        named.append(f"{more} more")
    return ", ".join(named)
