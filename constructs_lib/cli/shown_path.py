"""Paths as reports show them."""

from functools import lru_cache
from pathlib import Path


def shown(path: Path | str) -> str:
    """A path with forward slashes, from the folder that the command runs in where it lies below that."""
    return _shown(Path(path), Path.cwd())


@lru_cache(1024)  # a report asks for the same few files again and again
def _shown(path: Path, here: Path) -> str:
    full = path.absolute()
    return (full.relative_to(here) if full.is_relative_to(here) else path).as_posix()
