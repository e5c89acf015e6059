"""The known names nearest to one that is not known."""

from collections.abc import Sequence

_LONGEST_NAME = 60


def nearest(name: str, known: Sequence[str], *, at_most: int = 3) -> tuple[str, ...]:
    """List known names like this one, best first: none where nothing is alike."""
    # Imported late: difflib is as large as the rest of this package, and is needed for a misspelling only.
    from difflib import get_close_matches

    return tuple(get_close_matches(name[:_LONGEST_NAME], known, n=at_most, cutoff=0.6))
