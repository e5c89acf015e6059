"""What one server leaves for applications."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from constructs_lib.budget.client import Access
from constructs_lib.budget.database import Database
from constructs_lib.budget.defaults import Defaults, in_force, resting
from constructs_lib.budget.reserves import ADMIN_RESERVE
from constructs_lib.budget.schema import plain
from constructs_lib.budget.source import Source
from constructs_lib.limits import Limit, Reserved, Server, Unknown, limit_of, reserved_slots

MOST_UNSEEN = 3
"""Clients outside the templates that a report names."""
_OF_A_GROUP = {
    "parameter_max_connections": "max_connections of the parameter group",
    "parameter_reserve": "slots reserved by the parameter group",
    "parameter_per_role": "connections of one role by the parameter group",
}
"""What a report calls a key of the document, where it is not the key itself."""


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
    limit_defaults: Defaults = field(default_factory=dict)
    """The parameters of a template whose defaults the limit rests on, by the key that does."""
    reserve_defaults: Defaults = field(default_factory=dict)
    """The same of what the engine reserves."""
    role_defaults: Defaults = field(default_factory=dict)
    """The same of what one role may open."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What rests on them, by the key, as a report shows it."""

    @property
    def by_default(self) -> Defaults:
        """The parameters whose defaults anything here rests on, by key."""
        return {**self.limit_defaults, **self.reserve_defaults, **self.role_defaults}

    @property
    def limit_assumed(self) -> bool:
        """Whether the limit rests on something that nobody gave."""
        return isinstance(self.limit, Limit) and bool(self.limit.assumption or self.limit_defaults)

    @property
    def engine_reserve_assumed(self) -> bool:
        """Whether what the engine reserves rests on something that nobody gave."""
        return self.engine_reserve_source is Source.ASSUMED or bool(self.reserve_defaults)

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
        return (*said, *resting(self.by_default, self.values))


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
    server = database.server
    limit = limit_of(server)
    defaults = in_force(database)
    limit_defaults = _deciding_the_limit(server, limit, defaults)
    reserve_defaults = _deciding_the_reserve(database, by_default, defaults)
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
        limit_defaults=limit_defaults,
        reserve_defaults=reserve_defaults,
        role_defaults={key: names for key, names in defaults.items() if key == "parameter_per_role"},
        values={key: _shown(key, getattr(database, key)) for key in defaults},
    )


def _deciding_the_limit(server: Server, limit: Limit | Unknown, defaults: Defaults) -> Defaults:
    """The defaults of those keys without which the limit would be another, or unknown: left out, or not known."""
    keys = defaults.keys() & Server.__dataclass_fields__.keys()
    others: list[Any] = [None, Unknown("it rests on a default")]
    return {
        key: names
        for key, names in defaults.items()
        if key in keys and any(limit_of(replace(server, **{key: other})) != limit for other in others)
    }


def _deciding_the_reserve(database: Database, reserved: Reserved, defaults: Defaults) -> Defaults:
    """The defaults of those keys without which the engine's reserve would be another."""
    if not defaults or database.reserved.engine is not None:
        return {}
    found = {key: names for key, names in defaults.items() if key == "parameter_reserve"}
    if database.facts is None or database.facts.reserved is None:
        known = {"engine": database.engine, "engine_version": database.engine_version}
        for key in known.keys() & defaults.keys():
            if reserved_slots(**{**known, key: None}) != reserved:
                found[key] = defaults[key]
    return found


def _shown(key: str, value: object) -> str:
    called = _OF_A_GROUP.get(key, key)
    return f"no {called}" if value is None else f"{called} {plain(value)}"


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
