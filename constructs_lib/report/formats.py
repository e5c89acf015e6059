"""The formats that a plan can be printed in."""

import json
from collections.abc import Callable, Mapping

from constructs_lib.budget.plan import Plan


def _json(plan: Plan) -> str:
    return json.dumps(plan.to_json(), indent=2, ensure_ascii=False) + "\n"


def _text(plan: Plan) -> str:
    from constructs_lib.report.text import text  # the table needs rich, which JSON does not

    return text(plan)


FORMATS: Mapping[str, Callable[[Plan], str]] = {"text": _text, "json": _json}
