"""Golden files: what is printed for a document, as a person reads it in a review.

Each `golden/<case>.document.json` stands beside what is printed for it in every format: `<case>.txt`, `<case>.json` …
After a change that is meant, `UPDATE_GOLDEN=1 pytest tests/report` writes them anew; read the difference before you
commit it. A new case is a new document, and the same command.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compares a text with the golden file of that name, or writes it where UPDATE_GOLDEN is set."""

    def compare(name: str, text: str) -> None:
        file = GOLDEN / name
        if os.environ.get("UPDATE_GOLDEN"):
            file.write_text(text, encoding="utf-8", newline="\n")
        assert text == file.read_text(encoding="utf-8")

    return compare
