"""The facts file on disk: sorted and indented, so that a new look-up is a small diff."""

import json
from pathlib import Path

from constructs_lib.limits.facts import Facts, FactsError
from constructs_lib.lookups.failure import LookupFailedError


def read_facts(path: Path) -> Facts | None:
    """Read a facts file; None where there is none yet."""
    try:
        return Facts.read(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LookupFailedError(f"{path}: {error.strerror or error}") from None
    except FactsError as error:
        raise LookupFailedError(f"{path}: {error}") from None
    except json.JSONDecodeError as error:
        raise LookupFailedError(f"{path}: line {error.lineno} column {error.colno}: not JSON: {error.msg}") from None
    except (ValueError, RecursionError):  # no UTF-8, a number of thousands of digits, brackets without end
        raise LookupFailedError(f"{path}: not a facts file") from None


def write_facts(path: Path, facts: Facts) -> None:
    """Write a facts file, such that the same facts give the same bytes."""
    try:
        path.write_text(rendered(facts), encoding="utf-8", newline="\n")
    except OSError as error:
        raise LookupFailedError(f"{path}: {error.strerror or error}") from None


def rendered(facts: Facts) -> str:
    """Write facts as text, once they are found to read back."""
    content = facts.to_json()
    try:
        Facts.read(content)
    except FactsError as error:
        raise LookupFailedError(f"what was looked up is beyond what a facts file holds: {error}") from None
    return json.dumps(content, indent=2, sort_keys=True) + "\n"
