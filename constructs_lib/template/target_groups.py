"""Target groups of RDS Proxies: which proxy each belongs to, and which servers stand behind it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from constructs_lib.template.identifiers import PROXY, SERVERS
from constructs_lib.template.links import Key, Links, Target
from constructs_lib.template.template import Template

TARGET_GROUP = "AWS::RDS::DBProxyTargetGroup"


class TargetGroups:
    """The target groups of an app, by reference and by the names that are written out; each is read once."""

    def __init__(self, templates: Collection[Template], links: Links) -> None:
        self._groups: list[tuple[Target, Mapping[str, Any]]] = []
        self._fronts: list[list[Target]] = []
        """The proxies of each group."""
        self._behind: dict[Key, list[int]] = {}
        """The groups that a server stands behind, by reference."""
        self._named: dict[tuple[str, str], list[int]] = {}
        """The groups that write out a server's name, by the property that gives the server that name."""
        self._by_proxy: dict[Key, list[int]] = {}
        called: dict[str, list[Target]] = {}
        for template in templates:
            for logical_id, properties in template.of_type(PROXY):
                if isinstance(name := properties.get("DBProxyName"), str):
                    called.setdefault(name, []).append(Target(template, logical_id, ""))
        for template in templates:
            for logical_id, properties in template.of_type(TARGET_GROUP):
                number = len(self._groups)
                self._groups.append((Target(template, logical_id, ""), properties))
                named = properties.get("DBProxyName")
                fronts = [
                    item._replace(attribute="")
                    for item in links.targets(template, named)
                    if item.template.kind(item.logical_id) == PROXY
                ] or (called.get(named, []) if isinstance(named, str) else [])
                self._fronts.append(fronts)
                for front in {front.key for front in fronts}:
                    self._by_proxy.setdefault(front, []).append(number)
                for server in {item.key for item in links.targets(template, [properties.get(key) for key in SERVERS])}:
                    self._behind.setdefault(server, []).append(number)
                for place in set(named_servers(properties)):
                    self._named.setdefault(place, []).append(number)

    def of_proxy(self, proxy: Target) -> Sequence[tuple[Target, Mapping[str, Any]]]:
        """The target groups of a proxy, with their properties."""
        return [self._groups[number] for number in self._by_proxy.get(proxy.key, ())]

    def behind(self, servers: Iterable[Target]) -> Iterator[tuple[Target, Mapping[str, Any], Sequence[Target]]]:
        """The target groups in front of one of the servers, each with its properties and its proxies."""
        numbers: set[int] = set()
        for server in servers:
            numbers.update(self._behind.get(server.key, ()))
            properties = server.properties
            for _, given in SERVERS.values():
                if isinstance(name := properties.get(given), str):
                    numbers.update(self._named.get((given, name.lower()), ()))
        for number in sorted(numbers):
            yield (*self._groups[number], self._fronts[number])


def named_servers(group: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The servers that a target group names by their identifiers, in small letters, with what gives them that name."""
    for key, (_, given) in SERVERS.items():
        names = group.get(key)
        for name in names if isinstance(names, list) else ():
            if isinstance(name, str):
                yield given, name.lower()
