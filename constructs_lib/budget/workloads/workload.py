"""What every kind of workload has in common."""

import re
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from constructs_lib.budget import defaults, schema
from constructs_lib.budget.client import Client
from constructs_lib.budget.defaults import Defaults
from constructs_lib.budget.demand import Demand
from constructs_lib.budget.fleet import Deployment, Fleet
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.scenario import PerScenario, Scenario
from constructs_lib.budget.schema import Field, integer, or_unknown
from constructs_lib.budget.source import Source
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.variables import ENV_PREFIX, MAX_OVERFLOW, POOL_SIZE
from constructs_lib.limits import Unknown

NO_READER = "no reader of the cluster is known, and without one its reader endpoint leads to the writer"
MAXIMUM_PERCENT = 200
"""The default of ECS and of the CDK."""
MOST_TASK_SETS = 100
"""Beyond what an external deployment controller runs at once."""


# Abstract by its methods alone: isinstance of an ABC costs several times as much, and a plan asks it of every workload.
@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One named claim on a database, directly or through a proxy."""

    kind: ClassVar[str]
    fields: ClassVar[Mapping[str, Field]]

    name: str
    database: str | None = None
    proxy: str | None = None
    construct_path: str | None = None
    evidence: str | None = field(default=None, compare=False)
    """What in the templates leads to the database, in words, where that was discovered: no part of what is budgeted."""
    defaults: Defaults = field(default_factory=dict)
    """The parameters whose defaults the values of a template rest on, by key."""
    given: Mapping[str, Source] = field(default_factory=dict)

    @classmethod
    def read(cls, name: str, value: object, place: str) -> "Workload":
        """Read an entry of `workloads` of this kind."""
        values, given = schema.read_fields(value, place, cls.fields)
        if (values["database"] is None) == (values["proxy"] is None):
            raise schema.DocumentError(place, 'must name a "database" or a "proxy", one of the two')
        values.pop("kind")
        workload = cls(name=name, given=given, **values)
        workload.check(place)
        return workload

    def check(self, place: str) -> None:
        """Raise DocumentError where the fields contradict each other."""

    def to_json(self) -> dict[str, Any]:
        """The inverse of `read`."""
        return schema.write_fields(self, self.given)

    @abstractmethod
    def demand(self) -> Demand:
        """What the workload asks for."""

    @abstractmethod
    def arithmetic(self, scenario: Scenario, size: PoolSize) -> str:
        """The workload's connections in a scenario as a product, each factor named."""

    def assumptions(self) -> tuple[str, ...]:
        """What had to be assumed, in words."""
        said = [self._assumption(key) for key in self.ungiven_keys()]
        if not self.defaults:
            return tuple(said)
        by_default = self.by_default
        return (*said, *defaults.resting(by_default, {key: self._shown(key) for key in by_default}))

    def assumed_keys(self) -> tuple[str, ...]:
        """The document's keys that a report marks: nobody gave them, or what they rest on."""
        keys = self.ungiven_keys()
        return (*keys, *[key for key in self.by_default if key not in keys]) if self.defaults else keys

    def ungiven_keys(self) -> tuple[str, ...]:
        """The document's keys that nobody gave."""
        given = self.given
        assumed = [key for key, source in given.items() if source is Source.ASSUMED]
        return (*assumed, *[key for key in _assuming(type(self)) if key not in given])

    @property
    def by_default(self) -> Defaults:
        """The parameters whose defaults the workload's values rest on, by key."""
        return defaults.in_force(self)

    def _assumption(self, key: str) -> str:
        field, value = self.fields[key], getattr(self, key)
        if field.assumption and value == field.default:
            return field.assumption
        return f"{self._shown(key)}: {self.evidence or NO_READER}" if key == "database" else self._shown(key)

    def _shown(self, key: str) -> str:
        value = getattr(self, key)
        return f"{key} {', '.join(value) if isinstance(value, tuple) else schema.plain(value)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledWorkload(Workload):
    """A workload whose processes hold connection pools, and read from their environment how large these are."""

    engines_per_process: int = 1
    pool_timeout: int = 30
    pool_recycle: int | None = None
    """Fixed by the user, and then checked; None where the budget chooses it."""
    idle_timeout: int | None = None
    """Seconds after which something on the way, such as a Network Load Balancer, drops an idle connection."""
    request_timeout: int | Unknown | None = None
    """Seconds after which whoever waits for an answer has gone; None where nobody is known to wait."""
    iam_auth: bool = False
    env_prefix: str = ENV_PREFIX
    application_name: str | None = None
    """How the connections call themselves at the server; None for the workload's own name."""
    containers: tuple[str, ...] | None = None
    """The containers of the task that use the database, each with pools of its own; None for one."""
    resource: Resource | None = None
    identity: Mapping[str, str] | None = None
    """What the resource is replaced for if it changes, as the template has it; None where no template was read."""
    task_definition: Resource | None = None
    overruled: Mapping[str, object] = field(default_factory=dict)
    """What the user said by key, where a container's command starts more."""
    found: Mapping[str, Mapping[str, str | Unknown]] | None = None
    """The variables of each container as the synthesized template has them; None where no template was read."""
    sizes_only: bool = False
    """Whether of the budget's variables only the sizes of pools are looked for: no construct writes the others."""
    changed: tuple[str, ...] = ()
    """What the template has otherwise than the construct read it, in words."""
    uncounted: tuple[Client, ...] = ()
    """What else runs the workload's task definition, with the same variables, and is in no budget."""
    unnamed: tuple[str, ...] = ()
    """Containers of the task that have a pool's size under the same prefix, and are not among `containers`."""
    conflicts: tuple[str, ...] = ()
    """What a container's command starts otherwise than the user said, in words."""

    @abstractmethod
    def live(self) -> PerScenario | Unknown:
        """How many tasks, or execution environments, there can be at once."""

    @property
    def pools_per_process(self) -> int:
        """Engines of one process, in every container that uses the database."""
        return self.engines_per_process * len(self.containers or ("",))

    @property
    def size_variables(self) -> tuple[str, str]:
        """The variables that have the sizes of a pool."""
        return self.env_prefix + POOL_SIZE, self.env_prefix + MAX_OVERFLOW

    def pool_factors(self) -> list[str]:
        """The factors of `pools_per_process` that are not 1, in words."""
        factors = [(self.engines_per_process, "engines"), (len(self.containers or ("",)), "containers")]
        return [f"{number} {noun}" for number, noun in factors if number > 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskWorkload(PooledWorkload):
    """A workload that runs as the tasks of an ECS service."""

    tasks: int | Unknown = 1
    max_tasks: int | Unknown | None = None
    maximum_percent: int | Unknown = MAXIMUM_PERCENT
    deployment: Deployment | Unknown = Deployment.ROLLING
    task_sets: int | None = None
    """Task sets that run at once under an external deployment controller; None where nobody said."""
    bake_time: int | Unknown | None = None
    """Minutes for which both sets run after all traffic has moved; None where it was not said."""

    def live(self) -> PerScenario | Unknown:
        """Tasks alive in each scenario."""
        return self.fleet.live()

    @property
    def fleet(self) -> Fleet:
        """The tasks behind the workload."""
        return Fleet(
            tasks=self.tasks,
            max_tasks=self.max_tasks,
            max_tasks_declared=self.given.get("max_tasks") is Source.DECLARED,
            maximum_percent=self.maximum_percent,
            deployment=self.deployment,
            task_sets=self.task_sets,
        )


def env_prefix(value: object, place: str) -> str:
    """The beginning of an environment variable's name."""
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,99}", value):
        raise schema.DocumentError(
            place, f"must be letters, digits and underscores, not beginning with a digit, got {schema.shown(value)}"
        )
    return value


