"""A plan by the shortest way: JSON in, JSON out."""

import json
from typing import Any

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.tally import tally

Json = dict[str, Any]


def planned(document: Json) -> Plan:
    """Read a document and plan it."""
    return plan(Document.read(document))


def plan_json(document: Json) -> Json:
    """The plan as a program reads it: through JSON text, which NaN and the infinities do not survive."""
    written: Json = json.loads(json.dumps(planned(document).to_json(), allow_nan=False))
    return written


def chosen(document: Json) -> dict[str, PoolSize]:
    """The pools that the budget chooses, without the fixed ones; 0 + 0 where there is no room for one."""
    allotments = tally(Document.read(document)).allotments
    return {name: item.size or PoolSize(0, 0) for name, item in allotments.items() if item.demand.fixed is None}
