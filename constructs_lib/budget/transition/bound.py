"""One sum of a change against one number that it must not exceed."""

from dataclasses import dataclass

from constructs_lib.budget.transition.side import Side
from constructs_lib.limits import Unknown

TERMS = 6
"""Terms that a sum spells out; the rest are summed up in one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What one workload, or one proxy, can have open during the transition."""

    name: str
    connections: int | Unknown
    arithmetic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """One sum against one number that it must not exceed: a server as it was or will be, or a proxy."""

    kind: str
    """`databases` or `proxies`."""
    name: str
    accepts: int | Unknown
    accepts_words: str
    terms: tuple[Term, ...]
    old: Side | None
    """What is deployed, alone at the same server or proxy; None where that is not deployed."""
    new: Side | None
    """What is to be deployed, alone; None where the proxy goes."""

    @property
    def total(self) -> int | Unknown:
        """All terms together; Unknown where one of them is."""
        total = 0
        for term in self.terms:
            if isinstance(term.connections, Unknown):
                return Unknown(f"{term.name}: {term.connections.reason}")
            total += term.connections
        return total

    @property
    def holds(self) -> bool:
        """Whether the sum is known and within the number."""
        total, accepts = self.total, self.accepts
        return isinstance(total, int) and isinstance(accepts, int) and total <= accepts

    @property
    def no_worse(self) -> bool:
        """Whether, where it does not hold, what is deployed does not hold by itself, and is as bad or worse."""
        return self.no_worse_than(self.old)

    def no_worse_than(self, side: Side | None) -> bool:
        """Whether, where it does not hold, one of the budgets does not hold by itself, and is as bad or worse.

        Connections are compared with connections: the sum may be no larger than what that budget alone can have open
        at its own server. What they are held against may be no smaller than what that server accepts: as many
        connections of fewer are more that are refused. What is unknown is no less than anything.
        """
        total, accepts = self.total, self.accepts
        if side is None or side.peak is None or side.accepts is None:
            return False
        return isinstance(total, int) and total <= side.peak and isinstance(accepts, int) and accepts >= side.accepts

    def message(self, when: str) -> str:
        """What is wrong where it does not hold."""
        total, accepts = self.total, self.accepts
        if isinstance(total, Unknown):
            return f"{when}, {self.name} cannot be shown to fit: {total.reason}"
        if isinstance(accepts, Unknown):
            return f"{when}, what {self.name} accepts is unknown: {accepts.reason}"
        asked = f"{self.name} can be asked for {total} connections and accepts {self.accepts_words}"
        return f"{when}, {asked}: {self.arithmetic}"

    @property
    def arithmetic(self) -> str:
        """The sum in words, largest term first."""
        counted = [(term, term.connections if isinstance(term.connections, int) else 0) for term in self.terms]
        counted.sort(key=lambda pair: (-pair[1], pair[0].name))
        words = [f"{term.name} {term.arithmetic}" for term, _ in counted[:TERMS]]
        if rest := counted[TERMS:]:
            words.append(f"{len(rest)} more {sum(number for _, number in rest)}")
        return ", ".join(words)
