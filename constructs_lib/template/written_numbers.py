"""Where the numbers of a budget are written in the templates: what each was computed from, by the document's keys."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.limits.engines import ENGINES
from constructs_lib.template.app import App
from constructs_lib.template.databases import PARAMETER_GROUPS
from constructs_lib.template.fleets import FLEETS
from constructs_lib.template.instances import GROUP, GROUP_SCHEDULE, POLICY, WARM_POOL
from constructs_lib.template.intrinsics import mapping, number
from constructs_lib.template.links import Key, Target
from constructs_lib.template.parameter_defaults import Written
from constructs_lib.template.scheduled_tasks import RULE, SCHEDULE
from constructs_lib.template.template import Template
from constructs_lib.template.unresolved import PLAIN

Places = dict[str, Sequence[Written]]
_SIZES: Mapping[str, Sequence[tuple[str, ...]]] = {
    **dict.fromkeys((GROUP, GROUP_SCHEDULE), (("MaxSize",), ("MinSize",), ("DesiredCapacity",))),
    WARM_POOL: (("PoolState",), ("MaxGroupPreparedCapacity",)),
    POLICY: (("PredictiveScalingConfiguration",),),
    **{kind: (path,) for kind, path in FLEETS.items()},
}
"""Where the sizes of groups and fleets stand."""
_OF_AN_INSTANCE = {
    "engine": ("Engine",),
    "engine_version": ("EngineVersion",),
    "instance_class": ("DBInstanceClass", "DBClusterInstanceClass"),
    "min_acu": ("ServerlessV2ScalingConfiguration", "MinCapacity"),
    "max_acu": ("ServerlessV2ScalingConfiguration", "MaxCapacity"),
}
_OF_A_GROUP = {
    "parameter_max_connections": {engine.parameter for engine in ENGINES},
    "parameter_reserve": {name for engine in ENGINES for name, _ in engine.reserving},
    "parameter_per_role": {engine.per_role for engine in ENGINES if engine.per_role},
}
"""What a parameter group says, under the names of every engine."""
_OF_A_DEPLOYMENT = {
    "maximum_percent": [("DeploymentConfiguration", "MaximumPercent")],
    "deployment": [("DeploymentConfiguration", "Strategy"), ("DeploymentController", "Type")],
    "bake_time": [("DeploymentConfiguration", "BakeTimeInMinutes")],
}
_DEPLOYED = ("DeploymentConfiguration", "DeploymentController")
_OF_TASKS = ("DesiredCount", "SchedulingStrategy")
_OF_A_SERVICE = (*_OF_TASKS, "TaskDefinition", *_DEPLOYED)
_OF_A_TARGET = (
    *("MinCapacity", "MaxCapacity", "ScheduledActions", "ScalingInstructions", "Target"),
    *("Definition", "DefinitionString", "DefinitionSubstitutions"),
)
"""Of scalable targets, scaling plans, schedules and state machines."""
_SOURCE = "SourceDBInstanceIdentifier"


class WrittenNumbers:
    """Finds the places in the templates of an app."""

    def __init__(self, app: App) -> None:
        self._app = app

    def of_service(self, service: Target) -> Places:
        """How many tasks a service has, and how it is deployed."""
        template, written = service.template, computed(service, _OF_A_SERVICE)
        tasks = [*condition(service), *_values(template, written, _OF_TASKS)]
        if "SchedulingStrategy" in written or properties(service).get("SchedulingStrategy") == "DAEMON":
            tasks += self._group_sizes
            cluster = self._app.target(template, properties(service).get("Cluster"))
            tasks += [] if isinstance(cluster, Unknown) else [at(cluster, "ClusterName")]
        most: list[Written] = []
        for target in self._app.scaling.targets(template, service.logical_id):
            if by := condition(target):
                most += by
                tasks += by if _lifts(target, service) else ()
                if target.template.properties(target.logical_id) is None:
                    continue
            numbers = computed(target, _OF_A_TARGET)
            tasks += _values(target.template, numbers, _OF_A_TARGET[:1])
            most += _values(target.template, numbers, _OF_A_TARGET[1:])
        scaled = bool(self._app.scaling.of(template, service.logical_id))
        places: Places = {"tasks": tasks, "max_tasks": most if scaled else [*tasks, *most]}
        if "TaskDefinition" in written:
            places["containers"] = [(template, written["TaskDefinition"])]
        if not written.keys().isdisjoint(_DEPLOYED):
            for key, paths in _OF_A_DEPLOYMENT.items():
                places[key] = [(template, within(written, *path)) for path in paths]
        return places

    def of_task(self, definition: Target) -> Places:
        """How many tasks the rules and schedules of a task definition start."""
        return {"tasks": [*self._starts.get(definition.key, ()), *condition(definition)]}

    def of_database(self, server: Target) -> Places:
        """What decides the limit of a server."""
        owners = list(self._owners(server))
        places: dict[str, list[Written]] = {}
        for key, path in _OF_AN_INSTANCE.items() if any(computed(owner, properties(owner)) for owner in owners) else ():
            ways = [path] if key.endswith("acu") else [(name,) for name in path]
            places[key] = _first(at(owner, *way) for owner in owners for way in ways)
        named = [place for owner in owners for name in PARAMETER_GROUPS if (place := at(owner, name))[1] is not None]
        groups = [
            group
            for template, written in named
            for group in self._app.targets(template, template.resolver.value(written))
        ]
        parameters = [(group.template, computed(group, ("Parameters",))) for group in groups]
        for key, names in _OF_A_GROUP.items():
            said = [
                (template, within(item, "Parameters", name)) for template, item in parameters if item for name in names
            ]
            places[key] = [*named, *said]
        return dict(places)

    def of_proxy(self, proxy: Target, endpoint: Target | None = None) -> Places:
        """What an RDS Proxy may open, by itself or by another endpoint of its own, and its timeouts."""
        groups = [group for group, _ in self._app.target_groups.of_proxy(proxy)]
        pool = "ConnectionPoolConfigurationInfo"
        return {
            "max_connections_percent": [
                *(at(group, pool, "MaxConnectionsPercent") for group in groups),
                *([] if endpoint is None else [at(endpoint, "TargetRole")]),
            ],
            "borrow_timeout": [at(group, pool, "ConnectionBorrowTimeout") for group in groups],
            "idle_client_timeout": [at(proxy, "IdleClientTimeout")],
        }

    def _owners(self, server: Target) -> Iterator[Target]:
        """An instance, what it copies, and its cluster."""
        yield server
        if (source := _known(server, _SOURCE)) is not None:
            yield from self._app.targets(server.template, source)
        cluster = self._app.cluster_of(server)
        if cluster is not None and cluster.key != server.key:
            yield cluster

    @cached_property
    def _group_sizes(self) -> Sequence[Written]:
        """The sizes of every group and fleet: which of them are in a daemon's cluster may be decided there, too."""
        return [
            place
            for kind, paths in _SIZES.items()
            for template in self._app.all
            for logical_id in template.kinds.get(kind, ())
            for target in (Target(template, logical_id, ""),)
            for place in (
                *condition(target),
                (template, template.resource(logical_id).get("UpdatePolicy")),
                *(at(target, *path) for path in paths),
            )
        ]

    @cached_property
    def _starts(self) -> Mapping[Key, list[Written]]:
        """The counts of rules and schedules by what they start, and the conditions that they are there by."""
        found: dict[Key, list[Written]] = {}
        for kind, runs in ((RULE, "Targets"), (SCHEDULE, "Target")):
            for template in self._app.all:
                for logical_id in template.kinds.get(kind, ()):
                    starter = Target(template, logical_id, "")
                    _, written = at(starter, runs)
                    for run in written if isinstance(written, list) else [written]:
                        ecs = within(run, "EcsParameters")
                        started = template.resolver.value(within(ecs, "TaskDefinitionArn"))
                        numbers = [(template, within(ecs, "TaskCount")), (template, within(run, "Input"))]
                        places = [*numbers, at(starter, "State"), *condition(starter)]
                        for target in self._app.links.targets(template, started):
                            found.setdefault(target.key, []).extend(places)
        return found


