"""The budget document, brought up to what the finished templates say."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from constructs_lib.budget.database import Database
from constructs_lib.budget.document import Document
from constructs_lib.budget.proxy import Proxy
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.source import Source
from constructs_lib.budget.workloads import Function, PooledWorkload, Task, TaskWorkload, Workload
from constructs_lib.budget.workloads.facts import Fact, TaskFacts, with_command, with_concurrency, with_facts
from constructs_lib.limits import Unknown
from constructs_lib.template.access import with_access
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.commands import command_facts
from constructs_lib.template.containers import definitions, environments
from constructs_lib.template.databases import database_facts, instance_class, readers_of
from constructs_lib.template.functions import function_variables, reserved_concurrency
from constructs_lib.template.instances import instances_of
from constructs_lib.template.intrinsics import reference
from constructs_lib.template.links import Links
from constructs_lib.template.load_balancers import request_timeout
from constructs_lib.template.proxies import proxy_facts, read_only
from constructs_lib.template.runs import runs_of
from constructs_lib.template.services import scaling_of, task_facts
from constructs_lib.template.template import Template

MOST_READERS = 15
"""What Aurora allows."""
TASK_DEFINITION = "AWS::ECS::TaskDefinition"
W = TypeVar("W", bound=PooledWorkload)
Templates = Mapping[str, Template]
"""Templates by file name."""


def reread(document: Document, home: str, templates: Templates) -> Document:
    """Read again, from the templates, everything that the document says it had read; `home` is the document's own.

    What the user declared stands, except that it cannot lower a number of tasks that the template has.
    """
    links = templates.links if isinstance(templates, Assembly) else Links(list(templates.values()))
    read = replace(
        document,
        databases={name: _database(item, home, templates) for name, item in document.databases.items()},
        proxies={
            name: _targets(_proxy(item, home, templates), document.databases[item.database], home, templates)
            for name, item in document.proxies.items()
        },
        workloads={name: _workload(item, home, templates) for name, item in document.workloads.items()},
    )
    return with_access(read, home, templates, links)


def _database(database: Database, home: str, templates: Templates) -> Database:
    if database.resource is None:
        return database
    template, instance = _find(database.resource, home, templates)
    if template is None or instance is None:
        return _with_read(database, {"instance_class": _missing(database.resource, home)})
    promoted = _find(database.failover, home, templates)[1] if database.failover else None
    if promoted is not None:
        database = replace(database, failover_class=instance_class(promoted))
    elsewhere = _find(database.parameter_group, home, templates)[1] if database.parameter_group else None
    return _with_read(database, database_facts(template, instance, elsewhere))


def _proxy(proxy: Proxy, home: str, templates: Templates) -> Proxy:
    if proxy.resource is None:
        return proxy
    template, properties = _find(proxy.resource, home, templates)
    if template is None or properties is None:
        return replace(proxy, max_connections_percent=_missing(proxy.resource, home))
    groups = [
        group
        for _, group in template.of_type("AWS::RDS::DBProxyTargetGroup")
        if reference(group.get("DBProxyName")) == proxy.resource.logical_id
    ]
    facts, sources = proxy_facts(properties, groups)
    if proxy.endpoint is not None:
        _, endpoint = _find(proxy.endpoint, home, templates)
        leads_to_readers = _missing(proxy.endpoint, home) if endpoint is None else read_only(endpoint)
        if leads_to_readers is not True:
            reason = Unknown(f"the endpoint {proxy.endpoint.logical_id} does not lead to the readers")
            return replace(
                proxy,
                max_connections_percent=leads_to_readers if isinstance(leads_to_readers, Unknown) else reason,
                given={**proxy.given, "max_connections_percent": Source.READ},
            )
    kept = {key: value for key, value in facts.items() if proxy.given.get(key) is not Source.DECLARED}
    return replace(proxy, given={**proxy.given, **{key: sources[key] for key in kept}}, **kept)


def _targets(proxy: Proxy, database: Database, home: str, templates: Templates) -> Proxy:
    """The proxy with the readers that its read-only endpoint has in the template."""
    if proxy.endpoint is None or proxy.given.get("targets") is Source.DECLARED or database.resource is None:
        return proxy
    template, instance = _find(database.resource, home, templates)
    if template is None or instance is None:
        return proxy
    readers = min(MOST_READERS, max(1, readers_of(template, instance)))
    return replace(proxy, targets=readers, given={**proxy.given, "targets": Source.READ})


def _workload(workload: Workload, home: str, templates: Templates) -> Workload:
    if not isinstance(workload, PooledWorkload) or workload.resource is None:
        return workload
    template, properties = _find(workload.resource, home, templates)
    if isinstance(workload, Function):
        return _function(workload, properties, _missing(workload.resource, home))
    if isinstance(workload, Task):
        return _task(workload, properties, home, templates)
    if not isinstance(workload, TaskWorkload):
        return workload
    if template is None or properties is None:
        missing = Fact(_missing(workload.resource, home))
        facts = TaskFacts(tasks=missing, max_tasks=missing, maximum_percent=missing, deployment=missing)
        return replace(with_facts(workload, facts), found={})
    scaling = scaling_of(templates.values(), template, workload.resource.logical_id)
    facts = task_facts(properties, scaling, instances_of(template, properties))
    task_definition = _task_definition(workload, properties.get("TaskDefinition"), template, home, templates)
    if workload.given.get("request_timeout") is not Source.DECLARED:
        timeout = request_timeout(template, properties)
        given = {key: source for key, source in workload.given.items() if key != "request_timeout"}
        given |= {} if timeout is None else {"request_timeout": Source.READ}
        workload = replace(workload, request_timeout=timeout, given=given)
    return with_facts(with_task_definition(workload, task_definition or {}), facts)


def with_task_definition(workload: W, task_definition: Mapping[str, Any]) -> W:
    """The workload with the variables and the commands of its containers."""
    containers, variables = definitions(task_definition), environments(task_definition)
    if workload.containers is None or workload.given.get("containers") is not Source.DECLARED:
        # one that was added to the template alone uses the database as the others do
        workload = replace(workload, containers=tuple({**dict.fromkeys(workload.containers or ()), **containers}))
    names = workload.containers or ()
    facts = command_facts({name: containers[name] for name in names if name in containers}, variables)
    return replace(with_command(workload, facts), found={name: variables.get(name, {}) for name in names})


def _task(workload: Task, task_definition: Mapping[str, Any] | None, home: str, templates: Templates) -> Task:
    """A task by its definition, and the schedules that run it."""
    resource = workload.resource
    if resource is None or task_definition is None:
        missing = _missing(resource, home) if resource is not None else Unknown("it has no resource")
        return replace(with_facts(workload, {"tasks": Fact(missing)}), found={})
    counted = runs_of(templates.values(), templates[resource.template or home], resource.logical_id)
    facts = {} if counted is None else {"tasks": Fact(counted)}
    return with_facts(with_task_definition(workload, task_definition), facts)


def _function(workload: Function, properties: Mapping[str, Any] | None, missing: Unknown) -> Function:
    if properties is None:
        return replace(with_facts(workload, {"reserved_concurrency": Fact(missing)}), found={})
    workload = with_concurrency(workload, reserved_concurrency(properties))
    return replace(workload, found={"": function_variables(properties)})


def _task_definition(
    workload: PooledWorkload, used: object, template: Template, home: str, templates: Templates
) -> Mapping[str, Any] | None:
    """The task definition that a service uses; one that cannot be told has no containers, which is a conflict."""
    own = template.properties(reference(used) or "", TASK_DEFINITION)
    if own is not None or workload.task_definition is None:
        return own
    declared = _find(workload.task_definition, home, templates)[1]
    # with CodeDeploy the CDK names the family
    same_family = isinstance(used, str) and declared is not None and declared.get("Family") == used
    return declared if same_family or template.passed_in(used) else None


def _find(resource: Resource, home: str, templates: Templates) -> tuple[Template | None, Mapping[str, Any] | None]:
    template = templates.get(resource.template or home)
    return template, template.properties(resource.logical_id) if template else None


def _missing(resource: Resource, home: str) -> Unknown:
    return Unknown(f"the resource {resource.logical_id} is not in {resource.template or home}")


def _with_read(database: Database, facts: Mapping[str, Any]) -> Database:
    kept = {key: value for key, value in facts.items() if database.given.get(key) is not Source.DECLARED}
    read = {key: Source.READ for key, value in kept.items() if value is not None}
    given = {key: source for key, source in database.given.items() if key not in kept} | read
    before, now = database.instance_class, kept.get("instance_class")
    if database.memory_bytes is not None and None not in (before, now) and before != now:
        # it was said of the class that the document had
        kept, given = (
            {**kept, "memory_bytes": None},
            {key: item for key, item in given.items() if key != "memory_bytes"},
        )
    return replace(database, given=given, **kept)
