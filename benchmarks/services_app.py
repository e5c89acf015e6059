"""A CDK app of many Fargate services on one database: what `synth.py` measures, in a process of its own.

    CDK_VALIDATION=false python benchmarks/services_app.py 50 [--budget]

Builds and synthesizes the app once, into a temporary folder, with the feature flags of cdk.json; with `--budget`, a
ConnectionBudget covers all services. The last line on stdout is a JSON object: the seconds that each part took, and
its round trips to Node (every construct made, property read and method called is one, and so is every answer to a
call from there). Parts may lie in one another: `declaring` is in `construction`, `wiring` and `plugin` are in `synth`.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_rds as rds

if TYPE_CHECKING:
    from constructs_lib.cdk import ConnectionBudget

SERVICES_PER_STACK = 25
"""Each has nine resources, and CloudFormation takes 500 in a stack."""
CDK_JSON = Path(__file__).parent.parent / "cdk.json"


class CountingProvider:
    """Passes everything on to jsii's provider, and counts."""

    def __init__(self, provider: Any) -> None:
        self._provider = provider
        self.round_trips = 0

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._provider, name)

        def counted(*args: Any, **keywords: Any) -> Any:
            self.round_trips += 1
            return method(*args, **keywords)

        return counted


class Stopwatch:
    """Seconds and round trips by part, added up over all turns."""

    def __init__(self) -> None:
        kernel: Any = jsii.kernel
        self._provider = kernel.provider = CountingProvider(kernel.provider)
        self.parts: dict[str, dict[str, float]] = {}

    @contextmanager
    def running(self, part: str) -> Iterator[None]:
        """Measure a block."""
        started, before = time.perf_counter(), self._provider.round_trips
        try:
            yield
        finally:
            sums = self.parts.setdefault(part, {"seconds": 0.0, "round_trips": 0})
            sums["seconds"] += time.perf_counter() - started
            sums["round_trips"] += self._provider.round_trips - before

    def watch(self, owner: type, name: str, part: str) -> None:
        """Measure every call of a method."""
        method: Callable[..., Any] = getattr(owner, name)

        @wraps(method)
        def timed(*args: Any, **keywords: Any) -> Any:
            with self.running(part):
                return method(*args, **keywords)

        setattr(owner, name, timed)


class Data(cdk.Stack):
    """The network, the database and the cluster."""

    def __init__(self, scope: cdk.App) -> None:
        super().__init__(scope, "Data")
        self.vpc = ec2.Vpc(self, "Vpc", max_azs=2)
        self.database = rds.DatabaseInstance(
            self,
            "Orders",
            engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_16_13),
            instance_type=ec2.InstanceType.of(ec2.InstanceClass.R6G, ec2.InstanceSize.XLARGE16),
            vpc=self.vpc,
        )
        self.cluster = ecs.Cluster(self, "Cluster", vpc=self.vpc)


def fargate_service(scope: cdk.Stack, name: str, cluster: ecs.ICluster) -> ecs.FargateService:
    """One service as teams write them: a task definition of its own, logs, and autoscaling from 2 to 4 tasks."""
    task = ecs.FargateTaskDefinition(scope, f"{name}-task", cpu=512, memory_limit_mib=1024)
    task.add_container(
        "app",
        image=ecs.ContainerImage.from_registry("public.ecr.aws/docker/library/python:3.13-slim"),
        environment={"DB_NAME": "orders", "LOG_LEVEL": "info"},
        logging=ecs.LogDrivers.aws_logs(stream_prefix=name),
    )
    service = ecs.FargateService(
        scope,
        f"{name}-service",
        cluster=cluster,
        task_definition=task,
        desired_count=2,
        min_healthy_percent=100,
        circuit_breaker=ecs.DeploymentCircuitBreaker(),
    )
    scaling = service.auto_scale_task_count(min_capacity=2, max_capacity=4)
    scaling.scale_on_cpu_utilization("Cpu", target_utilization_percent=60)
    return service


def build(app: cdk.App, count: int) -> tuple[Data, dict[str, ecs.FargateService]]:
    """Make the stacks."""
    data = Data(app)
    services = {}
    for first in range(0, count, SERVICES_PER_STACK):
        stack = cdk.Stack(app, f"Services{first // SERVICES_PER_STACK}")
        for index in range(first, min(count, first + SERVICES_PER_STACK)):
            name = f"service-{index}"
            services[name] = fargate_service(stack, name, data.cluster)
    return data, services


def imported(stopwatch: Stopwatch) -> "type[ConnectionBudget]":
    """The construct, its parts watched; an app without a budget does not import it."""
    with stopwatch.running("import"):
        from constructs_lib.cdk import ConnectionBudget
        from constructs_lib.cdk.plugin import Plugin
        from constructs_lib.cdk.wiring import Wiring
    stopwatch.watch(Wiring, "visit", "wiring")
    stopwatch.watch(Plugin, "validate", "plugin")
    return ConnectionBudget


def main() -> None:
    """Build, synthesize, print the measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("services", type=int)
    parser.add_argument("--budget", action="store_true")
    said = parser.parse_args()
    stopwatch = Stopwatch()
    connection_budget = imported(stopwatch) if said.budget else None
    context = json.loads(CDK_JSON.read_text())["context"]
    with tempfile.TemporaryDirectory() as folder:
        with stopwatch.running("construction"):
            app = cdk.App(outdir=folder, context=context)
            data, services = build(app, said.services)
            if connection_budget is not None:
                with stopwatch.running("declaring"):
                    budget = connection_budget(data, "Budget", database=data.database)
                    for name, service in services.items():
                        budget.add_service(name, service=service, processes_per_task=1)
        with stopwatch.running("synth"):
            app.synth()
    print(json.dumps(stopwatch.parts))


if __name__ == "__main__":
    main()
