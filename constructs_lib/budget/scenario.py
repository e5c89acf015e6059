"""The three situations in which the sum is taken."""

from enum import IntEnum
from typing import NamedTuple


class Scenario(IntEnum):
    """An index into `PerScenario`, in the order in which connections grow."""

    STEADY = 0
    """The desired number of tasks."""
    SCALED_OUT = 1
    """The most tasks that autoscaling, or a schedule, can ask for."""
    DEPLOYING = 2
    """The most tasks that run while a deployment replaces them."""

    @property
    def key(self) -> str:
        """The name in documents and reports."""
        return self.name.lower()

    @property
    def title(self) -> str:
        """The name in a sentence."""
        return self.name.lower().replace("_", " ")


class PerScenario(NamedTuple):
    """One number for each scenario."""

    steady: int
    scaled_out: int
    deploying: int

    @property
    def peak(self) -> int:
        """The worst of the three."""
        return max(self)

    def times(self, factor: int) -> "PerScenario":
        """Each number multiplied."""
        return PerScenario(self.steady * factor, self.scaled_out * factor, self.deploying * factor)

    def plus(self, other: "PerScenario") -> "PerScenario":
        """Each number added to its counterpart."""
        return PerScenario(
            self.steady + other.steady, self.scaled_out + other.scaled_out, self.deploying + other.deploying
        )


NOTHING = PerScenario(0, 0, 0)
