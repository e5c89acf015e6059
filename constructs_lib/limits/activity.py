"""Who is connected to a server at one moment, and what the server accepts from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

IDLE_IN_TRANSACTION = "idle in transaction"
HIDDEN = "hidden"
"""The state of a session that the server shows to its own role, and to monitoring roles, only."""


class Sessions(NamedTuple):
    """So many connections of one application that are in the same state; `longest_s` is the longest of them in it."""

    application_name: str
    user: str
    database: str
    state: str
    connections: int
    longest_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One look at a server; the connection that was used to look is not among the sessions."""

    max_connections: int
    reserved: int
    """Slots that an ordinary role cannot use."""
    sessions: tuple[Sessions, ...]
    role_limits: Mapping[str, int] = field(default_factory=dict)
    """The roles with a limit of their own."""
    database_limits: Mapping[str, int] = field(default_factory=dict)
    named: bool = True
    """Whether the server tells the names of all applications; without any, `application_name` is the user and host."""
    role: str = ""
    """Whose connection looked, as below."""
    database: str = ""
    administrator: bool = False
    """Whether that role is one for people: an application would hardly connect with it."""

    @property
    def in_use(self) -> int:
        """All connections."""
        return sum(item.connections for item in self.sessions)

    @property
    def usable(self) -> int:
        """What ordinary roles can open together."""
        return max(0, self.max_connections - self.reserved)
