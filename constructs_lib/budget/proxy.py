"""An RDS Proxy as the budget document describes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from constructs_lib.budget import defaults, schema
from constructs_lib.budget.defaults import Defaults
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.schema import Field, integer, or_unknown
from constructs_lib.budget.source import Source
from constructs_lib.limits import Unknown
from constructs_lib.limits.engines import engine_of

IDLE_CLIENT_TIMEOUT_S = 1800
"""The default of RDS Proxy (Amazon RDS User Guide, "RDS Proxy connection considerations")."""
BORROW_TIMEOUT_S = 120
"""The default of RDS Proxy (same page)."""
SHORTEST_IDLE_CLIENT_TIMEOUT_S = 60
"""The least that RDS Proxy accepts; taken where the real value cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """One RDS Proxy target group in front of a database."""

    name: str
    database: str
    max_connections_percent: int | Unknown = 100
    """Of the server's max_connections: what the proxy may open there."""
    idle_client_timeout: int | Unknown = IDLE_CLIENT_TIMEOUT_S
    """Seconds after which the proxy drops an idle client."""
    borrow_timeout: int | Unknown = BORROW_TIMEOUT_S
    """Seconds that a client waits for a connection of the proxy's to the server."""
    targets: int = 1
    """Servers that the endpoint spreads its clients over: the readers behind a read-only endpoint."""
    resource: Resource | None = None
    endpoint: Resource | None = None
    """The read-only endpoint, where the clients use one."""
    identity: Mapping[str, str] | None = None
    """What the proxy is replaced for if it changes, as the template has it; None where no template was read."""
    construct_path: str | None = None
    defaults: Defaults = field(default_factory=dict)
    """The parameters whose defaults the values of a template rest on, by key."""
    given: Mapping[str, Source] = field(default_factory=dict)

    @classmethod
    def read(cls, name: str, value: object, place: str) -> "Proxy":
        """Read an entry of `proxies`."""
        values, given = schema.read_fields(value, place, FIELDS)
        return cls(name=name, given=given, **values)

    def to_json(self) -> dict[str, Any]:
        """The inverse of `read`."""
        return schema.write_fields(self, self.given)

    def assumptions(self) -> tuple[str, ...]:
        """What had to be assumed, in words."""
        said = []
        if self.percent_assumed:
            said.append(f"{schema.plain(self.max_connections_percent)} % of max_connections, the default of RDS Proxy")
        if isinstance(self.idle_client_timeout, Unknown):
            said.append(
                f"an idle client timeout of {SHORTEST_IDLE_CLIENT_TIMEOUT_S} s, the least that RDS Proxy accepts:"
                f" {self.idle_client_timeout.reason}"
            )
        by_default = self.by_default
        said += defaults.resting(by_default, {key: f"{key} {schema.plain(getattr(self, key))}" for key in by_default})
        return tuple(said)

    @property
    def percent_assumed(self) -> bool:
        """Whether nobody, and no template, says the percentage."""
        return self.given.get("max_connections_percent", Source.ASSUMED) is Source.ASSUMED

    @property
    def by_default(self) -> Defaults:
        """The parameters whose defaults the proxy's values rest on, by key."""
        return defaults.in_force(self)

    def before(self, engine: str | Unknown | None) -> "Proxy":
        """The proxy with the default percentage of the engine that it stands in front of, where none was given."""
        known = engine_of(engine)
        if "max_connections_percent" in self.given or isinstance(known, Unknown):
            return self
        return replace(self, max_connections_percent=known.proxy_percent)

    @property
    def idle_client_timeout_s(self) -> int:
        """The timeout that pools have to stay below."""
        idle = self.idle_client_timeout
        return SHORTEST_IDLE_CLIENT_TIMEOUT_S if isinstance(idle, Unknown) else idle


FIELDS = {
    "database": Field(schema.text, required="the database that the proxy stands in front of"),
    "max_connections_percent": Field(or_unknown(integer(1, 100)), 100),
    "idle_client_timeout": Field(or_unknown(integer(1, 28_800)), IDLE_CLIENT_TIMEOUT_S),
    "borrow_timeout": Field(or_unknown(integer(0, 300)), BORROW_TIMEOUT_S),
    "targets": Field(integer(1, 15), 1),
    "resource": Field(Resource.read, internal=True),
    "endpoint": Field(Resource.read, internal=True),
    "construct_path": Field(schema.text, internal=True),
    "defaults": defaults.FIELD,
}
