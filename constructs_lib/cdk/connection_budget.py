"""The construct."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_rds as rds
from constructs import Construct, IConstruct

from constructs_lib.budget.database import Database as DatabaseEntry
from constructs_lib.budget.plan import plan
from constructs_lib.budget.proxy import Proxy
from constructs_lib.cdk.deployed_file import read_deployed
from constructs_lib.cdk.described_client import l1_client
from constructs_lib.cdk.described_database import Database, check_database, check_declared, claim_server, names
from constructs_lib.cdk.described_function import check_function
from constructs_lib.cdk.described_proxy import check_imported
from constructs_lib.cdk.described_service import check_service
from constructs_lib.cdk.described_task import check_task_definition
from constructs_lib.cdk.enrolment import Enrolment, ProxyChoice, said
from constructs_lib.cdk.facts_file import facts_by_endpoint, read_facts
from constructs_lib.cdk.ledger import Ledger
from constructs_lib.cdk.plugin import register
from constructs_lib.cdk.tokens import json_number, known_number
from constructs_lib.cdk.wiring import Wiring, Written, write_document


class ConnectionBudget(Construct):
    """The connections of one database server, shared among everything that connects to it.

    When the synth ends, the budget reads the database, the proxy and the services as they then are, sizes every pool,
    writes the sizes into the containers, and puts its document into the template's metadata. Its validation plugin,
    registered once in an app, reads the finished templates again, prints the budget on stderr, and fails the synth
    when it cannot be kept.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        database: Database,
        proxy: rds.IDatabaseProxy | None = None,
        max_connections: int | str | None = None,
        engine_reserve: int | None = None,
        admin_reserve: int | None = None,
        engine: str | None = None,
        engine_version: str | None = None,
        instance_class: str | None = None,
        memory_bytes: int | None = None,
        facts: str | Path | None = None,
        proxy_max_connections_percent: int | None = None,
        deployed: str | Path | None = None,
    ) -> None:
        """Open a budget for a database.

        Args:
            scope: The construct that the budget belongs to; its stack's template holds the budget document.
            construct_id: The budget's id in that scope.
            database: An instance, a cluster or a read replica; or an imported one with what cannot be read of it;
                or a level 1 construct, such as a Multi-AZ DB cluster.
            proxy: The RDS Proxy that the workloads connect through unless they say otherwise.
            max_connections: What `SHOW max_connections` says, or an RDS formula. Left out: read from the parameter
                group, or computed from the instance class.
            engine_reserve: Slots the engine keeps back. Left out: what the engine's version documents.
            admin_reserve: Connections for migrations, psql and monitoring. Left out: 10.
            engine: The engine of an imported database, such as `postgres`.
            engine_version: Its version, such as `16.4`.
            instance_class: Its class, such as `db.r6g.large`.
            memory_bytes: The memory of a class that is newer than this package's table.
            facts: The file that `connection-budget lookup` wrote, relative to the app's folder.
            proxy_max_connections_percent: The MaxConnectionsPercent of an imported proxy.
            deployed: The file with the budget that is deployed now, as a document or in its template, relative to the
                app's folder: old and new tasks then have to fit together. Left out: only the new budget is checked.

        Raises:
            MisuseError: An argument cannot be meant.
        """
        super().__init__(scope, construct_id)
        check_database(database, f"database of {self.node.path}")
        self._owner = f"ConnectionBudget {self.node.path}"
        self._home = cdk.Stack.of(self)
        self._written = Written()
        declared = said(
            max_connections=json_number(max_connections, "max_connections"),
            reserved=said(engine=engine_reserve, admin=admin_reserve) or None,
            engine=json_number(engine, "engine"),
            engine_version=json_number(engine_version, "engine_version"),
            instance_class=json_number(instance_class, "instance_class"),
            memory_bytes=memory_bytes,
        )
        check_declared(database, declared, self._owner)
        percent = json_number(proxy_max_connections_percent, "proxy_max_connections_percent")
        found = None if facts is None else read_facts(facts, self._owner)
        looked_up = {} if found is None else facts_by_endpoint(found, names(database), self._owner)
        self._ledger = Ledger(self.node.path, self._home, database, declared, percent, looked_up)
        self._deployed = read_deployed(deployed, self._owner) if deployed is not None else None
        self._enrolment = Enrolment(self._ledger, database, self.node.path)
        if proxy is not None:
            self._enrolment.default_proxy(proxy)
        self._enrolment.checked(
            lambda: DatabaseEntry.read(database.node.id, declared, "database"),
            "give it as the database's own documentation has it, or leave it out to have it read",
        )
        if percent is not None:
            check_imported(proxy, self._owner)
            self._enrolment.checked(
                lambda: Proxy.read("proxy", {"database": "any", "max_connections_percent": percent}, "proxy"),
                "give it as the proxy's target group has it",
            )
        claim_server(database, self.node.path)
        cdk.Aspects.of(self).add(Wiring(self._wire), priority=cdk.AspectPriority.MUTATING)
        register(self)

    def add_service(
        self,
        name: str,
        *,
        service: ecs.BaseService,
        processes_per_task: int | None = None,
        engines_per_process: int | None = None,
        proxy: ProxyChoice = None,
        split: str | None = None,
        weight: int | None = None,
        pool_size: int | None = None,
        max_overflow: int | None = None,
        largest_pool: int | None = None,
        pool_timeout: int | None = None,
        pool_recycle: int | None = None,
        idle_timeout: int | None = None,
        request_timeout: int | None = None,
        env_prefix: str | None = None,
        containers: Sequence[str] | None = None,
        endpoint: str | None = None,
        iam_auth: bool | None = None,
        multiplexing: int | None = None,
        max_tasks: int | None = None,
        maximum_percent: int | None = None,
        task_sets: int | None = None,
    ) -> None:
        """Add a service whose processes hold connection pools.

        Args:
            name: The workload's name in the budget, and the application_name of its connections.
            service: A Fargate or EC2 service with a task definition in this app.
            processes_per_task: Worker processes of one task, each with pools of its own. Left out: read from the
                container's command (gunicorn, uvicorn, …) or WEB_CONCURRENCY; else 1, marked assumed.
            engines_per_process: SQLAlchemy engines that each process makes. Left out: 1.
            proxy: The proxy that the service connects through; False for none. Left out: the budget's.
            split: How a pool's share is divided, pool_size/max_overflow in per cent. Left out: 70/30; 60/40 suits
                batches, 80/20 short transactions.
            weight: The share of one of its pools relative to those of other services. Left out: 1.
            pool_size: With max_overflow, a fixed pool: checked against the budget rather than chosen.
            max_overflow: See pool_size.
            largest_pool: The most connections that a chosen pool gets. Left out: its share; 15 at Aurora Serverless v2.
            pool_timeout: Seconds that a request waits for a connection. Left out: 30.
            pool_recycle: Seconds after which a connection is replaced, fixed: checked rather than chosen.
            idle_timeout: Seconds after which something on the way, such as a Network Load Balancer, drops an idle
                connection; the chosen pool_recycle stays below.
            request_timeout: Seconds after which whoever waits for an answer has gone. Left out: the idle timeout of the
                load balancer in the service's template.
            env_prefix: The beginning of the variables' names. Left out: `DB_`.
            containers: Names of the containers that use the database. Left out: all of the task.
            endpoint: The endpoint of a cluster that is connected to: `writer` or `reader`. Left out: `writer`. With a
                proxy of its own, `reader` means the proxy's read-only endpoint.
            iam_auth: Whether connections are made with IAM tokens, which makes pool_recycle at most 800 s.
            multiplexing: Clients that share a connection of the proxy. Left out: 1, as if every session were pinned.
            max_tasks: The most tasks that ever run, where it cannot be read; it never lowers what is read.
            maximum_percent: The deployment's maximumPercent, where it cannot be read; it never lowers what is read.
            task_sets: Task sets that run at once, where the deployment controller is EXTERNAL.

        Raises:
            MisuseError: An argument cannot be meant.
        """
        check_service(service, f"workload {name!r} of {self._owner}")
        self._enrolment.run(
            name,
            "service",
            service,
            containers=containers,
            proxy=proxy,
            endpoint=endpoint,
            env_prefix=env_prefix,
            processes=json_number(processes_per_task, "processes_per_task"),
            engines_per_process=engines_per_process,
            split=split,
            weight=weight,
            pool_size=pool_size,
            max_overflow=max_overflow,
            largest_pool=largest_pool,
            pool_timeout=pool_timeout,
            pool_recycle=pool_recycle,
            idle_timeout=idle_timeout,
            request_timeout=request_timeout,
            iam_auth=iam_auth,
            multiplexing=multiplexing,
            max_tasks=json_number(max_tasks, "max_tasks"),
            maximum_percent=json_number(maximum_percent, "maximum_percent"),
            task_sets=task_sets,
        )

    def add_celery_workers(
        self,
        name: str,
        *,
        service: ecs.BaseService,
        concurrency: int | None = None,
        pool: str | None = None,
        result_backend: bool | None = None,
        extra_connections: int | None = None,
        engines_per_process: int | None = None,
        proxy: ProxyChoice = None,
        pool_timeout: int | None = None,
        pool_recycle: int | None = None,
        idle_timeout: int | None = None,
        env_prefix: str | None = None,
        containers: Sequence[str] | None = None,
        endpoint: str | None = None,
        iam_auth: bool | None = None,
        max_tasks: int | None = None,
        maximum_percent: int | None = None,
        task_sets: int | None = None,
    ) -> None:
        """Add a service of Celery workers; their connections are set aside before any share is divided.

        Args:
            name: See `add_service`, as for every argument that is not explained here.
            service: A Fargate or EC2 service with a task definition in this app, one worker in each task.
            concurrency: The worker's `--concurrency`; with `--autoscale`, its maximum. Left out: read from the
                container's command.
            pool: The worker's `--pool`: prefork, threads, gevent, eventlet or solo. Left out: read from the container's
                command, else prefork.
            result_backend: Whether results are stored in this database, over a connection more for each job at once.
            extra_connections: Connections of each worker beside its pools: an embedded beat with a database scheduler,
                flower, another program in its container. Left out: 1 where the command has an embedded beat, unknown
                where it starts another program at the same time, else none. A web server is never one of them:
                `add_service` counts every process of a container.
            engines_per_process: See `add_service`, as for all that follow.

        Raises:
            MisuseError: An argument cannot be meant.
        """
        check_service(service, f"workload {name!r} of {self._owner}")
        self._enrolment.run(
            name,
            "celery",
            service,
            containers=containers,
            proxy=proxy,
            endpoint=endpoint,
            env_prefix=env_prefix,
            concurrency=json_number(concurrency, "concurrency"),
            pool=pool,
            result_backend=result_backend,
            extra_connections=extra_connections,
            engines_per_process=engines_per_process,
            pool_timeout=pool_timeout,
            pool_recycle=pool_recycle,
            idle_timeout=idle_timeout,
            iam_auth=iam_auth,
            max_tasks=json_number(max_tasks, "max_tasks"),
            maximum_percent=json_number(maximum_percent, "maximum_percent"),
            task_sets=task_sets,
        )

    def add_task(
        self,
        name: str,
        *,
        task_definition: ecs.TaskDefinition,
        tasks: int | None = None,
        overlap: int | None = None,
        processes_per_task: int | None = None,
        engines_per_process: int | None = None,
        proxy: ProxyChoice = None,
        split: str | None = None,
        weight: int | None = None,
        pool_size: int | None = None,
        max_overflow: int | None = None,
        largest_pool: int | None = None,
        pool_timeout: int | None = None,
        pool_recycle: int | None = None,
        idle_timeout: int | None = None,
        env_prefix: str | None = None,
        containers: Sequence[str] | None = None,
        endpoint: str | None = None,
        iam_auth: bool | None = None,
        multiplexing: int | None = None,
    ) -> None:
        """Add tasks that no service keeps running: a cron job, a migration, whatever an event or a person starts.

        Args:
            name: See `add_service`, as for every argument that is not explained here.
            task_definition: What is run; of an ecs_patterns construct, its `.task_definition`.
            tasks: Tasks of one run. Left out: the sum over the rules and schedules of its stack that run it; else 1.
            overlap: Runs at once, where one can begin before the one before has ended. Left out: 1, marked assumed;
                unknown where events, a state machine or a pipe start it, which is an error.

        Raises:
            MisuseError: An argument cannot be meant.
        """
        check_task_definition(task_definition, f"workload {name!r} of {self._owner}")
        self._enrolment.run(
            name,
            "task",
            task_definition,
            containers=containers,
            proxy=proxy,
            endpoint=endpoint,
            env_prefix=env_prefix,
            tasks=json_number(tasks, "tasks"),
            overlap=json_number(overlap, "overlap"),
            processes=json_number(processes_per_task, "processes_per_task"),
            engines_per_process=engines_per_process,
            split=split,
            weight=weight,
            pool_size=pool_size,
            max_overflow=max_overflow,
            largest_pool=largest_pool,
            pool_timeout=pool_timeout,
            pool_recycle=pool_recycle,
            idle_timeout=idle_timeout,
            iam_auth=iam_auth,
            multiplexing=multiplexing,
        )

    def add_function(
        self,
        name: str,
        *,
        function: lambda_.Function,
        reserved_concurrency: int | None = None,
        engines_per_process: int | None = None,
        proxy: ProxyChoice = None,
        split: str | None = None,
        weight: int | None = None,
        pool_size: int | None = None,
        max_overflow: int | None = None,
        largest_pool: int | None = None,
        pool_timeout: int | None = None,
        pool_recycle: int | None = None,
        idle_timeout: int | None = None,
        env_prefix: str | None = None,
        endpoint: str | None = None,
        iam_auth: bool | None = None,
        multiplexing: int | None = None,
    ) -> None:
        """Add a Lambda function, each of whose execution environments holds pools of its own.

        Args:
            name: See `add_service`, as for every argument that is not explained here.
            function: The function; it needs a reserved concurrency, for without one its environments have no bound.
            reserved_concurrency: Where the function's own cannot be read; it never lowers what is read.
            engines_per_process: SQLAlchemy engines that each environment makes. Left out: 1.
            pool_size: See `add_service`; an environment serves one request at a time, so 1 and 0 suit most functions.

        Raises:
            MisuseError: An argument cannot be meant.
        """
        check_function(function, f"workload {name!r} of {self._owner}")
        self._enrolment.run(
            name,
            "function",
            function,
            proxy=proxy,
            endpoint=endpoint,
            env_prefix=env_prefix,
            reserved_concurrency=json_number(reserved_concurrency, "reserved_concurrency"),
            engines_per_process=engines_per_process,
            split=split,
            weight=weight,
            pool_size=pool_size,
            max_overflow=max_overflow,
            largest_pool=largest_pool,
            pool_timeout=pool_timeout,
            pool_recycle=pool_recycle,
            idle_timeout=idle_timeout,
            iam_auth=iam_auth,
            multiplexing=multiplexing,
        )

    def add_reservation(
        self, name: str, *, connections: int, client: IConstruct | None = None, endpoint: str | None = None
    ) -> None:
        """Set connections aside for a client that is no service: a report, a cron job, another team.

        Args:
            name: The reservation's name in the budget.
            connections: How many.
            client: What they are for, where this app defines it: it is then no client without a budget, and the number
                is taken at your word whatever it runs, even of a service.
            endpoint: See `add_service`.

        Raises:
            MisuseError: The name is taken, the number is none, or the client is no resource.
        """
        where = f"workload {name!r} of ConnectionBudget {self.node.path}"
        number = known_number(connections, "connections", where)
        entry = {"kind": "reserved", "database": self._ledger.name, "connections": number}
        resource = None if client is None else l1_client(client, where)
        self._enrolment.add(name, entry, endpoint, reserved_for=resource)

    def _wire(self) -> None:
        document = replace(self._ledger.document(), deployed=self._deployed)
        variables = plan(document).environments()
        for name, member in self._ledger.members.items():
            for holder in member.wired():
                self._written.put(holder, variables[name])
        write_document(document, self.node.path, self._home)
