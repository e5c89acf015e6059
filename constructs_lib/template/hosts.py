"""Which ECS cluster the instances of an Auto Scaling group join, by the script that starts them."""

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.fleets import REQUEST
from constructs_lib.template.intrinsics import described, mapping
from constructs_lib.template.links import Links, Target
from constructs_lib.template.shell import COMPUTED, DEEPEST
from constructs_lib.template.template import Template
from constructs_lib.template.written import written

HOST = "AWS::EC2::Instance"
CLUSTER = "AWS::ECS::Cluster"
LAUNCH_TEMPLATE = "AWS::EC2::LaunchTemplate"
LAUNCH_CONFIGURATION = "AWS::AutoScaling::LaunchConfiguration"
_LAUNCHED_BY = {
    "LaunchTemplate": (LAUNCH_TEMPLATE, "LaunchTemplateName"),
    "MixedInstancesPolicy": (LAUNCH_TEMPLATE, "LaunchTemplateName"),
    "LaunchConfigurationName": (LAUNCH_CONFIGURATION, "LaunchConfigurationName"),
    "InstanceId": (HOST, "InstanceId"),
}
"""The properties of a group that say what it launches, with the types of that and where they are given a name."""
_INIT = "AWS::CloudFormation::Init"
"""In the metadata."""
_NAMED = re.compile(r"ECS_CLUSTER=[\"']?([\w-]+)(?![\w-]|" + COMPUTED + ")")
"""The cluster's name, where it is written out."""
_SPEAKS = re.compile(r"(?:^|[^A-Za-z])ecs(?:[^A-Za-z]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The clusters that instances join, by reference and by name."""

    clusters: frozenset[tuple[int, str]] = field(default=frozenset())
    names: frozenset[str] = field(default=frozenset())
    doubt: Unknown | None = None
    """Why it may be any cluster."""


def joined(links: Links, template: Template, logical_id: str, properties: Mapping[str, Any]) -> Joined:
    """What the instances of a group, or an instance of its own, join; nothing where no script speaks of a cluster."""
    scripts: list[tuple[Template, object]] = []
    for owner in _owners(links, template, logical_id, properties):
        if isinstance(owner, Unknown):
            return Joined(doubt=owner)
        scripts += [(owner.template, script) for script in start_scripts(owner.template, owner.logical_id)]
    clusters = {
        target.key
        for at, script in scripts
        for target in links.targets(at, script)
        if target.template.kind(target.logical_id) == CLUSTER
    }
    texts = [_text(script) for _, script in scripts]
    names = {name for text in texts for name in _NAMED.findall(text)}
    if clusters or names:
        return Joined(clusters=frozenset(clusters), names=frozenset(names))
    for (_, script), text in zip(scripts, texts, strict=True):
        if script is not None and not text.strip(COMPUTED + " "):
            return Joined(doubt=Unknown(f"their script is {described(script)}"))
        if _SPEAKS.search(text):
            return Joined(doubt=Unknown("what starts them speaks of ECS, and of no cluster that can be read"))
    return Joined()


def joins_a_cluster(links: Links, template: Template, logical_id: str) -> bool:
    """Whether what an instance, or what is launched from a template, starts with speaks of an ECS cluster."""
    scripts = start_scripts(template, logical_id)
    if "ECS_CLUSTER" in str(scripts):
        return True
    return any(target.template.kind(target.logical_id) == CLUSTER for target in links.targets(template, scripts))


def start_scripts(template: Template, logical_id: str) -> list[object]:
    """The script, and the files and commands of cfn-init, that a resource starts an instance with."""
    own = template.properties(logical_id) or {}
    script = own.get("UserData", mapping(own.get("LaunchTemplateData")).get("UserData"))
    launched = mapping(own.get(REQUEST)).get("LaunchSpecifications")
    others = [mapping(item).get("UserData") for item in launched] if isinstance(launched, list) else [launched]
    return [script, init_of(template, logical_id), *others]


def init_of(template: Template, logical_id: str) -> object:
    """The files and commands of cfn-init: what an instance starts with beside its script."""
    return mapping(template.resource(logical_id).get("Metadata")).get(_INIT)


def _owners(
    links: Links, template: Template, logical_id: str, properties: Mapping[str, Any]
) -> Iterator[Target | Unknown]:
    """The resources that say how an instance starts: its own, its launch templates and its launch configuration."""
    yield Target(template, logical_id, "")
    written = [(key, properties.get(key)) for key in _LAUNCHED_BY]
    configs = mapping(properties.get(REQUEST, properties)).get("LaunchTemplateConfigs")
    written += [
        ("LaunchTemplate", mapping(config).get("LaunchTemplateSpecification", config))
        for config in (configs if isinstance(configs, list) else [configs])
    ]
    for key, value in written:
        if value is None:
            continue
        kind, called = _LAUNCHED_BY[key]
        found = [item for item in links.targets(template, value) if item.template.kind(item.logical_id) == kind]
        named = links.called(kind, called, value if isinstance(value, str) else mapping(value).get(called))
        found += [] if named is None else [named]
        if not found:
            yield Unknown(f"its {key} is not in this app")
        yield from found


def _text(script: object, depth: int = 0) -> str:
    """A script, or the files and commands of one, as far as they are written out, also where they are encoded."""
    if depth > DEEPEST or script is None:
        return ""
    if isinstance(script, list):
        return " ".join(_text(item, depth + 1) for item in script)
    if isinstance(script, Mapping):
        function = str(next(iter(script), ""))
        if len(script) == 1 and function.startswith(("Fn::", "Ref")):
            return written(script.get("Fn::Base64", script))
        return " ".join(_text(item, depth + 1) for item in script.values())
    text = written(script)
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        return text
