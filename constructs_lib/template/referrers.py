"""Resources of any type that are told a database's address or its credentials."""

from collections.abc import Collection, Iterator

from constructs_lib.budget.client import Client
from constructs_lib.budget.resource import Resource
from constructs_lib.template.custom_resources import CUSTOM, CUSTOM_RESOURCE, handler_of
from constructs_lib.template.functions import FUNCTIONS
from constructs_lib.template.hosts import init_of
from constructs_lib.template.links import Links, Target
from constructs_lib.template.members import RUNS, SERVICE, TASK_DEFINITION, connecting
from constructs_lib.template.names import readable_name
from constructs_lib.template.passive import passive
from constructs_lib.template.servers import Servers, Stacks, leads
from constructs_lib.template.template import Template

_READ_AS_WORKLOADS = (SERVICE, TASK_DEFINITION, *FUNCTIONS)


class Referrers:
    """What refers to the endpoint or the secret of which database, of the types that are not read as workloads."""

    def __init__(self, stacks: Stacks, links: Links, servers: Servers) -> None:
        self._found: dict[str, list[Client]] = {}
        for template in stacks.all:
            for kind, logical_ids in template.kinds.items():
                if kind in _READ_AS_WORKLOADS or passive(kind):
                    continue
                for logical_id in logical_ids:
                    for name, client in _clients(stacks, template, logical_id, kind, links, servers):
                        self._found.setdefault(name, []).append(client)

    def of(self, database: str) -> Collection[Client]:
        """What refers to a database, by its discovered name."""
        return self._found.get(database, ())


def _clients(
    stacks: Stacks, template: Template, logical_id: str, kind: str, links: Links, servers: Servers
) -> Iterator[tuple[str, Client]]:
    if (properties := template.properties(logical_id)) is None:
        return  # nor is what it starts with
    seen: set[str] = set()
    for target in stacks.targets(template, [properties, init_of(template, logical_id)]):
        spoken = servers.spoken_of(target)
        if spoken is None or spoken[0].database in seen or not leads(target, is_address=spoken[1]):
            continue
        seen.add(spoken[0].database)
        client, way = _connecting(links, template, logical_id, kind)
        told, called, name = (
            readable_name(item.template, item.logical_id) for item in (Target(template, logical_id, ""), client, target)
        )
        yield (
            spoken[0].database,
            Client(
                name=called,
                type=client.template.kind(client.logical_id) or kind,
                resource=Resource(logical_id=client.logical_id, template=client.template.name),
                path=f"{called}{way} → {name}{f'.{target.attribute}' if target.attribute else ''}",
                close=f"the reference to {name}{f' of {told}' if told != called else ''}",
            ),
        )


def _connecting(links: Links, template: Template, logical_id: str, kind: str) -> tuple[Target, str]:
    """What connects in the place of a resource that is told an address, and how it comes to know that, in words."""
    if kind in RUNS:  # the task definition that it starts is what is budgeted
        client, *_ = connecting(links, (), template, logical_id, kind)
        return client, ""
    itself = Target(template, logical_id, "")
    if kind != CUSTOM_RESOURCE and not kind.startswith(CUSTOM):
        return itself, ""
    function = handler_of(links, itself)
    if function is None:
        return itself, " (a custom resource: the function of its ServiceToken connects, and was not found in this app)"
    return function, f" → the custom resource {readable_name(template, logical_id)}"
