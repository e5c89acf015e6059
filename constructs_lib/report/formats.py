"""The formats that a plan can be printed in."""

import json
from collections.abc import Mapping
from typing import Protocol

from constructs_lib.budget.plan import Plan
from constructs_lib.report.places import NOWHERE, Places


class Format(Protocol):
    """Words a plan; `places` says where its entries are written, for the formats that point into files."""

    def __call__(self, plan: Plan, places: Places = NOWHERE) -> str:
        """The words, which end with a line feed."""


def _json(plan: Plan, places: Places = NOWHERE) -> str:  # noqa: ARG001 - every format takes both
    return json.dumps(plan.to_json(), indent=2, ensure_ascii=False) + "\n"


def _text(plan: Plan, places: Places = NOWHERE) -> str:  # noqa: ARG001 - every format takes both
    from constructs_lib.report.text import text  # the table needs rich, which the others do not

    return text(plan)


def _markdown(plan: Plan, places: Places = NOWHERE) -> str:  # noqa: ARG001 - every format takes both
    from constructs_lib.report.markdown import markdown

    return markdown(plan)


def _sarif(plan: Plan, places: Places = NOWHERE) -> str:
    from constructs_lib.report.sarif import sarif

    return sarif(plan, places)


FORMATS: Mapping[str, Format] = {"text": _text, "json": _json, "markdown": _markdown, "sarif": _sarif}
