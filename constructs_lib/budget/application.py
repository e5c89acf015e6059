"""All connections with one name at a live server."""

from collections.abc import Mapping
from dataclasses import dataclass

from constructs_lib.budget.live_share import Share
from constructs_lib.limits.activity import IDLE_IN_TRANSACTION, Sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """All connections with one name, and the share of that name where the budget has one."""

    name: str
    sessions: tuple[Sessions, ...]
    share: Share | None

    @property
    def connections(self) -> int:
        """How many there are."""
        return sum(item.connections for item in self.sessions)

    @property
    def users(self) -> tuple[str, ...]:
        """The roles that they use."""
        return tuple(sorted({item.user for item in self.sessions}))

    def states(self) -> Mapping[str, int]:
        """How many are in which state."""
        states: dict[str, int] = {}
        for item in self.sessions:
            states[item.state] = states.get(item.state, 0) + item.connections
        return states

    @property
    def stuck(self) -> tuple[int, int]:
        """How many are idle in a transaction, and for how many seconds the longest."""
        idle = [item for item in self.sessions if item.state.startswith(IDLE_IN_TRANSACTION)]
        return sum(item.connections for item in idle), max((item.longest_s for item in idle), default=0)


def counted(number: int) -> str:
    """So many connections, in words."""
    return f"{number} connection" if number == 1 else f"{number} connections"
