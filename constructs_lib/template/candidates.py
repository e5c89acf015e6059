"""What in an app may be a workload: services, task definitions that something else runs than a service, functions."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from constructs_lib.budget.source import Source
from constructs_lib.limits import Unknown
from constructs_lib.template.app import App
from constructs_lib.template.awaited import Awaited, awaited_in
from constructs_lib.template.containers import definitions, entries, has_files, named_containers, unreadable
from constructs_lib.template.environment import Environment, Variables
from constructs_lib.template.functions import FUNCTIONS, SERVERLESS_FUNCTION, function
from constructs_lib.template.images import Image, image_of
from constructs_lib.template.intrinsics import described, in_words
from constructs_lib.template.links import Key, Target
from constructs_lib.template.members import SERVICE, TASK_DEFINITION
from constructs_lib.template.overrides import overridden
from constructs_lib.template.parameters import scalar_text
from constructs_lib.template.run_variants import variant_of, variant_of_run
from constructs_lib.template.servers import Endpoint
from constructs_lib.template.sidecars import sidecars_in
from constructs_lib.template.spoken import spoken_in, spoken_of_pools
from constructs_lib.template.started import Started
from constructs_lib.template.template import Template
from constructs_lib.template.used_tasks import UsedTasks, families, used_by_service


class Lead(NamedTuple):
    """What leads to an endpoint."""

    words: str
    variable: str | None = None
    source: Source | None = None
    """How it is known: an address is read, what a secret holds is documented; None for what only may lead there."""
    guessed: bool = False
    """Whether no address, secret or security group says so."""
    reads: bool = False
    """Whether it is the address of the readers of a cluster that has none, and leads to its writer."""


@dataclass(kw_only=True)
class Candidate:
    """Something that may be a workload."""

    kind: str
    target: Target
    definitions: tuple[Target, ...] = ()
    """The task definitions that it may run."""
    doubt: Unknown | None = None
    """Why not all of its containers are known; None where they are."""
    variants: Sequence[Mapping[str, Variables]]
    """The variables of the containers, in each task definition that it may run and as each scheduled run has them."""
    values: Sequence[tuple[Template, str, str, object]]
    """Template, container, name and value of the variables and secrets, as they are written."""
    started: Mapping[str, Sequence[Started]] = field(default_factory=dict)
    """What each container starts, in every run."""
    spoken: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What the containers say of pools beside their plain variables, as variables would."""
    images: Mapping[str, Image] = field(default_factory=dict)
    """What is documented of the images of its containers, as far as something is."""
    sidecars: Collection[str] = ()
    """The containers that are known by their image to have no use for a database."""
    left_out: dict[str, str] = field(default_factory=dict)
    """The containers that might connect by what is said of all of them, and do not, each with the reason."""
    filed: Collection[str] = ()
    """The containers that take variables from files, which may lead them anywhere."""
    awaited: Awaited = field(default_factory=dict)
    """What each container waits for."""
    found: dict[str, dict[Endpoint, list[Lead]]] = field(default_factory=dict)
    """What leads each container to each endpoint."""
    evident: bool = False
    """Whether it is known which containers connect: otherwise all of them are in `found`."""

    @cached_property
    def containers(self) -> Mapping[str, Variables]:
        """The containers by name, with variables that they have; a function is one without a name."""
        return {name: found for variant in reversed(self.variants) for name, found in variant.items()}

    def environments(self, container: str) -> Iterator[Variables]:
        """The variables of a container in every run, with what else it says of pools."""
        spoken = self.spoken.get(container, {})
        for variant in self.variants:
            if (variables := variant.get(container)) is None:
                continue
            if not spoken:
                yield variables
                continue
            together = Environment.of(variables)
            together.update(spoken)
            yield together

    def lead(self, container: str, endpoint: Endpoint, lead: Lead) -> None:
        """Note that something leads a container to an endpoint."""
        self.evident = True
        self.found.setdefault(container, {}).setdefault(endpoint, []).append(lead)

    def lead_all(self, endpoint: Endpoint, words: str) -> None:
        """Note that any of the containers may connect to an endpoint."""
        for container in self.containers or ("",):
            self.found.setdefault(container, {}).setdefault(endpoint, []).append(Lead(words))


