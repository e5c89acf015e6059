"""The variables of a container."""

from collections.abc import Iterable, Mapping

from constructs_lib.limits import Unknown

Variables = Mapping[str, str | Unknown]


class Environment(dict[str, str | Unknown]):
    """The variables by name, and why there may be others beside them."""

    __slots__ = ("assigned", "others")

    def __init__(
        self, variables: Variables | Iterable[tuple[str, str | Unknown]] = (), others: Unknown | None = None
    ) -> None:
        super().__init__(variables)
        self.others = others
        self.assigned: set[str] = set()
        """Those that a script sets and nothing set before, so that it may also leave them alone."""

    @classmethod
    def of(cls, variables: Variables) -> "Environment":
        """A copy of some variables."""
        copy = cls(variables, others_of(variables))
        copy.assigned |= assigned_in(variables)
        return copy

    def doubt(self, reason: Unknown) -> None:
        """Let every variable, of whatever name, be Unknown from here on."""
        self.update(dict.fromkeys(self, reason))
        self.others = reason


def others_of(variables: Variables) -> Unknown | None:
    """Why a container may have variables beside those that are known; None where it has no others."""
    return variables.others if isinstance(variables, Environment) else None


def assigned_in(variables: Variables) -> set[str]:
    """The names of the variables that a script sets and nothing set before."""
    return variables.assigned if isinstance(variables, Environment) else set()


def variable(variables: Variables, name: str) -> str | Unknown | None:
    """A variable's value; Unknown where it may be set to anything; None where it is not set."""
    value = variables.get(name)
    return others_of(variables) if value is None else value
