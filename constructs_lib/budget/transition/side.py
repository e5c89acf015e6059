"""What one of the two budgets can have open by itself."""

from dataclasses import dataclass

from constructs_lib.budget import arithmetic
from constructs_lib.budget.tally import DatabaseTally, ProxyTally


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The old or the new budget alone at a server with all that connects to it, or at a proxy with its clients."""

    sums: DatabaseTally | ProxyTally

    @property
    def peak(self) -> int | None:
        """Its worst scenario, its own deployments included; None where a term of it is unknown."""
        return self.sums.total.peak if self.sums.complete else None

    @property
    def accepts(self) -> int | None:
        """What its own server, or its own proxy, accepts; None where that is unknown."""
        sums = self.sums
        if isinstance(sums, ProxyTally):
            return sums.accepts if isinstance(sums.accepts, int) else None
        return None if sums.capacity.overdrawn else sums.capacity.usable

    @property
    def arithmetic(self) -> str:
        """The peak in words, largest term first; empty where nothing connects."""
        sums = self.sums
        scenario = arithmetic.worst(sums.total)
        if isinstance(sums, ProxyTally):
            return arithmetic.of_clients(sums, scenario)
        return arithmetic.of_database(sums, scenario)
