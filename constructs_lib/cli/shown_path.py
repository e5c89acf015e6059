"""Paths as reports show them."""

from pathlib import Path


def shown(path: Path | str) -> str:
    """A path with forward slashes, from the folder that the command runs in where it lies below that."""
    full = Path(path).absolute()
    here = Path.cwd()
    return (full.relative_to(here) if full.is_relative_to(here) else Path(path)).as_posix()
