"""Where a term of the sum came from."""

from enum import Enum


class Source(str, Enum):
    """How a term is known; the reports print it beside the number."""

    DECLARED = "declared"
    """Said by the user: in the document or as a keyword of the construct."""
    READ = "read"
    """Read from a construct or from the synthesized template."""
    LOOKED_UP = "looked-up"
    """Read on the live server, on the day that the facts file says."""
    DOCUMENTED = "documented"
    """Published by AWS or by the library concerned."""
    ESTIMATED = "estimated"
    """Computed from a documented formula on a figure that nobody publishes."""
    ASSUMED = "assumed"
    """Nobody said, and nothing could be read: the default that is named beside it."""
