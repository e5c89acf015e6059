"""How many engines a container has at one server, as its variables lead there."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from constructs_lib.budget.source import Source
from constructs_lib.template.candidates import Candidate, Lead
from constructs_lib.template.pool_variables import pool_signs
from constructs_lib.template.variable_labels import begins_with, label_of

_URL = re.compile("URL|URI|DSN|CONNECTION")
_SAME = {"WRITER", "WRITE", "PRIMARY", "MASTER", "MAIN", "CLUSTER", "DEFAULT"}
"""Words of a label for what other variables lead to without one."""
_OTHERWISE = {
    *("MIGRATION", "MIGRATIONS", "MIGRATE", "DIRECT", "ALEMBIC", "FLYWAY", "LIQUIBASE", "TEST"),
    *("RESULT", "RESULTS", "SHADOW", "HEALTHCHECK", "EXAMPLES"),
}
"""Words of a label for what is used before the program serves, or is counted in another way."""


class Engines(NamedTuple):
    """Several engines, how that is known, and why in words."""

    number: int
    source: Source
    words: str


def engines(candidate: Candidate, container: str, leads: Sequence[Lead]) -> Engines | None:
    """The engines of a container where they are several; None where one leads there, or pools are read one by one."""
    if _reads_of_the_writer(candidate, container, leads):
        return Engines(2, Source.READ, "two engines, for the cluster has no reader that is known")
    addresses = [lead.variable for lead in leads if lead.source is Source.READ and lead.variable is not None]
    if len(addresses) < 2:  # noqa: PLR2004 - one is one engine
        return None
    apart = _apart(candidate, container, addresses)
    if len(apart) == 2 and "" in apart and len({_URL.search(name.upper()) is None for name in apart.values()}) == 2:  # noqa: PLR2004
        return None  # an address as a whole and in parts, of which one has no label
    pools = {label for variables in candidate.environments(container) for label in pool_signs(variables)}
    if len(apart) < 2 or any(begins_with(pool, label) for pool in pools for label in apart):  # noqa: PLR2004
        return None
    return Engines(len(apart), Source.ASSUMED, f"an engine for each of {', '.join(apart.values())}")


def _apart(candidate: Candidate, container: str, addresses: Sequence[str]) -> dict[str, str]:
    """The first variable of each label, without those that have another one's value."""
    values = {name: value for _, at, name, value in candidate.values if at == container}
    found: dict[str, str] = {}
    for name in dict.fromkeys(addresses):
        if "ReadEndpoint" in repr(values.get(name)):
            continue  # of a Multi-AZ DB cluster, whose readers are no resources
        words = [word for word in label_of(name).split("_") if word not in _SAME]
        if _OTHERWISE.isdisjoint(words) and not any(_alike(values.get(name), values.get(x)) for x in found.values()):
            found.setdefault("_".join(words), name)
    return found


def _alike(one: object, other: object) -> bool:
    """Whether two values are one address with everything that belongs to it: a host alone may serve several engines."""
    return one == other and not (isinstance(one, dict) and "Fn::GetAtt" in one)


def _reads_of_the_writer(candidate: Candidate, container: str, leads: Sequence[Lead]) -> bool:
    """Whether a container has the writer's address and that of the readers, which leads to the same instance.

    A pool that has the label of the readers' variable is counted beside the writer's as it is.
    """
    if all(lead.reads for lead in leads) or not any(lead.reads for lead in leads):
        return False
    own = {label_of(lead.variable or "") for lead in leads if not lead.reads}
    readers = {label_of(lead.variable or "") for lead in leads if lead.reads} - own
    return not readers or not all(
        any(begins_with(label, reader) for label in pool_signs(variables))
        for variables in candidate.environments(container)
        for reader in readers
    )
