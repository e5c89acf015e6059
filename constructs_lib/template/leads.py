"""What leads the containers of a candidate to databases: addresses and secrets, security groups, names, and doubt."""

import re
from collections.abc import Collection, Iterator, Sequence

from constructs_lib.budget.source import Source
from constructs_lib.limits.engines import ENGINES
from constructs_lib.template.app import App
from constructs_lib.template.candidates import Candidate, Lead
from constructs_lib.template.pool_variables import pool_signs
from constructs_lib.template.reach import Reach
from constructs_lib.template.servers import Endpoint, Servers
from constructs_lib.template.variable_labels import begins_with, label_of, leads_to_a_database, names_an_address
from constructs_lib.template.written import written

_NAMES = "|".join(re.escape(scheme) for engine in ENGINES for scheme in engine.schemes)
_SCHEME = re.compile(rf"(?:db\+)?(?:jdbc:)?(?:{_NAMES})(?:\+\w+)?:")
"""How an address begins that leads to a database of SQL."""
_HERE = re.compile(r"(?:^|//(?:[^@/]*@)?|\bhost=)(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/?;,\s]|$)", re.IGNORECASE)
"""The task's own address, by itself or in an address."""
_PASSWORD = re.compile(r"PASS(?:WORD)?$")


def lead(candidate: Candidate, app: App, reach: Reach) -> None:
    """Note in a candidate what leads which of its containers to which endpoint.

    What is said of a container counts before what security groups say of all of them, and that before names.
    """
    by_reference(candidate, app, app.servers)
    if not candidate.found:
        for endpoint, path in reach.paths.get(candidate.target.key, {}).items():
            candidate.lead_all(endpoint, path)
        _without_sidecars(candidate)
    if not candidate.found:
        _by_names(candidate, reach)
    if not candidate.found:
        _by_pools(candidate, reach)
    if not candidate.found:
        _by_doubt(candidate, reach)
    if candidate.evident:
        _elsewhere(candidate, reach)
        _beside_others(candidate, reach)


def lead_as_said(candidate: Candidate, endpoint: Endpoint) -> None:
    """Note where a person says that a candidate connects: its containers that look as if they did, or all of them."""
    named = _named(candidate)
    for container in candidate.containers:
        for _, found in _signs(candidate, container, named[container]):
            candidate.lead(container, endpoint, found)
    if not candidate.found:
        candidate.lead_all(endpoint, "as it is said")


def by_reference(candidate: Candidate, app: App, servers: Servers) -> None:
    """The databases whose address or secret a container is given; an address says more than a secret."""
    known: set[tuple[str, str]] = set()
    secrets: list[tuple[str, Endpoint, Lead]] = []
    for at, container, name, value in candidate.values:
        if container not in candidate.containers:
            continue  # a log router
        for target in app.targets(at, value):
            if (spoken := servers.spoken_of(target)) is not None:
                endpoint, address = spoken
                source = Source.READ if address else Source.DOCUMENTED
                found = Lead(_variable(name, container), name, source, reads=servers.reads_of_the_writer(target))
                if address:
                    candidate.lead(container, endpoint, found)
                    known.add((container, endpoint.database))
                else:
                    secrets.append((container, endpoint, found))
    for container, endpoint, found in secrets:
        if found.reads or (container, endpoint.database) not in known:
            candidate.lead(container, endpoint, found)


def _without_sidecars(candidate: Candidate) -> None:
    """Take back what security groups say of containers that have no use for a database, as long as others are left."""
    if not candidate.sidecars:
        return
    named = _named(candidate)
    left = [
        name
        for name in candidate.sidecars
        if name in candidate.found and next(_signs(candidate, name, named[name]), None) is None
    ]
    if len(left) < len(candidate.found):
        for name in left:
            del candidate.found[name]
            candidate.left_out[name] = "known by image to use no database"


def _by_names(candidate: Candidate, reach: Reach) -> None:
    """The one database of an app, or every one that a candidate may reach, where a variable leads to some database."""
    named = [(container, item) for container, items in _named(candidate).items() for item in items]
    databases = reach.databases(candidate) if named else ()
    which = f", which may be any of {len(databases)} databases" if len(databases) > 1 else ""
    for container, (name, words) in named:
        for database in databases:
            candidate.lead(container, Endpoint(database), Lead(f"{words}{which}", name, guessed=True))


def _by_pools(candidate: Candidate, reach: Reach) -> None:
    """Every database that no known security group keeps a candidate from, where variables speak of a pool alone."""
    pools = {
        (container, name): None
        for container in candidate.containers
        for variables in candidate.environments(container)
        for name in pool_signs(variables).values()
    }
    databases = dict.fromkeys(endpoint.database for endpoint in reach.doubtful(candidate)) if pools else ()
    for container, name in pools:
        for database in databases:
            words = f"by the pool of {_variable(name, container)}, which no security group that is known keeps from it"
            candidate.lead(container, Endpoint(database), Lead(words, guessed=True))


def _named(candidate: Candidate) -> dict[str, list[tuple[str, str]]]:
    """By container, the variables that lead to some database, each with the words for it: addresses first."""
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in candidate.containers}
    for _, container, name, value in candidate.values:
        if container in found and (by := _speaks_of_a_database(name, value)) is not None:
            found[container].append((name, f"by the {by} of {_variable(name, container)}"))
    for items in found.values():  # a password says less of where it leads to
        items.sort(key=lambda item: not names_an_address(item[0]))
    return found


