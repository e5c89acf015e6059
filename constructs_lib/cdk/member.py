"""A workload as the user declared it, and the construct that it was declared for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_lambda as lambda_

from constructs_lib.budget.workloads import Function, PooledWorkload, TaskWorkload, Workload
from constructs_lib.budget.workloads.facts import with_command, with_concurrency, with_facts
from constructs_lib.cdk.described_function import l1_function, read_concurrency
from constructs_lib.cdk.described_service import containers_of, l1_service, read_tasks
from constructs_lib.cdk.described_task import l1_task_definition, read_runs
from constructs_lib.cdk.rendered_container import definition_of
from constructs_lib.template.commands import command_facts
from constructs_lib.template.containers import environments

Runnable = ecs.BaseService | ecs.TaskDefinition | lambda_.Function


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One workload of a budget."""

    declared: Workload
    endpoint: str
    runs: Runnable | None = None
    """What holds the pools; None for a reservation."""
    task_definition: ecs.TaskDefinition | None = None
    """The task definition behind the workload, if it runs as tasks."""
    containers: Sequence[str] | None = None
    reserved_for: cdk.CfnElement | None = None
    """What a reservation is for, where this app defines it."""

    @property
    def resource(self) -> cdk.CfnElement | None:
        """The resource that the finished template is read by."""
        if isinstance(self.runs, ecs.BaseService):
            return l1_service(self.runs)
        if isinstance(self.runs, lambda_.Function):
            return l1_function(self.runs)
        return self.reserved_for if self.runs is None else l1_task_definition(self.runs)

    def wired_containers(self) -> list[ecs.ContainerDefinition]:
        """The containers that use the database: the named ones, or all of the task."""
        present = [] if self.task_definition is None else containers_of(self.task_definition)
        return [item for item in present if self.containers is None or item.container_name in self.containers]

    def wired(self) -> Iterator[ecs.ContainerDefinition | lambda_.Function]:
        """Everything whose variables are the budget's."""
        yield from self.wired_containers()
        if isinstance(self.runs, lambda_.Function):
            yield self.runs

    def as_read(self, workload: Workload) -> Workload:
        """The workload with what its construct says now."""
        if isinstance(workload, PooledWorkload) and self.task_definition is not None:
            definitions = {item.container_name: definition_of(item) for item in self.wired_containers()}
            variables = environments({"ContainerDefinitions": list(definitions.values())})
            workload = with_command(workload, command_facts(definitions, variables))
        if isinstance(workload, TaskWorkload) and isinstance(self.runs, ecs.BaseService):
            return with_facts(workload, read_tasks(self.runs))
        if isinstance(workload, PooledWorkload) and isinstance(self.runs, ecs.TaskDefinition):
            return with_facts(workload, read_runs(self.runs))
        if isinstance(workload, Function) and isinstance(self.runs, lambda_.Function):
            return with_concurrency(workload, read_concurrency(self.runs))
        return workload
