"""The memory of Aurora Serverless v2, and how much of it the database sees."""

from constructs_lib.limits.visible_memory import GIB, MIB

BYTES_PER_ACU_HALF = GIB


def nominal_bytes(acu_halves: int) -> int:
    """Compute the memory at a capacity given in halves of an ACU: 2 GiB per ACU."""
    return acu_halves * BYTES_PER_ACU_HALF


def visible_bytes(acu_halves: int) -> int:
    """Compute what the database sees of it: derived, from the limits that AWS publishes for Aurora PostgreSQL.

    0.9383 × nominal − 200 MiB gives every one of them that is below the cap of 5000 ("Maximum connections for Aurora
    Serverless v2", Amazon Aurora User Guide: 1, 4, 8 and 16 ACU), to the connection.
    """
    return nominal_bytes(acu_halves) * 9383 // 10000 - 200 * MIB
