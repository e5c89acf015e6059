"""Database instances, their clusters and their parameter groups."""

from collections.abc import Callable, Mapping
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.limits.parameters import parameter_facts
from constructs_lib.template.identifiers import CLUSTER_NAME, INSTANCE
from constructs_lib.template.intrinsics import described, members, reference, references, text
from constructs_lib.template.parameters import scalar_text
from constructs_lib.template.template import Template

PARAMETER_GROUPS = ("DBParameterGroupName", "DBClusterParameterGroupName")
"""The instance's own group decides over its cluster's (Amazon Aurora User Guide, "Parameter groups")."""

_SOURCE = "SourceDBInstanceIdentifier"
_REPLICATED = ("Engine", "EngineVersion", "DBParameterGroupName")
"""What a replica in the same region takes from its source (Amazon RDS API, "CreateDBInstanceReadReplica")."""

Facts = dict[str, Any]
"""Fields of a `Database` by name: what was read, Unknown, or None where there is nothing to read."""


Found = tuple[Template, Mapping[str, Any]]
"""The properties of a resource, with the template that they stand in."""
Follow = Callable[[Template, str, object], Found | None]
"""What a property's value denotes, in any template and by name as well; None where nothing is."""


def database_facts(
    template: Template,
    instance: Mapping[str, Any],
    elsewhere: Mapping[str, Any] | None,
    follow: Follow | None = None,
) -> Facts:
    """Read what decides the limit of an instance.

    `elsewhere` holds the properties of its parameter group where that is defined in another template; `follow` finds
    what the instance refers to there, without which `elsewhere` is what it refers to.
    """
    home, source = _source(template, instance, follow)
    if PARAMETER_GROUPS[0] in instance:  # its own, and not that of what it copies
        home = template
    instance = {**{key: source[key] for key in _REPLICATED if key in source}, **instance}
    # a Multi-AZ DB cluster has no instances of its own in the template: it is read in their place
    belongs = instance.get(CLUSTER_NAME)
    in_template, named = template.properties(reference(belongs) or ""), None
    if in_template is None and follow is not None:
        named = follow(template, CLUSTER_NAME, belongs)
    cluster_home, cluster = named or (template, in_template or instance)
    facts: Facts = {"instance_class": instance_class(instance)}
    for key, name in (("engine", "Engine"), ("engine_version", "EngineVersion")):
        value = instance.get(name, cluster.get(name))
        if value is not None:  # a replica of another template's instance has neither
            read = text(scalar_text(value) or value, name)  # in YAML, a version may be a number
            facts[key] = read.lower() if key == "engine" and isinstance(read, str) else read  # RDS takes MySQL as well
    replica = _SOURCE in instance
    other: Found | None = None if elsewhere is None else (template, elsewhere)
    groups = _groups(((home, instance), (cluster_home, cluster)), other, follow or (lambda *_: other), replica)
    facts |= _parameters(groups, facts.get("engine"))
    scaling = members(cluster.get("ServerlessV2ScalingConfiguration"), "ServerlessV2ScalingConfiguration")
    for key, name in (("min_acu", "MinCapacity"), ("max_acu", "MaxCapacity")):
        capacity = scaling if isinstance(scaling, Unknown) else scaling.get(name)
        facts[key] = capacity if capacity is None or isinstance(capacity, Unknown) else acu(capacity, name)
    return facts


def contradicts(key: str, said: object, read: object) -> bool:
    """Whether what was said of a server is not what its template has written: a minor version may be added to it."""
    if read is None or isinstance(read, Unknown) or isinstance(said, Unknown):
        return False
    one, other = (str(value).strip().lower() for value in (said, read))
    return one != other and not (key == "engine_version" and one.startswith(f"{other}."))


def instance_class(instance: Mapping[str, Any]) -> str | Unknown:
    """The class of an instance, or of the instances of a Multi-AZ DB cluster."""
    value = instance.get("DBInstanceClass", instance.get("DBClusterInstanceClass"))
    if value is None and instance.get("EngineMode") == "serverless":
        return Unknown("it is Aurora Serverless v1 (EngineMode serverless), which has no class")
    return text(value, "DBInstanceClass")


def readers_of(template: Template, instance: Mapping[str, Any]) -> int:
    """How many readers the cluster of an instance has; a Multi-AZ DB cluster, read in an instance's place, has two."""
    cluster = reference(instance.get(CLUSTER_NAME))
    if cluster is None:
        return 2 if "DBClusterInstanceClass" in instance else 0
    members_of = [
        properties for _, properties in template.of_type(INSTANCE) if reference(properties.get(CLUSTER_NAME)) == cluster
    ]
    return max(0, len(members_of) - 1)


def acu(value: object, name: str) -> str | Unknown:
    """An Aurora capacity: a number of halves, kept as the text it is exact in."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value).removesuffix(".0")
    return text(value, name)


def _source(template: Template, instance: Mapping[str, Any], follow: Follow | None) -> Found:
    """The instance that a replica copies, if it is in the app."""
    written = instance.get(_SOURCE)
    for logical_id in references(written):
        if (source := template.properties(logical_id)) is not None:
            return template, source
    return (follow(template, _SOURCE, written) if follow and written is not None else None) or (template, {})


def _groups(
    owners: tuple[Found, ...],
    elsewhere: Found | None,
    follow: Follow,
    replica: bool,  # noqa: FBT001 - whether the source's group is the default
) -> Mapping[str, Any] | Unknown:
    """The parameters in force: the instance's own over its cluster's."""
    parameters: dict[str, Any] = {}
    for (home, owner), key in zip(owners, PARAMETER_GROUPS, strict=True):
        name = owner.get(key)
        if isinstance(name, str) and name.startswith("default."):
            continue
        if name is None:
            # a replica without a group has its source's, which is in another template here
            group = elsewhere and elsewhere[1] if replica and key == PARAMETER_GROUPS[0] else {}
        elif isinstance(name, str) or home.passed_in(name):
            beyond = follow(home, key, name)
            group = beyond and beyond[1]
        else:
            group = home.properties(reference(name) or "")
        if name is not None and group is None:
            return Unknown(f"the parameter group is {described(name)}, which is not defined in this app")
        own = members((group or {}).get("Parameters"), "Parameters of the parameter group")
        if isinstance(own, Unknown):
            return own
        parameters = {**own, **parameters}
    return parameters


def _parameters(parameters: Mapping[str, Any] | Unknown, engine: str | Unknown | None) -> Facts:
    if isinstance(parameters, Unknown):
        return {"parameter_max_connections": parameters, "parameter_reserve": None, "parameter_per_role": None}
    found = parameter_facts(parameters, engine)
    return {
        "parameter_max_connections": found.max_connections,
        "parameter_reserve": found.reserve,
        "parameter_per_role": found.per_role,
    }