def _speaks_of_a_database(name: str, value: object) -> str | None:
    """Whether a variable leads to some database: by its `name`, or by the `scheme` of its value."""
    if leads_to_a_database(name):
        return "name"
    return "scheme" if not isinstance(value, list) and _SCHEME.match(written(value)) else None


def _by_doubt(candidate: Candidate, reach: Reach) -> None:
    """Every database that a candidate may reach of which nobody knows all containers, or what they are told."""
    if candidate.doubt is None and not candidate.filed:
        return
    for endpoint in reach.doubtful(candidate):
        if candidate.doubt is not None:
            candidate.lead_all(endpoint, f"it may, for {candidate.doubt.reason}")
        for container in candidate.filed if candidate.doubt is None else ():
            candidate.lead(container, endpoint, Lead(_from_files(container)))


def _elsewhere(candidate: Candidate, reach: Reach) -> None:
    """The other databases that security groups let a candidate through to, for a variable that leads to none known.

    Whichever of its pools that variable is for, all of them count there, and none less where the container is known to
    connect: so the lead has no variable, by which pools would be told apart.
    """
    databases = dict.fromkeys(endpoint.database for endpoint in reach.paths.get(candidate.target.key, ()))
    if all(databases.keys() <= {end.database for end in ends} for ends in candidate.found.values()):
        return
    for container, named in _named(candidate).items():
        ends = candidate.found.get(container, {})
        labels = {label_of(item.variable) for leads in ends.values() for item in leads if item.variable}
        strange = [words for name, words in named if not _of_known(name, labels)]
        known = {endpoint.database for endpoint in ends}
        for database in databases if known and strange else ():
            if database not in known:
                candidate.lead(container, Endpoint(database), Lead(strange[0], guessed=True))


def _of_known(name: str, labels: Collection[str]) -> bool:
    """Whether a variable belongs to one of those that are known to lead somewhere, or says no more than a password."""
    label = label_of(name)
    return (
        label in labels
        or any(begins_with(label, other) for other in labels)
        or (leads_to_a_database(name) and not names_an_address(name))
    )


def _beside_others(candidate: Candidate, reach: Reach) -> None:
    """The containers that look as if they connected too, where something leads others of the same task to a database.

    Where a name has the label of what leads another container to a database, it means that one; otherwise it may be
    any that the task may reach.
    """
    if all(container in candidate.found for container in candidate.containers):
        return
    signs = list(_signs_beside(candidate))
    if not signs:
        return
    labelled: dict[str, dict[str, None]] = {}
    databases: dict[str, None] = {}
    for ends in candidate.found.values():
        for endpoint, leads in ends.items():
            databases[endpoint.database] = None
            for label in dict.fromkeys(label_of(item.variable) for item in leads if item.variable):
                labelled.setdefault(label, {})[endpoint.database] = None
    databases |= dict.fromkeys(reach.databases(candidate))
    for container, label, found in signs:
        own = {name: None for other, names in labelled.items() if begins_with(label, other) for name in names}
        for database in own or databases:
            candidate.lead(container, Endpoint(database), found)


def _signs_beside(candidate: Candidate) -> Iterator[tuple[str, str, Lead]]:
    """The signs of the containers that nothing leads anywhere, but for clients of a pooler in the same task."""
    for container, named in _named(candidate).items():
        if container in candidate.found:
            continue
        if named and _behind_a_pooler(candidate, container):
            candidate.left_out[container] = "a client of the pooler beside it"
            continue
        yield from ((container, *sign) for sign in _signs(candidate, container, named))


def _behind_a_pooler(candidate: Candidate, container: str) -> bool:
    """Whether a container has no address of a database but that of a pooler in its own task, which is led to one."""
    if not any(item.sizes and name in candidate.found for name, item in candidate.images.items()):
        return False
    if container in candidate.filed:
        return False
    leading = [
        (name, value)
        for _, owner, name, value in candidate.values
        if owner == container and _speaks_of_a_database(name, value) is not None
    ]
    addresses = [value for name, value in leading if not _PASSWORD.search(name.upper())]
    return bool(addresses) and all(_HERE.search(written(value)) for value in addresses)


def _signs(candidate: Candidate, container: str, named: Sequence[tuple[str, str]]) -> Iterator[tuple[str, Lead]]:
    """What makes a container look as if it connected to some database, with the label of the variable."""
    if container in candidate.filed:
        yield "", Lead(_from_files(container), guessed=True)
    for name, words in named:
        yield label_of(name), Lead(words, name, guessed=True)
    pools: dict[str, str] = {}
    for variables in () if named else candidate.environments(container):
        pools |= pool_signs(variables)
    for label, name in pools.items():
        words = f"by the pool of {_variable(name, container)}, beside containers that connect"
        yield label, Lead(words, guessed=True)


def _from_files(container: str) -> str:
    return f"it may, for container {container!r} takes variables from EnvironmentFiles"


def _variable(name: str, container: str) -> str:
    return f"{name} of container {container!r}" if container else name
