"""How a pool's share is divided between pool_size and max_overflow."""

from dataclasses import dataclass
from typing import NamedTuple


class PoolSize(NamedTuple):
    """What one pool may open: `pool_size` connections that it keeps and `max_overflow` that it gives back."""

    pool_size: int
    max_overflow: int

    @property
    def unbounded(self) -> bool:
        """Whether SQLAlchemy reads these numbers as "no limit": `pool_size=0` or `max_overflow=-1`."""
        return self.pool_size == 0 or self.max_overflow == -1

    @property
    def ceiling(self) -> int:
        """The most connections that the pool can have open; meaningless where it is `unbounded`."""
        return self.pool_size + self.max_overflow


UNLIMITED = PoolSize(0, -1)
SQLALCHEMY = PoolSize(5, 10)
"""What SQLAlchemy takes where nothing is said (SQLAlchemy documentation, "Engine Configuration")."""


@dataclass(frozen=True, slots=True)
class Split:
    """A division such as 70/30: the percentage of a share that the pool keeps open; the rest is overflow."""

    pool_percent: int

    @classmethod
    def parse(cls, text: str) -> "Split":
        """Read `70/30`. Raises ValueError unless both are whole, the first is at least 1 and they add up to 100."""
        first, slash, second = text.partition("/")
        numbers = (first, second)
        if not slash or not all(part.isascii() and part.isdigit() and len(part) <= 3 for part in numbers):  # noqa: PLR2004 - "100" has three digits
            raise ValueError('must be two whole percentages such as "70/30"')
        pool_percent, overflow_percent = int(first), int(second)
        if pool_percent < 1 or pool_percent + overflow_percent != 100:  # noqa: PLR2004 - a whole is 100 %
            raise ValueError("must add up to 100 with at least 1 for pool_size")
        return cls(pool_percent)

    def divide(self, share: int) -> PoolSize:
        """Divide a share of at least 1 in whole connections, rounding both parts down; pool_size is at least 1.

        The sum never exceeds the share: where rounding lifts pool_size to 1, the overflow was rounded down to one less.
        """
        return PoolSize(max(1, share * self.pool_percent // 100), share * (100 - self.pool_percent) // 100)

    def __str__(self) -> str:
        return f"{self.pool_percent}/{100 - self.pool_percent}"


DEFAULT_SPLIT = Split(70)
