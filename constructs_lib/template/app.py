"""The templates of one app, with what every document asks of them: each found once."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from constructs_lib.budget.client import Unread
from constructs_lib.budget.resource import Resource
from constructs_lib.limits import Unknown
from constructs_lib.template.access import cluster_of
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.commands import started_in
from constructs_lib.template.containers import definitions, environments
from constructs_lib.template.environment import Environment
from constructs_lib.template.identifiers import CALLED, CLUSTER, CLUSTER_NAME, INSTANCE
from constructs_lib.template.instances import Instances
from constructs_lib.template.links import Key, Links, Target
from constructs_lib.template.load_balancers import LoadBalancers
from constructs_lib.template.members import TASK_SET, administrative
from constructs_lib.template.network import Network
from constructs_lib.template.overrides import Overrides, overrides_by_task
from constructs_lib.template.referrers import Referrers
from constructs_lib.template.runs import Runs
from constructs_lib.template.scaled_services import ScaledServices
from constructs_lib.template.servers import Servers
from constructs_lib.template.started import Started
from constructs_lib.template.target_groups import TargetGroups
from constructs_lib.template.task_users import TaskUsers
from constructs_lib.template.template import Template
from constructs_lib.template.written_names import WrittenNames

Templates = Mapping[str, Template]
"""Templates by file name."""

PROCESSED = "check what CloudFormation makes of it (`aws cloudformation get-template --template-stage Processed`)"
TOGETHER = "check a folder that has the template of the nested stack as well"


class App:
    """The templates of one app, and the indexes over all of them."""

    def __init__(self, templates: Templates) -> None:
        self.templates = templates
        self._load_balancers: dict[int, LoadBalancers] = {}
        self._environments: dict[Key, Mapping[str, Environment]] = {}
        self._started: dict[Key, Mapping[str, Started]] = {}

    @classmethod
    def of(cls, templates: "Templates | App") -> "App":
        """The app of some templates, unless they are one already."""
        return templates if isinstance(templates, App) else cls(templates)

    @cached_property
    def all(self) -> Sequence[Template]:
        """Every template, each read once."""
        return list(self.templates.values())

    @cached_property
    def links(self) -> Links:
        """The references between the templates."""
        return self.templates.links if isinstance(self.templates, Assembly) else Links(self.all)

    @cached_property
    def network(self) -> Network:
        """The security groups of all."""
        return Network(self.templates, self.links)

    @cached_property
    def runs(self) -> Runs:
        """What rules, schedules and events start."""
        return Runs(self.all, self.links, self.task_users)

    @cached_property
    def instances(self) -> Instances:
        """The container instances of clusters."""
        return Instances(self.all, self.links)

    def environments(self, task_definition: Target) -> Mapping[str, Environment]:
        """The variables of a task definition's containers."""
        key = task_definition.key
        if key not in self._environments:
            self._environments[key] = environments(task_definition.properties)
        return self._environments[key]

    def started(self, task_definition: Target) -> Mapping[str, Started]:
        """What the containers of a task definition start."""
        key = task_definition.key
        if key not in self._started:
            variables = self.environments(task_definition)
            self._started[key] = {
                name: started_in(name, container, variables.get(name, {}))
                for name, container in definitions(task_definition.properties).items()
            }
        return self._started[key]

    @cached_property
    def written_names(self) -> WrittenNames:
        """What texts name."""
        return WrittenNames(self.all)

    @cached_property
    def servers(self) -> Servers:
        """The databases and proxies of all, and how each is spoken of."""
        return Servers.of(self, self.target_groups)

    @cached_property
    def referrers(self) -> Referrers:
        """What is told the address or the credentials of which database."""
        return Referrers(self, self.links, self.servers)

    @property
    def unread(self) -> Sequence[Unread]:
        """What of the templates cannot be read: macros, loops, and nested stacks whose template is not here.

        Of what is inside a resource, that which was come across so far.
        """
        found = [
            Unread(name=name, template=file, words=words, remedy=PROCESSED)
            for file, template in self.templates.items()
            for name, words in template.unread()
        ]
        for template, logical_id in self.templates.unlinked if isinstance(self.templates, Assembly) else ():
            kind = template.kind(logical_id) or ""
            if template.properties(logical_id) is not None and administrative(template, logical_id, kind) is None:
                words = f"the template of the nested stack {logical_id} is not here"
                file = self._files.get(id(template))
                found.append(Unread(name=logical_id, template=file, words=words, remedy=TOGETHER))
        return found

    def load_balancers(self, template: Template) -> LoadBalancers:
        """The load balancers of a template."""
        found = self._load_balancers.get(id(template))
        if found is None:
            found = self._load_balancers[id(template)] = LoadBalancers(template)
        return found

    @cached_property
    def scaling(self) -> ScaledServices:
        """What scales which service."""
        return ScaledServices(self.all, self.links)

    @cached_property
    def task_users(self) -> TaskUsers:
        """What runs which task definition."""
        return TaskUsers(self.all, self.links)

    @cached_property
    def task_sets(self) -> Mapping[Key, Sequence[Target]]:
        """The task sets of each service under an external deployment controller."""
        found: dict[Key, list[Target]] = {}
        for task_set in self.of_type(TASK_SET):
            service = self.links.target(task_set.template, task_set.properties.get("Service"))
            if not isinstance(service, Unknown):
                found.setdefault(service.key, []).append(task_set)
        return found

    @cached_property
    def overrides(self) -> Mapping[Key, Sequence[Overrides]]:
        """What scheduled runs override of the task definitions that they start."""
        return overrides_by_task(self.all, self.links)

    @cached_property
    def target_groups(self) -> TargetGroups:
        """The target groups of RDS Proxies."""
        return TargetGroups(self.all, self.links)

    def located(self, resource: Resource | None, home: str) -> Target | None:
        """The resource that a document of the template `home` names; None where it is not there."""
        template = self.templates.get(resource.template or home) if resource is not None else None
        if resource is None or template is None or template.properties(resource.logical_id) is None:
            return None
        return Target(template, resource.logical_id, "")

    def named(self, target: Target, home: str) -> Resource:
        """How a document of the template `home` names a resource: the inverse of `located`."""
        file = self._files.get(id(target.template), target.template.name)
        return Resource(logical_id=target.logical_id, template=None if file == home else file)

    def of_type(self, kind: str) -> Iterator[Target]:
        """Every resource of a type, in every template."""
        for template in self.all:
            for logical_id, _ in template.of_type(kind):
                yield Target(template, logical_id, "")

    def target(self, template: Template, value: object) -> Target | Unknown:
        """The one resource that a reference denotes, in whichever template it is defined."""
        return self.links.target(template, value)

    def targets(self, template: Template, value: object) -> Iterator[Target]:
        """Every resource that a value speaks of, by reference or by its name, in whichever template it is defined."""
        yield from self.links.targets(template, value)
        yield from self.written_names.targets(template, value)

    def follow(self, template: Template, key: str, value: object) -> tuple[Template, Mapping[str, Any]] | None:
        """The one resource that a property denotes, by its template and properties; None where none is in this app."""
        found = self.links.target(template, value)
        target = None if isinstance(found, Unknown) else found
        if target is None and key in CALLED:
            target = self.links.called(*CALLED[key], value)
        return None if target is None else (target.template, target.properties)

    def cluster_of(self, server: Target) -> Target | None:
        """The database cluster that an instance belongs to; None where it stands alone."""
        if server.template.kind(server.logical_id) == CLUSTER:
            return server
        return cluster_of(self.links, server.template, server.properties.get(CLUSTER_NAME))

    def members_of(self, cluster: Target) -> Sequence[Target]:
        """The instances of a database cluster, in whichever template each is defined."""
        return self._members.get(cluster.key, ())

    @cached_property
    def _members(self) -> Mapping[Key, Sequence[Target]]:
        members: dict[Key, list[Target]] = {}
        for template in self.all:
            for logical_id, _ in template.of_type(INSTANCE):
                instance = Target(template, logical_id, "")
                if (cluster := self.cluster_of(instance)) is not None:
                    members.setdefault(cluster.key, []).append(instance)
        return members

    @cached_property
    def _files(self) -> Mapping[int, str]:
        return {id(template): file for file, template in self.templates.items()}
