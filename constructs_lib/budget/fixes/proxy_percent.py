"""Another share of the server for a proxy."""

from collections.abc import Iterator

from constructs_lib.budget.document import Document
from constructs_lib.budget.fixes.case import Case
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.problem import CLIENTS, problems
from constructs_lib.budget.fixes.search import first, largest, share
from constructs_lib.budget.proxy import Proxy
from constructs_lib.budget.tally import tally
from constructs_lib.limits import Unknown

KEY = "max_connections_percent"
MOST_PROXIES = 3
"""How many proxies of a database, by name, a way out is looked for in."""


def proxy_percent(case: Case) -> Iterator[Fix]:
    """The nearest percentage that leaves enough to the direct clients and is enough for the proxy's own."""
    for item in sorted(case.sums.proxies, key=lambda item: item.proxy.name)[:MOST_PROXIES]:
        proxy = item.proxy
        now = proxy.max_connections_percent

        def trial(percent: int, proxy: Proxy = proxy) -> Document:
            return case.trial(proxy, {KEY: percent})

        # too high a percentage leaves nothing to direct clients, too low a one nothing to the proxy's own
        percent = largest(1, 100, lambda percent: _direct_fit(case, trial(percent)))
        if percent is None or not case.reached(trial(percent)):
            continue
        if isinstance(now, int) and now < percent:  # all from the one that is enough up to that one fit
            more = range(now + 1, percent + 1)
            index = first(more, lambda percent: case.reached(trial(percent)))
            percent = percent if index is None else more[index]
        if percent != now:
            yield case.fix(proxy, {KEY: percent}, share=0 if isinstance(now, Unknown) else share(now, percent))


def _direct_fit(case: Case, document: Document) -> bool:
    """Whether the server and its direct clients are well, whatever the clients of the proxies say."""
    sums = tally(document)
    server = sums.databases[case.database]
    behind = {client.workload.name for item in server.proxies for client in item.clients}
    left = problems(server)
    known = {problem: size for problem, size in left.items() if problem.what != CLIENTS and problem.name not in behind}
    return case.tolerates(known) and case.goal(sums)
