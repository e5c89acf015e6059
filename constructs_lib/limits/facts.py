"""The facts file: what `connection-budget lookup` found out about live servers, committed beside the code.

    {"schema": 1, "looked_up": "2026-11-22", "servers": {"orders": {"engine": "postgres", "max_connections": 683, …}}}

Reading it needs neither AWS nor a clock, so that a synth stays offline and repeatable.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import Enum
from typing import Any

from constructs_lib.limits.engines import engine_of
from constructs_lib.limits.instance_class import normalized
from constructs_lib.limits.nearest import nearest
from constructs_lib.limits.server import Server
from constructs_lib.limits.unknown import Unknown, quoted

SCHEMA = 1
MOST = 1_000_000
"""The largest count that the file may hold: beyond what any engine accepts."""
_LARGEST_ACU = 256
_LONGEST_TEXT = 1000  # a formula may have as many characters
_DATE = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


class FactsError(ValueError):
    """A facts file that cannot be used; the text names the place first, as in `servers.orders.engine: …`."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}" if place else problem)
        self.place = place


class Role(str, Enum):
    """What a server is in its cluster; one without a cluster is an instance."""

    INSTANCE = "instance"
    WRITER = "writer"
    READER = "reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyFacts:
    """An RDS Proxy in front of a server: its percentage of the server's max_connections, its timeout in seconds."""

    max_connections_percent: int | None = None
    idle_client_timeout: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservedFacts:
    """The slots inside max_connections that an ordinary role cannot use, and the settings that add up to them."""

    engine: int
    settings: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFacts:
    """One server on the day it was looked up; None is "not found out".

    `max_connections` is the number in force. Where that is not known, `parameter` is the text in its parameter group:
    a formula, or whatever waits for a reboot (`pending_reboot`); `parameter_is_default` says that nobody set it.
    `reserved` and the connection limits of the role and of the database are known to the server itself only.
    """

    looked_up: str
    engine: str
    engine_version: str | None = None
    instance_class: str | None = None
    role: Role = Role.INSTANCE
    cluster: str | None = None
    min_acu: float | None = None
    max_acu: float | None = None
    max_connections: int | None = None
    parameter: str | None = None
    parameter_is_default: bool = False
    pending_reboot: bool = False
    highest_connections: int | None = None
    proxies: Mapping[str, ProxyFacts] = field(default_factory=dict)
    reserved: ReservedFacts | None = None
    role_connection_limit: int | None = None
    database_connection_limit: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Write the entry as `Facts.read` takes it: what was not found out is left out, but for max_connections."""
        entry = asdict(self, dict_factory=_known)
        if self.parameter is None:
            del entry["parameter_is_default"]
        return {**entry, "role": self.role.value, "max_connections": self.max_connections}

    def stale_for(self, server: Server) -> str | None:
        """Say why these are not the facts of a server as it is described now; None where nothing contradicts them.

        What either side does not know is not compared. A version above the described one within the same major is an
        automatic upgrade. One below is stale: minor versions have changed the reserved slots.
        """
        compared = (
            ("engine", self.engine, server.engine, _other_name),
            ("engine version", self.engine_version, server.engine_version, self._older),
            ("instance class", self.instance_class, server.instance_class, _other_name),
            ("a minimum ACU of", self.min_acu, server.min_acu, _other_acu),
            ("a maximum ACU of", self.max_acu, server.max_acu, _other_acu),
        )
        changes = [
            f"{subject} {was}, now {now}"
            for subject, was, now, differ in compared
            if was is not None and isinstance(now, str | float | int) and differ(str(was), str(now))
        ]
        return f"looked up on {self.looked_up} with {'; '.join(changes)}" if changes else None

    def _older(self, was: str, now: str) -> bool:
        had, has = (tuple(map(int, re.findall(r"[0-9]{1,9}", version))) for version in (was, now))
        common = min(len(had), len(has))
        engine = engine_of(self.engine)
        major = min(common, 2 if isinstance(engine, Unknown) else engine.numbers_of_a_major)
        return had[:major] != has[:major] or had[:common] < has[:common]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The servers that were looked up, each under its name, and the day of the latest look-up."""

    looked_up: str
    servers: Mapping[str, ServerFacts]

    @classmethod
    def read(cls, value: object) -> "Facts":
        """Read the file's content from JSON's own types. Raises FactsError, which names the place."""
        entry = _object(value, "", ("schema", "looked_up", "servers"))
        schema = entry.get("schema")
        if schema != SCHEMA or isinstance(schema, bool):
            raise FactsError("schema", f"must be {SCHEMA}, got {quoted(schema)}")
        looked_up = _date(entry.get("looked_up"), "looked_up")
        servers = _object(entry.get("servers"), "servers")
        return cls(
            looked_up=looked_up,
            servers={name: _server(item, f"servers.{name}", looked_up) for name, item in servers.items()},
        )

    def to_json(self) -> dict[str, Any]:
        """Write the content as `read` takes it."""
        servers = {name: server.to_json() for name, server in self.servers.items()}
        return {"schema": SCHEMA, "looked_up": self.looked_up, "servers": servers}

    def with_servers(self, servers: Mapping[str, ServerFacts]) -> "Facts":
        """Add servers, or replace those of the same names; the others stay as they are."""
        latest = max((self.looked_up, *(server.looked_up for server in servers.values())))
        return replace(self, looked_up=latest, servers={**self.servers, **servers})


