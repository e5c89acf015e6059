"""What one database engine documents about its connections.

Here and in the rest of this package, what is handed out is a dataclass; what stays inside is a NamedTuple, which costs
a quarter of the import time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from constructs_lib.limits.unknown import Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """The connections an engine keeps from an application's role, which settings add up to it, and how sure that is."""

    slots: int
    documented: bool
    reason: str


class Default(NamedTuple):
    """An engine's default for max_connections.

    `formula` is the one to budget with. `highest`, where it differs, bounds the value from above: the engine's version
    decides between the two and is not known, which `assumption` then says.
    """

    formula: str
    highest: str | None = None
    assumption: str | None = None


class Serverless(NamedTuple):
    """What an Aurora engine accepts on Serverless v2, by its maximum ACU.

    `documented` holds the rows AWS publishes. Between two rows `between` computes the limit from the maximum ACU in
    halves; without it the row below counts. `capped` is the most that a minimum of 0 or 0.5 ACU allows.
    """

    documented: dict[int, int]
    between: Callable[[int], int] | None = None
    capped: int | None = None


class Fixed(NamedTuple):
    """A limit that does not depend on the instance, and the line that says why."""

    limit: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """One engine: its parameter, its allowed range and its defaults. One module of limits/engines each.

    A name that ends in `-` stands for all that begin with it. `default` and `reserved` take the engine version.
    `reserving` names the parameters that keep connections back, with their defaults, which `reserved` has counted;
    `per_role` the one that limits a single role, 0 for no limit.
    `unlimited` is what a parameter of 0 stands for. `documented` holds the values that AWS publishes by class.
    `port` is where it listens if nothing is said (Amazon RDS API, "CreateDBInstance"), and `schemes` is how the URL of
    such a server begins. `proxy_family` is the EngineFamily of an RDS Proxy in front of it, None where there is none;
    `proxy_percent` the MaxConnectionsPercent of one that is given none.
    `numbers_of_a_major` is how many numbers make a major version: 1 for the 16 of 16.4, 2 for the 8.0 of 8.0.40.
    `query` is what a client of the server asks it to learn the limit in force; None where there is nothing to ask.
    """

    names: tuple[str, ...]
    title: str
    port: int
    schemes: tuple[str, ...]
    least: int
    most: int
    reserved: Callable[[str | Unknown | None], Reserved]
    default: Callable[[str | Unknown | None], Default] | Fixed
    parameter: str = "max_connections"
    query: str | None = "SHOW max_connections"
    reserving: tuple[tuple[str, int], ...] = ()
    per_role: str | None = None
    unlimited: int | None = None
    documented: dict[str, int] | None = None
    serverless: Serverless | None = None
    proxy_family: str | None = None
    proxy_percent: int = 100
    numbers_of_a_major: int = 2
