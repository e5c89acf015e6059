"""A database server as the budget document describes it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from constructs_lib.budget import defaults, schema
from constructs_lib.budget.client import NO_ACCESS, Access, Client, Unread
from constructs_lib.budget.defaults import Defaults
from constructs_lib.budget.reserves import NOTHING_SAID, Reserves
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.schema import Field, or_unknown
from constructs_lib.budget.source import Source
from constructs_lib.limits import Server, Unknown
from constructs_lib.limits.facts import Facts, FactsError, ServerFacts
from constructs_lib.limits.serverless import is_serverless


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """One server with one max_connections."""

    name: str
    engine: str | Unknown | None = None
    engine_version: str | Unknown | None = None
    instance_class: str | Unknown | None = None
    max_connections: int | str | Unknown | None = None
    """Declared: what `SHOW max_connections` says, or a formula as AWS writes them."""
    parameter_max_connections: int | str | Unknown | None = None
    """What the parameter group sets: an integer or a formula."""
    parameter_reserve: int | Unknown | None = None
    """Slots that the parameter group keeps back on top of the engine's own."""
    parameter_per_role: int | Unknown | None = None
    """The most connections that the parameter group gives one role."""
    reserved: Reserves = NOTHING_SAID
    min_acu: str | Unknown | None = None
    max_acu: str | Unknown | None = None
    """The range of Aurora Serverless v2, in its own unit, as the text that is exact."""
    facts: ServerFacts | None = None
    """What a look-up found on the live server."""
    memory_bytes: int | None = None
    """The nominal memory of the instance class, where it is newer than this package's table."""
    failover_class: str | Unknown | None = None
    """The class of the smallest instance that can be promoted in this one's place."""
    resource: Resource | None = None
    failover: Resource | None = None
    """The instance of `failover_class`: a reader of the same cluster, which may be another entry's `resource`."""
    readers: int | None = None
    """How many readers the cluster has."""
    parameter_group: Resource | None = None
    construct_path: str | None = None
    """The ConnectionBudget that wrote this entry; its findings may be acknowledged there too."""
    access: Access = NO_ACCESS
    """What can reach the server, read from the templates; a document does not carry it."""
    uncounted_proxies: tuple[Client, ...] = ()
    """RDS Proxies in front of the server that the budget was not told of, read as `access` is."""
    unread: tuple[Unread, ...] = ()
    """What of the templates cannot be read, and may connect to the server."""
    strays: Mapping[str, str] = field(default_factory=dict)
    """The logical ids, by name, of proxies of which nothing says that they stand before this server, or another."""
    twins: tuple[str, ...] = ()
    """Other entries that stand for the same server, in words."""
    defaults: Defaults = field(default_factory=dict)
    """The parameters whose defaults the values of a template rest on, by key."""
    given: Mapping[str, Source] = field(default_factory=dict)

    @classmethod
    def read(cls, name: str, value: object, place: str) -> "Database":
        """Read an entry of `databases`."""
        values, given = schema.read_fields(value, place, FIELDS)
        return cls(name=name, given=given, **values)

    def to_json(self) -> dict[str, Any]:
        """The inverse of `read`."""
        return schema.write_fields(self, self.given)

    @property
    def _looked_up_parameter(self) -> str | None:
        """The text in the live parameter group, where the number in force is not known and the template has none."""
        facts = self.facts
        return facts.parameter if facts is not None and facts.max_connections is None else None

    @property
    def _pending_parameter(self) -> str | None:
        """The text in the live parameter group that a reboot will bring; a template's group replaces it."""
        facts = self.facts
        return facts.parameter if facts and facts.pending_reboot and self.parameter_max_connections is None else None

    @property
    def per_role(self) -> tuple[int | Unknown, str] | None:
        """The least of the limits on the application's role or database, and what sets it; None where none does."""
        limits: list[tuple[int | Unknown, str]] = []
        if self.parameter_per_role is not None:
            limits.append((self.parameter_per_role, "max_user_connections of the parameter group"))
        if self.facts is not None and self.facts.role_connection_limit is not None:
            limits.append((self.facts.role_connection_limit, "CONNECTION LIMIT of the role"))
        if self.facts is not None and self.facts.database_connection_limit is not None:
            limits.append((self.facts.database_connection_limit, "CONNECTION LIMIT of the database"))
        # an unknown one is the least of all
        return min(limits, key=lambda limit: -1 if isinstance(limit[0], Unknown) else limit[0], default=None)

    @property
    def serverless(self) -> bool:
        """Whether the server is Aurora Serverless v2: by its class or, where none is said, by its capacity in ACU."""
        return is_serverless(self.server)

    @property
    def of_unnamed_class(self) -> ServerFacts | None:
        """The look-up that decides the limit without saying of which class it is, where the document has a class."""
        facts = self.facts
        if facts is None or facts.max_connections is None or facts.instance_class is not None:
            return None
        decided = self.max_connections is not None or self.parameter_max_connections is not None
        return None if decided or not isinstance(self.instance_class, str) else facts

    @property
    def server(self) -> Server:
        """What the limits need to know."""
        of_group = self.parameter_max_connections  # 0 is one, which no server accepts
        return Server(
            engine=self.engine,
            engine_version=self.engine_version,
            instance_class=self.instance_class,
            max_connections=self.max_connections,
            parameter_max_connections=self._looked_up_parameter if of_group is None else of_group,
            looked_up_max_connections=self.facts.max_connections if self.facts is not None else None,
            pending_max_connections=self._pending_parameter,
            min_acu=self.min_acu,
            max_acu=self.max_acu,
            memory_bytes=self.memory_bytes,
        )