def _known(items: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {key: _plain(value) for key, value in items if value is not None and value != {}}


def _plain(value: object) -> object:
    """Write 16.0 as 16, as a person would: AWS gives all capacities as floats."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _other_name(was: str, now: str) -> bool:
    return normalized(was) != normalized(now)


def _other_acu(was: str, now: str) -> bool:
    try:
        return float(was) != float(now)
    except ValueError:  # no capacity at all: the limits say so
        return False


def _server(value: object, place: str, looked_up: str) -> ServerFacts:
    values = _fields(value, place, _SERVER, required="engine")
    return ServerFacts(**{"looked_up": looked_up, **values})


def _fields(
    value: object, place: str, readers: Mapping[str, Callable[[object, str], Any]], *, required: str | None = None
) -> dict[str, Any]:
    entry = _object(value, place, readers)
    values = {key: readers[key](item, f"{place}.{key}") for key, item in entry.items() if item is not None}
    if required is not None and required not in values:
        raise FactsError(f"{place}.{required}", "is required")
    return values


def _object(value: object, place: str, known: Iterable[str] | None = None) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise FactsError(place, f"must be an object, got {quoted(value)}")
    for key in value:
        if not isinstance(key, str) or not key.strip() or not key.isprintable():
            raise FactsError(place, f"a name must be of printable characters, got {quoted(key)}")
        if known is not None and key not in known:
            alike = nearest(key, tuple(known), at_most=1)
            hint = f", did you mean {alike[0]!r}?" if alike else ""
            raise FactsError(place, f"unknown key {quoted(key)}{hint}; known keys: {', '.join(sorted(known))}")
    return value


def _text(value: object, place: str) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > _LONGEST_TEXT:
        raise FactsError(place, f"must be 1 to {_LONGEST_TEXT} printable characters, got {quoted(value)}")
    return value


def _date(value: object, place: str) -> str:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise FactsError(place, f"must be a date like 2026-11-22, got {quoted(value)}")
    return value


def _boolean(value: object, place: str) -> bool:
    if not isinstance(value, bool):
        raise FactsError(place, f"must be true or false, got {quoted(value)}")
    return value


def _integer(least: int, most: int) -> Callable[[object, str], int]:
    def read(value: object, place: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise FactsError(place, f"must be a whole number from {least} to {most}, got {quoted(value)}")
        return value

    return read


def _acu(value: object, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LARGEST_ACU:
        raise FactsError(place, f"must be a capacity from 0 to {_LARGEST_ACU}, got {quoted(value)}")
    return int(value) if value == int(value) else value


def _role(value: object, place: str) -> Role:
    try:
        return Role(value)
    except ValueError:
        roles = ", ".join(role.value for role in Role)
        raise FactsError(place, f"must be one of {roles}, got {quoted(value)}") from None


def _proxies(value: object, place: str) -> dict[str, ProxyFacts]:
    return {
        name: ProxyFacts(**_fields(item, f"{place}.{name}", _PROXY)) for name, item in _object(value, place).items()
    }


def _reserved(value: object, place: str) -> ReservedFacts:
    return ReservedFacts(**_fields(value, place, _RESERVED, required="engine"))


def _settings(value: object, place: str) -> dict[str, int]:
    return {name: _count(item, f"{place}.{name}") for name, item in _object(value, place).items()}


_count = _integer(0, MOST)
_PROXY = {"max_connections_percent": _integer(1, 100), "idle_client_timeout": _integer(1, 28_800)}
_RESERVED: dict[str, Callable[[object, str], Any]] = {"engine": _count, "settings": _settings}
_SERVER: dict[str, Callable[[object, str], Any]] = {
    "looked_up": _date,
    "engine": _text,
    "engine_version": _text,
    "instance_class": _text,
    "role": _role,
    "cluster": _text,
    "min_acu": _acu,
    "max_acu": _acu,
    "max_connections": _count,
    "parameter": _text,
    "parameter_is_default": _boolean,
    "pending_reboot": _boolean,
    "highest_connections": _count,
    "proxies": _proxies,
    "reserved": _reserved,
    "role_connection_limit": _count,
    "database_connection_limit": _count,
}