def computed(target: Target, keys: Iterable[str]) -> Mapping[str, Any]:
    """Those properties of a resource that are not what is written, as they are written: others rest on nothing."""
    raw = properties(target)
    resolved = target.template.properties(target.logical_id)
    if resolved is raw:
        return {}
    now = resolved or {}  # empty where a condition takes the resource away
    return {key: raw[key] for key in keys if key in raw and now.get(key) is not raw[key]}


def _values(template: Template, written: Mapping[str, Any], keys: Iterable[str]) -> list[Written]:
    return [(template, written[key]) for key in keys if key in written]


def properties(target: Target) -> Mapping[str, Any]:
    """The properties of a resource as they are written, also of one that a condition removes."""
    return mapping(target.template.resource(target.logical_id).get("Properties"))


def at(target: Target, *path: str) -> Written:
    """What is written at a path below a resource's properties, or the function that stands in its way."""
    return target.template, within(properties(target), *path)


def within(value: object, *path: str) -> object:
    """What is written at a path below a value, or the function that stands in its way; None where nothing is."""
    for key in path:
        entry = mapping(value)
        if key not in entry:
            return value if len(entry) == 1 and str(next(iter(entry))).startswith(("Fn::", "Ref")) else None
        value = entry[key]
    return value


def condition(target: Target) -> Sequence[Written]:
    """The conditions that decide whether a resource is there, and each nested stack that it is in; often none."""
    found: list[Written] = []
    at: tuple[Template, str] | None = (target.template, target.logical_id)
    while at is not None:
        template, logical_id = at
        name = template.resource(logical_id).get("Condition")
        found += [(template, {"Condition": name})] if isinstance(name, str) else []
        at = template.parent
    return found


def _known(target: Target, key: str) -> Any:
    return target.template.resolver.value(properties(target).get(key))


def _lifts(target: Target, service: Target) -> bool:
    """Whether a scalable target's minimum is, or would be, more than the tasks that a service asks for."""
    if properties(target).get("MinCapacity").__class__ not in PLAIN:  # where it is there, it may be another
        return True
    least, desired = number(_known(target, "MinCapacity"), ""), number(_known(service, "DesiredCount"), "")
    return not (isinstance(least, int) and isinstance(desired, int) and least <= desired)


def _first(places: Iterable[Written]) -> list[Written]:
    """The first that is there, and the next where it is a function, which may take it away."""
    found = []
    for place in places:
        if place[1] is not None:
            found.append(place)
            if place[1].__class__ in PLAIN:
                break
    return found
