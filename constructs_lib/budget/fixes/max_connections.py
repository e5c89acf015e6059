"""The least that an unknown server must accept."""

from collections.abc import Iterator

from constructs_lib.budget.fixes.case import Case
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.search import first
from constructs_lib.budget.schema import MOST
from constructs_lib.limits import Unknown


def max_connections(case: Case) -> Iterator[Fix]:
    """The least max_connections with which the budget fits, where the limit is unknown."""
    server = case.part.databases[case.database]
    if not isinstance(case.sums.capacity.limit, Unknown):
        return

    def fits(number: int) -> bool:
        return case.reached(case.trial(server, {"max_connections": number}))

    # an engine accepts no number beyond a limit of its own, so the largest is no place to begin
    enough = next((2**power for power in range(MOST.bit_length()) if fits(2**power)), None)
    least = None if enough is None else first(range(1, enough + 1), fits)
    if least is not None:
        number = {"max_connections": 1 + least}
        yield case.fix(server, number, share=0, note=", if it accepts that many or more")
