"""The formats that a look at a live server can be printed in."""

import json
from collections.abc import Callable, Mapping

from constructs_lib.budget.verification import Verification
from constructs_lib.report.verification import to_json


def _json(verification: Verification) -> str:
    # a client chose its name: as codes, it cannot command a terminal
    return json.dumps(to_json(verification), indent=2) + "\n"


def _text(verification: Verification) -> str:
    from constructs_lib.report.terminal import rendered  # the table needs rich, which JSON does not
    from constructs_lib.report.verification_table import table

    return rendered(table(verification))


FORMATS: Mapping[str, Callable[[Verification], str]] = {"text": _text, "json": _json}