def integer_or_formula(value: object, place: str) -> int | str:
    """A max_connections as documents and parameter groups give it."""
    number: int = schema.integer(1)(value, place) if not isinstance(value, str) else 0
    return number or schema.text(value, place)


def facts(value: object, place: str) -> ServerFacts:
    """One server's entry of a facts file."""
    entry = schema.mapping(value, place)
    try:
        content = {"schema": 1, "looked_up": entry.get("looked_up"), "servers": {"facts": entry}}
        return Facts.read(content).servers["facts"]
    except FactsError as error:
        raise schema.DocumentError(place, str(error).removeprefix("servers.facts.")) from None


def acu(value: object, place: str) -> str:
    """An Aurora capacity: 0 to 256 in halves, as a number or as text."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    words = str(value).removesuffix(".0") if number else value
    if not isinstance(words, str) or not re.fullmatch(r"[0-9]{1,3}(\.[05])?", words) or float(words) > 256:  # noqa: PLR2004 - AWS's maximum
        raise schema.DocumentError(
            place, f"must be a capacity from 0 to 256 in steps of 0.5, got {schema.shown(value)}"
        )
    return words


FIELDS = {
    "engine": Field(or_unknown(schema.text)),
    "engine_version": Field(or_unknown(schema.text)),
    "instance_class": Field(or_unknown(schema.text)),
    "max_connections": Field(or_unknown(integer_or_formula)),
    "parameter_max_connections": Field(or_unknown(integer_or_formula), internal=True),
    "parameter_reserve": Field(or_unknown(schema.integer(0)), internal=True),
    "parameter_per_role": Field(or_unknown(schema.integer(1)), internal=True),
    "reserved": Field(Reserves.read, NOTHING_SAID),
    "min_acu": Field(or_unknown(acu)),
    "max_acu": Field(or_unknown(acu)),
    "facts": Field(facts),
    "memory_bytes": Field(schema.integer(1, 2**47)),
    "failover_class": Field(or_unknown(schema.text), internal=True),
    "resource": Field(Resource.read, internal=True),
    "failover": Field(Resource.read, internal=True),
    "readers": Field(schema.integer(0)),
    "parameter_group": Field(Resource.read, internal=True),
    "construct_path": Field(schema.text, internal=True),
    "defaults": defaults.FIELD,
}
