"""Another share of the server for a proxy."""

from collections.abc import Iterator
from dataclasses import replace

from constructs_lib.budget.document import Document
from constructs_lib.budget.fixes.case import Case
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.problem import CLIENTS, Problem, problems
from constructs_lib.budget.fixes.search import first, largest, share
from constructs_lib.budget.proxy import Proxy
from constructs_lib.budget.schema import MOST
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
        percent = most_percent(case, proxy)
        if percent is None or not _with_its_own_wrong(case, proxy).reached(trial(percent)):
            continue
        if isinstance(now, int) and now < percent:  # all from the one that is enough up to that one fit
            more = range(now + 1, percent + 1)
            index = first(more, lambda percent: case.reached(trial(percent)))
            percent = percent if index is None else more[index]
        if percent != now:
            yield case.fix(proxy, {KEY: percent}, share=0 if isinstance(now, Unknown) else share(now, percent))


def most_percent(case: Case, proxy: Proxy) -> int | None:
    """The largest percentage of a proxy with which the server and its direct clients are well."""
    return largest(1, 100, lambda percent: _direct_fit(case, case.trial(proxy, {KEY: percent})))


def _with_its_own_wrong(case: Case, proxy: Proxy) -> Case:
    """The case in which a proxy's own clients, where they are too many already, may be so by more.

    A share that is too large has to go, whatever they ask for: they have a finding of their own, and its numbers.
    """
    clients = Problem(CLIENTS, proxy.name)
    return replace(case, beside={**case.beside, clients: MOST}) if clients in case.beside else case


def _direct_fit(case: Case, document: Document) -> bool:
    """Whether the server and its direct clients are well, whatever the clients of the proxies say."""
    sums = tally(document)
    server = sums.databases[case.database]
    behind = {client.workload.name for item in server.proxies for client in item.clients}
    left = problems(server)
    known = {problem: size for problem, size in left.items() if problem.what != CLIENTS and problem.name not in behind}
    return case.tolerates(known) and case.goal(sums)
