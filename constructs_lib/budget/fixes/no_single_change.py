"""What can help where no single change does, in words: nothing that cannot."""

from collections.abc import Iterator, Sequence

from constructs_lib.budget.defaults import listed
from constructs_lib.budget.fixes.larger_server import larger_server
from constructs_lib.budget.fixes.problem import CLIENTS, SUM, Own, problems
from constructs_lib.budget.tally import Allotment, DatabaseTally
from constructs_lib.budget.workloads import Reservation
from constructs_lib.limits import Unknown

MOST_PROXIES = 3
"""Proxies that are named."""


def no_single_change(sums: DatabaseTally, own: Own) -> str:
    """What to say instead of a way out."""
    *most, last = [*_smaller(sums, own), larger_server(sums)]
    return f"no single change makes it fit: {', '.join(most)}{', or ' if most else ''}{last}"


def _smaller(sums: DatabaseTally, own: Own) -> Iterator[str]:
    """What can be made smaller: where the proxies' shares alone are too much, no direct client is to blame."""
    wrong = [problem for problem in problems(sums) if own(problem)]
    kinds = {problem.what for problem in wrong}
    if kinds == {CLIENTS}:
        named = {problem.name for problem in wrong}
        short = [item for item in sums.proxies if item.proxy.name in named]
        yield f"lower {_claims([claim for item in short for claim in item.clients])} behind {_names(sums, named)}"
        return
    if kinds != {SUM} or not sums.proxies:
        yield f"lower {_claims(sums.clients)}"
        return
    usable, shares = sums.capacity.usable or 0, ceilings(sums)
    through = f"lower the max_connections_percent of {_names(sums)} and what connects through it"
    directly = f"{_claims(sums.direct)} of what connects directly"
    if shares < usable and sums.direct:
        yield through
        yield f"lower {directly}"
    else:
        yield through if sums.total.peak - shares < usable else f"{through}, and {directly}"


def ceilings(sums: DatabaseTally) -> int:
    """All that the proxies may open at the server, as far as it is known."""
    return sum(item.ceiling for item in sums.proxies if not isinstance(item.ceiling, Unknown))


def _claims(claims: Sequence[Allotment]) -> str:
    reserved = [isinstance(claim.workload, Reservation) for claim in claims]
    if reserved and all(reserved):
        return "what is reserved"
    return "pools, processes or tasks"


def _names(sums: DatabaseTally, named: set[str] | None = None) -> str:
    names = sorted(item.proxy.name for item in sums.proxies if named is None or item.proxy.name in named)
    more = [f"{len(names) - MOST_PROXIES} more"] if len(names) > MOST_PROXIES else []
    return listed([*names[:MOST_PROXIES], *more])
