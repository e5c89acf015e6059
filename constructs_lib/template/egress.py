"""What security groups let out."""

from collections.abc import Callable, Iterable

from constructs_lib.limits import Unknown
from constructs_lib.template.security_groups import EGRESS, SECURITY_GROUP, Rule, SecurityGroup, rule
from constructs_lib.template.template import Template

Group = tuple[int, str]
"""A security group by its template and logical id; one that is only named, by 0 and its name."""
Groups = Callable[[Template, object], Iterable[Group]]
"""The security groups that a value speaks of."""
_NOWHERE = ("127.0.0.1/32", "255.255.255.255/32")
"""Ranges that stand in rules which are to let nothing out."""


class Egress:
    """The egress rules of an app; whatever is not known to keep a connection back lets it out."""

    def __init__(
        self, templates: Iterable[Template], groups: Groups, read: Callable[[Template, str], SecurityGroup]
    ) -> None:
        self._groups = groups
        self._rules: dict[Group, list[tuple[Template, Rule]]] = {}
        """Of the groups that are here, have rules of their own, and can be read; all others let everything out."""
        self._own: dict[int, Template] = {}
        for template in templates:
            self._own[id(template)] = template
            for logical_id, _ in template.of_type(SECURITY_GROUP):
                found = read(template, logical_id)
                if found.egress and found.unread is None:
                    rules = [(template, item) for item in found.egress]
                    self._rules.setdefault((id(template), logical_id), []).extend(rules)
        for template in self._own.values():
            for _, properties in template.of_type(EGRESS):
                for group in groups(template, properties.get("GroupId")):
                    if group in self._rules:
                        self._rules[group].append((template, rule(properties)))

    def lets_out(self, members: Iterable[Group], servers: Iterable[Group], port: int | Unknown) -> bool:
        """Whether something in the groups may connect to a port of what is in the servers' groups."""
        to = set(servers)
        return any(
            any(self._leads(template, item, to, port) for template, item in self._rules[group])
            if group in self._rules
            else True
            for group in members
        )

    def _leads(self, template: Template, item: Rule, to: set[Group], port: int | Unknown) -> bool:
        if not item.opens(port) or item.peer in _NOWHERE:
            return False
        if not item.peer_is_group:
            return True
        # a group that is only named may be one of the server's
        return any(group in to or group[0] not in self._own for group in self._groups(template, item.peer))
