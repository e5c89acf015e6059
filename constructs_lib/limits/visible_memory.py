"""How much of an instance's memory the database sees at least: `DBInstanceClassMemory`, estimated."""

from typing import NamedTuple

MIB = 2**20
GIB = 2**30


class VisibleMemory(NamedTuple):
    """The bounds of `DBInstanceClassMemory` in bytes, and the line that says where the lower one comes from."""

    low: int
    high: int
    step: str


class _Share(NamedTuple):
    """`percent` of the nominal memory, less a fixed part."""

    percent: int
    fixed_mib: int

    def of(self, nominal_bytes: int) -> int:
        return nominal_bytes * self.percent // 100 - self.fixed_mib * MIB

    def step(self, nominal_bytes: int) -> str:
        return (
            f"{self.percent / 100:.2f} × {nominal_bytes} − {self.fixed_mib} MiB = {self.of(nominal_bytes)} bytes "
            "is assumed visible to the database"
        )


# AWS publishes no figure ("Specifying DB parameters", Amazon RDS User Guide: the total "less what is reserved for the
# operating system and the RDS processes"). What is taken away grows with the class, ever more slowly: two straight
# lines that stay above it. The second is the tighter one below 1.2 GiB only. Neither exceeds a value that was read
# from a server; tests/limits/observed.csv holds the values.
_SHARES = (_Share(95, 310), _Share(80, 128))


def visible_memory(nominal_bytes: int) -> VisibleMemory:
    """Bound what the database sees of an instance's nominal memory: from the conservative estimate to all of it."""
    best = max(_SHARES, key=lambda share: share.of(nominal_bytes))
    return VisibleMemory(low=best.of(nominal_bytes), high=nominal_bytes, step=best.step(nominal_bytes))


def gibibytes(memory_bytes: int) -> str:
    """Word a memory size: `16 GiB (17179869184 bytes)`."""
    hundredths = (memory_bytes * 100 + GIB // 2) // GIB
    whole, part = divmod(hundredths, 100)
    shown = f"{whole}.{part:02}".rstrip("0").rstrip(".")
    return f"{shown} GiB ({memory_bytes} bytes)"
