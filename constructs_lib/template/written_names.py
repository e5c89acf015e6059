"""Resources that a text names as an application would: by host, by stored parameter, by secret."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from constructs_lib.template.identifiers import CLUSTER, CLUSTER_NAME, INSTANCE, INSTANCE_NAME, PROXY
from constructs_lib.template.intrinsics import mapping
from constructs_lib.template.links import Target
from constructs_lib.template.parameters import STORED
from constructs_lib.template.template import Template
from constructs_lib.template.unresolved import DEEPEST

SECRET = "AWS::SecretsManager::Secret"  # noqa: S105 - a type of resource
PARAMETER = "AWS::SSM::Parameter"
RECORD = "AWS::Route53::RecordSet"
_REFERENCES = {"Ref", "Fn::GetAtt", "Condition"}
"""Functions whose texts are logical ids."""
_RESOLVED = re.compile(r"\{\{resolve:(?:ssm|ssm-secure|secretsmanager):([^:}]+)")
_ARN = re.compile(r":(?:parameter(/[\w./-]+)|secret:([\w/+=.@-]+))")
_HOST = re.compile(r"[\w.-]+")
_SUFFIX = re.compile(r"-\w{6}$")
"""What Secrets Manager adds to the name of a secret in its ARN."""
_RDS = (".rds.amazonaws.com", ".rds.amazonaws.com.cn")


class WrittenNames:
    """Everything in an app that a text can name, by that name; resources whose name is computed are not found."""

    def __init__(self, templates: Collection[Template]) -> None:
        self._stored: dict[str, list[Target]] = {}
        """Parameters and secrets."""
        self._hosts: dict[str, list[Target]] = {}
        """Records, by their domain names, and servers, by how the first two labels of their addresses begin."""
        for template in templates:
            for kind, key in ((PARAMETER, "Name"), (SECRET, "Name")):
                self._note(self._stored, template, kind, key)
            self._note(self._hosts, template, RECORD, "Name")
            self._note(self._hosts, template, INSTANCE, INSTANCE_NAME, "{}.", "Endpoint.Address")
            self._note(self._hosts, template, CLUSTER, CLUSTER_NAME, "{}.cluster-", "Endpoint.Address")
            self._note(self._hosts, template, CLUSTER, CLUSTER_NAME, "{}.cluster-ro-", "ReadEndpoint.Address")
            self._note(self._hosts, template, PROXY, "DBProxyName", "{}.proxy-", "Endpoint")

    def targets(self, template: Template, value: object) -> Iterator[Target]:
        """Every resource that is named somewhere in a value."""
        if self._stored or self._hosts:
            for text in _texts(template, value):
                yield from self._stored.get(text, ())
                if "." in text or ":" in text:
                    yield from self._within(text)

    def _within(self, text: str) -> Iterator[Target]:
        for name in _RESOLVED.findall(text):
            yield from self._stored.get(name, ())
        for parameter, secret in _ARN.findall(text):
            for name in {parameter, parameter[1:], secret, _SUFFIX.sub("", secret)}:
                yield from self._stored.get(name, ())
        for host in _HOST.findall(text) if self._hosts else ():
            yield from self._hosts.get(_address(host), ())

    def _note(
        self,
        found: dict[str, list[Target]],
        template: Template,
        kind: str,
        key: str,
        pattern: str = "",
        attribute: str = "",
    ) -> None:
        for logical_id, properties in template.of_type(kind):
            if isinstance(name := properties.get(key), str) and name:
                called = pattern.format(name.lower()) if pattern else _address(name) if kind == RECORD else name
                found.setdefault(called, []).append(Target(template, logical_id, attribute))


def _address(host: str) -> str:
    """A host by what it is looked up by: of RDS, the name of the server and the kind of its endpoint."""
    host = host.lower().strip(".")
    if not host.endswith(_RDS):
        return host
    name, _, rest = host.partition(".")
    kind = next((kind for kind in ("cluster-ro-", "cluster-", "proxy-") if rest.startswith(kind)), "")
    return f"{name}.{kind}"


def _texts(template: Template, value: object, depth: int = 0) -> Iterator[str]:
    """The texts in a value; of a parameter that is read from the Parameter Store, the name that it has there."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value if depth < DEEPEST else ():
            yield from _texts(template, item, depth + 1)
    elif isinstance(value, Mapping) and depth < DEEPEST:
        for key, item in value.items():
            if key not in _REFERENCES:
                yield from _texts(template, item, depth + 1)
            elif key == "Ref" and isinstance(item, str) and item in template.parameters:
                yield from _stored(mapping(template.parameters[item]))


def _stored(declaration: Mapping[str, Any]) -> Iterator[str]:
    name = declaration.get("Default")
    if isinstance(name, str) and str(declaration.get("Type")).startswith(STORED):
        yield name
