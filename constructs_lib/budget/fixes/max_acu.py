"""More capacity of Aurora Serverless v2."""

from collections.abc import Iterator

from constructs_lib.budget.fixes.case import Case
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.search import first, share
from constructs_lib.limits.serverless import halves_of

STEPS = (1, 2, 4, 8, 16, 32, 64, 128, 192, 256)
"""ACUs tried; the limit in between is no different in kind."""


def max_acu(case: Case) -> Iterator[Fix]:
    """The least maximum capacity that fits: it decides max_connections."""
    server = case.part.databases[case.database]
    now = halves_of(server.max_acu)
    if now is None or server.instance_class != "db.serverless":
        return
    larger = [str(step) for step in STEPS if 2 * step > now]
    index = first(larger, lambda step: case.reached(case.trial(server, {"max_acu": step})))
    if index is not None:
        grown = max(1000, share(now, 2 * int(larger[index])))
        yield case.fix(server, {"max_acu": larger[index]}, share=grown)
