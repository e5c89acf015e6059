"""The security groups of an app: what they let in, and what stands in them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from constructs_lib.budget.client import Access, Client
from constructs_lib.budget.resource import Resource
from constructs_lib.limits import Unknown
from constructs_lib.template.address_range import may_lie_in
from constructs_lib.template.egress import Egress, Group
from constructs_lib.template.links import Links, Target
from constructs_lib.template.members import (
    ADDRESSED,
    GROUPS,
    administrative,
    connecting,
    network_settings,
    written_groups,
)
from constructs_lib.template.names import readable_name
from constructs_lib.template.security_groups import (
    HIGHEST_PORT,
    INGRESS,
    SECURITY_GROUP,
    Rule,
    SecurityGroup,
    rule,
    security_group,
)
from constructs_lib.template.spoken_groups import SpokenGroups, listed, words_for
from constructs_lib.template.template import Template

Templates = Mapping[str, Template]
_Group = Group
_Member = tuple[Template, str, str, Collection[Group]]
"""A resource in security groups, its type, and all of its groups."""


class Network:
    """Follows connections backwards, from a server's security groups to what may open them."""

    def __init__(self, templates: Templates, links: Links) -> None:
        self.templates = templates
        self.links = links
        self._found: dict[tuple[Sequence[_Group], int | Unknown], Access] = {}
        """What was answered; for all servers that share their groups it is one and the same object."""
        self._ranges: dict[str | int, Sequence[Target]] = {}
        self._by_id = {id(template): template for template in templates.values()}
        self._files = {id(template): file for file, template in templates.items()}
        self._spoken = SpokenGroups(links)
        self._read: dict[_Group, SecurityGroup] = {}
        self._rules: dict[_Group, list[tuple[Template, str | None, Rule]]] | None = None
        self._members: dict[_Group, list[_Member]] | None = None

    def access(self, server: Template, groups: object, port: int | Unknown) -> Access:
        """Everything that the groups, as the server's properties have them, let through to its port."""
        own = tuple(dict.fromkeys(self._spoken.groups(server, groups)))
        if (own, port) not in self._found:
            self._found[own, port] = self._access(own, port)
        return self._found[own, port]

    def _access(self, own: Sequence[_Group], port: int | Unknown) -> Access:
        found = _Reached()
        if not own:
            found.unseen["the default security group of its VPC"] = None
            found.untold = True
        for group in own:
            if (doubt := self._doubt(group)) is not None:
                found.unseen[doubt] = None
                found.untold = True
            for template, rule_id, let_in in self._rules_of(group):
                if let_in.opens(port) and let_in.peer is not None:
                    self._let_in(found, own, group, template, rule_id, let_in, port)
        return found.access("its port" if isinstance(port, Unknown) else f"port {port}")

    def _let_in(
        self,
        found: "_Reached",
        own: Sequence[_Group],
        group: _Group,
        template: Template,
        rule_id: str | None,
        let_in: Rule,
        port: int | Unknown,
    ) -> None:
        """Note what one rule lets in, and what those let out who are let in."""
        if not let_in.peer_is_group:
            found.unseen |= dict.fromkeys([words_for(let_in.peer), *self._people_in(let_in.peer)])
            for client in self._in_range(group, let_in, rule_id):
                found.possible.setdefault(client.resource, client)
            return
        for source in self._spoken.groups(template, let_in.peer):
            found.untold |= source[0] not in self._by_id  # it may be any that is defined here
            members: list[Client | str] = []
            kept_back = False
            for item in self._members_of(source):
                if self._egress.lets_out(item[3], own, port):
                    members += self._clients(item, source, group, let_in, rule_id)
                else:
                    kept_back = True
            for member in members:
                if isinstance(member, Client):
                    found.clients.setdefault(member.resource, member)
                else:
                    found.unseen[member] = None
            if not members and not kept_back:
                found.unseen[self._nobody(source, "else " if source in own else "")] = None

    def resource(self, target: Target) -> Resource:
        """A resource with the file of its template."""
        file = self._files.get(id(target.template), target.template.name)
        return Resource(logical_id=target.logical_id, template=file)

    def _clients(
        self, item: _Member, source: _Group, group: _Group, let_in: Rule, rule_id: str | None
    ) -> Iterator[Client | str]:
        name, its = self._spoken.names[source], self._spoken.names[group]
        through = f"the ingress rule {rule_id}" if rule_id else f"the ingress of {its} from {name}"
        template, logical_id, kind, _ = item
        if (words := administrative(template, logical_id, kind)) is not None:
            yield words
            return
        member = readable_name(template, logical_id)
        for target in connecting(self.links, self.templates.values(), template, logical_id, kind):
            called = readable_name(target.template, target.logical_id)
            steps = [called, *([member] if called != member else []), name, f"{its} ({_ports(let_in)})"]
            yield Client(
                name=called,
                type=target.template.kind(target.logical_id) or "",
                resource=self.resource(target),
                path=" → ".join(steps),
                close=through,
            )

    @cached_property
    def _egress(self) -> Egress:
        return Egress(self.templates.values(), self._spoken.groups, self._security_group)

    def _security_group(self, template: Template, logical_id: str) -> SecurityGroup:
        """A group that is here, read once."""
        group = (id(template), logical_id)
        if group not in self._read:
            self._read[group] = security_group(template.properties(logical_id) or {})
        return self._read[group]

    def _doubt(self, group: _Group) -> str | None:
        """Why a group may let in more than is found here, in words; None where all of it is."""
        home, name = group
        template = self._by_id.get(home)
        if template is None:
            return f"what {self._spoken.names[group]} lets in, which is not defined here"
        unread = self._security_group(template, name).unread
        return None if unread is None else f"what else {self._spoken.names[group]} lets in ({unread.reason})"

    def _in_range(self, group: _Group, let_in: Rule, rule_id: str | None) -> Iterator[Client]:
        """What may have an address that a rule lets in."""
        words, its = words_for(let_in.peer), self._spoken.names[group]
        for target in self._within(let_in.peer):
            called = readable_name(target.template, target.logical_id)
            yield Client(
                name=called,
                type=target.template.kind(target.logical_id) or "",
                resource=self.resource(target),
                path=f"{called} → {words} → {its} ({_ports(let_in)})",
                close=f"the ingress rule {rule_id}" if rule_id else f"the ingress of {its} from {words}",
            )

    def _within(self, peer: object) -> Sequence[Target]:
        """Whatever may have an address of a range; the same for each server that lets the range in."""
        key = peer if isinstance(peer, str) else id(peer)
        if key not in self._ranges:
            self._ranges[key] = [
                target
                for home, logical_id, kind, settings in self._addressed
                if administrative(home, logical_id, kind) is None and may_lie_in(self.links, home, settings, peer)
                for target in connecting(self.links, self.templates.values(), home, logical_id, kind)
            ]
        return self._ranges[key]

    def _people_in(self, peer: object) -> Iterator[str]:
        """What a range holds that lives on the administrative reserve on purpose."""
        return (words for home, words, settings in self._people if may_lie_in(self.links, home, settings, peer))

    @cached_property
    def _people(self) -> Sequence[tuple[Template, str, object]]:
        return [
            (home, words, settings)
            for home, logical_id, kind, settings in self._addressed
            if (words := administrative(home, logical_id, kind)) is not None
        ]

    @cached_property
    def _addressed(self) -> Sequence[tuple[Template, str, str, object]]:
        """Whatever has an address in a VPC, with its network settings."""
        return [
            (template, logical_id, kind, settings)
            for template in self.templates.values()
            for kind in ADDRESSED
            for logical_id, properties in template.of_type(kind)
            if (settings := network_settings(template, kind, properties))
        ]

    def _nobody(self, source: _Group, more: str) -> str:
        template, name = source[0], self._spoken.names[source]
        return f"{name} (nothing {more}here is in it)" if template else name

    def _rules_of(self, group: _Group) -> Iterable[tuple[Template, str | None, Rule]]:
        if self._rules is None:
            self._rules = {}
            for template in self.templates.values():
                for logical_id, _ in template.of_type(SECURITY_GROUP):
                    rules = [(template, None, item) for item in self._security_group(template, logical_id).ingress]
                    self._rules.setdefault((id(template), logical_id), []).extend(rules)
                for logical_id, properties in template.of_type(INGRESS):
                    named = properties.get("GroupId", properties.get("GroupName"))
                    for of in self._spoken.groups(template, named):
                        self._rules.setdefault(of, []).append((template, logical_id, rule(properties)))
        return self._rules.get(group, ())

    def _members_of(self, group: _Group) -> Iterable[_Member]:
        if self._members is None:
            self._members = {}
            for template in self.templates.values():
                for kind in GROUPS:
                    for logical_id, properties in template.of_type(kind):
                        held = self._held(template, kind, properties)
                        for of in held:
                            self._members.setdefault(of, []).append((template, logical_id, kind, held))
        return self._members.get(group, ())

    def _held(self, template: Template, kind: str, properties: Mapping[str, Any]) -> set[_Group]:
        values = written_groups(template, kind, properties)
        return {group for value in values for item in listed(value) for group in self._spoken.groups(template, item)}


@dataclass(slots=True)
class _Reached:
    """What was found so far of what reaches a server."""

    clients: dict[Resource, Client] = field(default_factory=dict)
    possible: dict[Resource, Client] = field(default_factory=dict)
    unseen: dict[str, None] = field(default_factory=dict)
    untold: bool = False

    def access(self, port: str) -> Access:
        """All of it; who is a client is not only a possible one."""
        return Access(
            port=port,
            clients=tuple(self.clients.values()),
            unseen=tuple(self.unseen),
            possible=tuple(client for resource, client in self.possible.items() if resource not in self.clients),
            untold=self.untold,
        )


def _ports(let_in: Rule) -> str:
    """Such as `tcp 5432`."""
    first, last = let_in.from_port, let_in.to_port
    if (first, last) == (0, HIGHEST_PORT):
        return "every port"
    words = ["a port that is not known" if isinstance(port, Unknown) else str(port) for port in (first, last)]
    return f"tcp {words[0]}" if words[0] == words[1] else f"tcp {words[0]} to {words[1]}"
