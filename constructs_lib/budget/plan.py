"""The plan: every pool's size, every sum, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.budget import arithmetic
from constructs_lib.budget.document import SCHEMA, Document
from constructs_lib.budget.environment import environments
from constructs_lib.budget.finding import Finding, Severity
from constructs_lib.budget.recycle import pool_recycle_s
from constructs_lib.budget.rules import RULES
from constructs_lib.budget.scenario import PerScenario, Scenario
from constructs_lib.budget.tally import Allotment, DatabaseTally, ProxyTally, Tally, tally
from constructs_lib.budget.unbudgeted import unbudgeted
from constructs_lib.budget.workloads import PooledWorkload, Workload
from constructs_lib.limits import Unknown

_SEVERITIES = list(Severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A document, its sums, and the findings."""

    document: Document
    tally: Tally
    findings: tuple[Finding, ...]

    @property
    def fits(self) -> bool:
        """Whether the invariant is shown for every database: no finding is an error."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)

    def environments(self) -> Mapping[str, Mapping[str, str]]:
        """The variables for the containers of every workload that runs as tasks; empty where it cannot be sized."""
        return environments(self.document, self.tally)

    def uncounted(self) -> Mapping[str, int]:
        """How many clients can reach each database and are in no budget: none of the sums has their connections."""
        left = unbudgeted(self.document)
        return {name: len(access.clients) + len(access.possible) for name, access in left.items()}

    def to_json(self) -> dict[str, Any]:
        """The plan in JSON's own types, as design and README describe it; what is unknown is null."""
        databases, proxies, uncounted = self.tally.databases, self.tally.proxies, self.uncounted()
        return {
            "schema": SCHEMA,
            "fits": self.fits,
            "databases": {name: _database(databases[name], uncounted[name]) for name in databases},
            "proxies": {name: _proxy(proxies[name]) for name in proxies},
            "workloads": {
                name: _workload(workload, self.tally.allotments[name], self.document)
                for name, workload in self.document.workloads.items()
            },
            "findings": [
                {
                    "id": finding.id,
                    "severity": finding.severity.value,
                    "subject": finding.subject,
                    "message": finding.message,
                    "fix": finding.fix,
                    "fixes": [fix.to_json() for fix in finding.fixes],
                }
                for finding in self.findings
            ],
        }


def plan(document: Document) -> Plan:
    """Plan a document: size, add up, and look for everything that is wrong.

    The same function serves the construct, the validation plugin and the command line. The order of the document's
    entries changes nothing but the order of the output.
    """
    sums = tally(document)
    findings = [finding for rule in RULES for finding in rule.check(sums)]
    findings.sort(key=lambda finding: (_SEVERITIES.index(finding.severity), finding.subject, finding.id))
    return Plan(document=document, tally=sums, findings=tuple(findings))


def _database(database: DatabaseTally, uncounted: int) -> dict[str, Any]:
    capacity = database.capacity
    limit = None if isinstance(capacity.limit, Unknown) else capacity.limit
    return {
        "max_connections": limit and limit.max_connections,
        "basis": limit and limit.basis.value,
        "reserved": capacity.reserved,
        "usable": capacity.usable,
        "arithmetic": arithmetic.of_capacity(capacity),
        **_sums(database.total if database.complete else None),
        "headroom": database.headroom,
        "uncounted_clients": uncounted,
    }


def _proxy(proxy: ProxyTally) -> dict[str, Any]:
    return {
        "database": proxy.proxy.database,
        "max_connections": None if isinstance(proxy.accepts, Unknown) else proxy.accepts,
        **_sums(proxy.total if proxy.complete else None),
    }


def _workload(workload: Workload, allotment: Allotment, document: Document) -> dict[str, Any]:
    found = {} if workload.evidence is None else {"evidence": workload.evidence}
    told = {"arithmetic": arithmetic.of_peak(allotment), "assumed": list(workload.assumed_keys())}
    sums = {**_sums(allotment.connections), **told, **found}
    if not isinstance(workload, PooledWorkload):
        return sums
    size, pools = allotment.size, allotment.demand.pools
    return {
        "pools": None if isinstance(pools, Unknown) else pools.peak,
        "pool_size": size and size.pool_size,
        "max_overflow": size and size.max_overflow,
        "pool_timeout": workload.pool_timeout,
        "pool_recycle": pool_recycle_s(workload, document),
        "pool_pre_ping": True,
        **sums,
    }


def _sums(total: PerScenario | None) -> dict[str, Any]:
    return {
        "scenarios": {scenario.key: total and total[scenario] for scenario in Scenario},
        "peak": total and total.peak,
    }