def candidates(app: App) -> Iterator[Candidate]:
    """Everything that may be a workload, in the order of the templates."""
    used: set[Key] = set()
    by_family = families(app.of_type(TASK_DEFINITION))
    for service in app.of_type(SERVICE):
        tasks = used_by_service(app, service, by_family)
        used |= {item.key for item in tasks.definitions}
        yield _of_tasks("service", service, tasks, [], app)
    for definition in app.of_type(TASK_DEFINITION):
        key = definition.key
        if key not in used or app.runs.start(definition):
            tasks = UsedTasks((definition,))
            runs = [overridden(tasks.properties[0], item) for item in app.overrides.get(key, ())]
            yield _of_tasks("task", definition, tasks, runs, app)
    for kind in FUNCTIONS:
        for found in app.of_type(kind):
            yield _of_function(found, kind)


def _of_function(target: Target, kind: str) -> Candidate:
    shared = target.template.serverless_defaults
    properties = target.properties
    environment = function(properties, shared if kind == SERVERLESS_FUNCTION else None).environment
    variables = Environment(others=environment if isinstance(environment, Unknown) else None)
    written: Mapping[str, Any] = {"Environment": properties.get("Environment")}
    if not isinstance(environment, Unknown):
        written = environment
        for name, value in environment.items():
            plain = scalar_text(value)
            variables[str(name)] = Unknown(f"its value is {described(value)}") if plain is None else plain
    values = [(target.template, "", str(name), value) for name, value in written.items()]
    return Candidate(
        kind="function",
        target=target,
        doubt=variables.others,
        variants=[{"": variables}],
        values=values,
        spoken={"": spoken_in(written.items(), variables)},
    )


def _of_tasks(kind: str, target: Target, tasks: UsedTasks, runs: Sequence[Mapping[str, Any]], app: App) -> Candidate:
    whole = [*tasks.properties, *runs]
    as_run = [*(variant_of(item, app) for item in tasks.definitions), *map(variant_of_run, runs)]
    started: dict[str, list[Started]] = {}
    spoken: dict[str, dict[str, str]] = {}
    images: dict[str, Image] = {}
    filed: dict[str, None] = {}
    sidecars: dict[str, bool] = {}
    for properties, (starts, variables) in zip(whole, as_run, strict=True):
        containers = definitions(properties)
        beside = sidecars_in(containers)
        for name, container in containers.items():
            sidecars[name] = name in beside and sidecars.get(name, True)
            started.setdefault(name, []).append(starts[name])
            filed |= {name: None} if has_files(container) else {}
            if (image := image_of(container)) is not None:
                images[name] = image
            if said := spoken_of_pools(container, variables.get(name, {})):
                spoken.setdefault(name, {}).update(said)
    values = []
    for definition in tasks.definitions:
        written = definition.properties
        for properties in (written, *runs):
            values += [(definition.template, *item) for item in _values(properties)]
    doubts = [tasks.doubt, *(unreadable(item) for item in whole)]
    doubt = next((doubt for doubt in doubts if doubt is not None), None)
    return Candidate(
        kind=kind,
        target=target,
        definitions=tasks.definitions,
        doubt=doubt,
        variants=[variables for _, variables in as_run],
        values=values,
        started=started,
        spoken=spoken,
        images=images,
        sidecars=[name for name, always in sidecars.items() if always],
        filed=filed,
        awaited=awaited_in(whole) if doubt is None else {},
    )


def _values(properties: Mapping[str, Any]) -> Iterator[tuple[str, str, object]]:
    for name, container in named_containers(properties):
        for key, holds in (("Environment", "Value"), ("Secrets", "ValueFrom")):
            for entry, _ in entries(container.get(key)):
                yield name, in_words(entry.get("Name")), entry.get(holds)
        for key in ("Command", "EntryPoint"):
            if key in container:
                yield name, key, container[key]