def overruled(**fields: Field) -> Field:
    """The user's values that a command overrules, by key."""

    def read(value: object, place: str) -> Mapping[str, object]:
        values, given = schema.read_fields(value, place, fields)
        return {key: values[key] for key in given}

    return Field(read, {}, internal=True)


FIELDS: Mapping[str, Field] = {
    "kind": Field(schema.text),
    "database": Field(schema.text),
    "proxy": Field(schema.text),
    "construct_path": Field(schema.text, internal=True),
    "evidence": Field(schema.text, internal=True),
    "defaults": defaults.FIELD,
}
POOLED_FIELDS: Mapping[str, Field] = {
    **FIELDS,
    "engines_per_process": Field(integer(1), 1),
    "pool_timeout": Field(integer(1, 3600), 30),
    "pool_recycle": Field(integer(1, 86_400)),
    "idle_timeout": Field(integer(1, 86_400)),
    "request_timeout": Field(or_unknown(integer(1, 86_400))),
    "iam_auth": Field(schema.boolean, False),  # noqa: FBT003 - a default, not a switch
    "env_prefix": Field(env_prefix, ENV_PREFIX),
    "application_name": Field(schema.text),
    "resource": Field(Resource.read, internal=True),
}
CONTAINER_FIELDS: Mapping[str, Field] = {
    "containers": Field(schema.texts),
    "task_definition": Field(Resource.read, internal=True),
}
TASK_FIELDS: Mapping[str, Field] = {
    **POOLED_FIELDS,
    **CONTAINER_FIELDS,
    "tasks": Field(or_unknown(integer(0)), 1, "a desired count of 1 task: where none is given, ECS keeps what runs"),
    "max_tasks": Field(or_unknown(integer(0)), None, "no autoscaling: never more than the desired count"),
    "maximum_percent": Field(
        or_unknown(integer(0, 10_000)), MAXIMUM_PERCENT, "maximum_percent 200: a deployment runs the tasks twice"
    ),
    "deployment": Field(or_unknown(schema.choice(Deployment)), Deployment.ROLLING),
    "task_sets": Field(integer(1, MOST_TASK_SETS)),
    "bake_time": Field(or_unknown(integer(0, 100_000))),
}


def _assuming(kind: type[Workload]) -> tuple[str, ...]:
    if kind not in _ASSUMING:
        _ASSUMING[kind] = tuple(key for key, item in kind.fields.items() if item.assumption)
    return _ASSUMING[kind]


_ASSUMING: dict[type[Workload], tuple[str, ...]] = {}
