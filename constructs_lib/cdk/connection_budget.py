"""The construct."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_rds as rds
from constructs import Construct

from constructs_lib.budget import schema
from constructs_lib.budget.database import Database as DatabaseEntry
from constructs_lib.budget.plan import plan
from constructs_lib.budget.proxy import Proxy
from constructs_lib.budget.schema import DocumentError
from constructs_lib.budget.variables import ENV_PREFIX
from constructs_lib.budget.workloads import KINDS
from constructs_lib.cdk.claims import claim
from constructs_lib.cdk.described_database import Database, check_database, check_declared, claim_server, names
from constructs_lib.cdk.described_proxy import check_imported, check_proxy
from constructs_lib.cdk.described_service import check_service, containers_of
from constructs_lib.cdk.facts_file import facts_by_endpoint, read_facts
from constructs_lib.cdk.ledger import READER, Ledger, Member
from constructs_lib.cdk.misuse import MisuseError, misuse
from constructs_lib.cdk.plugin import register
from constructs_lib.cdk.tokens import json_number
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

        Raises:
            MisuseError: An argument cannot be meant.
        """
        super().__init__(scope, construct_id)
        check_database(database, f"database of {self.node.path}")
        self._owner = f"ConnectionBudget {self.node.path}"
        self._home = cdk.Stack.of(self)
        self._written = Written()
        declared = _said(
            max_connections=json_number(max_connections, "max_connections"),
            reserved=_said(engine=engine_reserve, admin=admin_reserve) or None,
            engine=json_number(engine, "engine"),
            engine_version=json_number(engine_version, "engine_version"),
            instance_class=json_number(instance_class, "instance_class"),
            memory_bytes=memory_bytes,
        )
        check_declared(database, declared, self._owner)
        percent = json_number(proxy_max_connections_percent, "proxy_max_connections_percent")
        looked_up = facts_by_endpoint(read_facts(facts, self._owner), names(database), self._owner) if facts else {}
        self._ledger = Ledger(self.node.path, self._home, database, declared, percent, looked_up)
        self._database = database
        self._default_proxy = self._proxy_name(proxy, "the budget") if proxy is not None else None
        self._checked(
            lambda: DatabaseEntry.read(database.node.id, declared, "database"),
            "give it as the database's own documentation has it, or leave it out to have it read",
        )
        if percent is not None:
            check_imported(proxy, self._owner)
            self._checked(
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
        proxy: rds.IDatabaseProxy | Literal[False] | None = None,
        split: str | None = None,
        weight: int | None = None,
        pool_size: int | None = None,
        max_overflow: int | None = None,
        pool_timeout: int | None = None,
        env_prefix: str | None = None,
        containers: Sequence[str] | None = None,
        endpoint: str | None = None,
        iam_auth: bool | None = None,
        multiplexing: int | None = None,
        max_tasks: int | None = None,
        maximum_percent: int | None = None,
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
            pool_timeout: Seconds that a request waits for a connection. Left out: 30.
            env_prefix: The beginning of the variables' names. Left out: `DB_`.
            containers: Names of the containers that use the database. Left out: all of the task.
            endpoint: The endpoint of a cluster that is connected to: `writer` or `reader`. Left out: `writer`.
            iam_auth: Whether connections are made with IAM tokens, which makes pool_recycle at most 800 s.
            multiplexing: Clients that share a connection of the proxy. Left out: 1, as if every session were pinned.
            max_tasks: The most tasks that ever run, where it cannot be read; it never lowers what is read.
            maximum_percent: The deployment's maximumPercent, where it cannot be read; it never lowers what is read.

        Raises:
            MisuseError: An argument cannot be meant.
        """
        self._add_tasks(
            name,
            "service",
            service,
            containers,
            proxy,
            endpoint,
            env_prefix,
            processes=json_number(processes_per_task, "processes_per_task"),
            engines_per_process=engines_per_process,
            split=split,
            weight=weight,
            pool_size=pool_size,
            max_overflow=max_overflow,
            pool_timeout=pool_timeout,
            iam_auth=iam_auth,
            multiplexing=multiplexing,
            max_tasks=json_number(max_tasks, "max_tasks"),
            maximum_percent=json_number(maximum_percent, "maximum_percent"),
        )

    def add_celery_workers(
        self,
        name: str,
        *,
        service: ecs.BaseService,
        concurrency: int | None = None,
        pool: str | None = None,
        engines_per_process: int | None = None,
        proxy: rds.IDatabaseProxy | Literal[False] | None = None,
        pool_timeout: int | None = None,
        env_prefix: str | None = None,
        containers: Sequence[str] | None = None,
        endpoint: str | None = None,
        iam_auth: bool | None = None,
        max_tasks: int | None = None,
        maximum_percent: int | None = None,
    ) -> None:
        """Add a service of Celery workers; their connections are set aside before any share is divided.

        Args:
            name: The workload's name in the budget, and the application_name of its connections.
            service: A Fargate or EC2 service with a task definition in this app, one worker in each task.
            concurrency: The worker's `--concurrency`; with `--autoscale`, its maximum. Left out: read from the
                container's command.
            pool: The worker's `--pool`: prefork, threads, gevent, eventlet or solo. Left out: read from the container's
                command, else prefork.
            engines_per_process: See `add_service`, as for all that follow.
            proxy: See `add_service`.
            pool_timeout: See `add_service`.
            env_prefix: See `add_service`.
            containers: See `add_service`.
            endpoint: See `add_service`.
            iam_auth: See `add_service`.
            max_tasks: See `add_service`.
            maximum_percent: See `add_service`.

        Raises:
            MisuseError: An argument cannot be meant.
        """
        self._add_tasks(
            name,
            "celery",
            service,
            containers,
            proxy,
            endpoint,
            env_prefix,
            concurrency=json_number(concurrency, "concurrency"),
            pool=pool,
            engines_per_process=engines_per_process,
            pool_timeout=pool_timeout,
            iam_auth=iam_auth,
            max_tasks=json_number(max_tasks, "max_tasks"),
            maximum_percent=json_number(maximum_percent, "maximum_percent"),
        )

    def add_reservation(self, name: str, *, connections: int, endpoint: str | None = None) -> None:
        """Set connections aside for a client that is no service: a report, a cron job, another team.

        Args:
            name: The reservation's name in the budget.
            connections: How many.
            endpoint: See `add_service`.

        Raises:
            MisuseError: The name is taken, or the number is none.
        """
        entry = {"kind": "reserved", "database": self._ledger.name, "connections": connections}
        self._add(name, entry, endpoint)

    def _add_tasks(
        self,
        name: str,
        kind: str,
        service: ecs.BaseService,
        containers: Sequence[str] | None,
        proxy: rds.IDatabaseProxy | Literal[False] | None,
        endpoint: str | None,
        env_prefix: str | None,
        **said: object,
    ) -> None:
        check_service(service, f"workload {name!r} of {self._owner}")
        present = [container.container_name for container in containers_of(service)]
        if isinstance(containers, str):
            containers = [containers]
        if containers:
            containers = self._checked(lambda: schema.texts(containers, "containers"), "give a list of names", name)
        if containers is not None and not containers:
            raise MisuseError(
                f"containers must be names of containers that the task has, got none (workload {name!r} of"
                f" {self._owner}); leave it out where all of them use the database"
            )
        if containers is not None and (missing := sorted(set(containers) - set(present))):
            raise MisuseError(
                f"containers must be names of containers that the task has, got {missing[0]!r} (workload {name!r} of"
                f" {self._owner}); the task has {', '.join(present) or 'none yet'}: add the container first"
            )
        if proxy and endpoint == READER:
            raise MisuseError(
                f"proxy must be left out where endpoint is 'reader', got {proxy.node.path} (workload {name!r} of"
                f" {self._owner}); a proxy's own endpoint leads to the writer: plan it without endpoint"
            )
        if proxy is False or (proxy is None and endpoint == READER):
            route = None  # a proxy's default endpoint leads to the writer
        else:
            route = self._default_proxy if proxy is None else self._proxy_name(proxy, name)
        entry = {
            "kind": kind,
            **({"proxy": route} if route else {"database": self._ledger.name}),
            **_said(env_prefix=env_prefix, **said),
        }
        self._add(name, entry, endpoint, service, containers)
        try:
            for container in dict.fromkeys(containers or present):
                claim(
                    service.task_definition,
                    f"{env_prefix or ENV_PREFIX}* of container {container!r} of {service.task_definition.node.path}",
                    f"{self.node.path} ({name})",
                    "give the second service a task definition of its own, or the second pool of one service an"
                    " env_prefix, or containers, of its own",
                )
        except MisuseError:
            del self._ledger.members[name]
            raise

    def _add(
        self,
        name: str,
        entry: Mapping[str, object],
        endpoint: str | None,
        service: ecs.BaseService | None = None,
        containers: Sequence[str] | None = None,
    ) -> None:
        where = f"workload {name!r} of {self._owner}"
        self._checked(lambda: schema.text(name, "name"), "give the workload a name that tells it from the others")
        if cdk.Token.is_unresolved(name):
            raise MisuseError(f"name must be known at synth, got a token ({self._owner}); write the name out")
        if name in self._ledger.members:
            raise MisuseError(
                f"name must be new in its budget, got {name!r} again ({self._owner}); give each its own name"
            )
        if endpoint not in {None, "writer", READER}:
            raise MisuseError(
                f"endpoint must be 'writer' or 'reader', got {endpoint!r} ({where}); leave it out for the writer"
            )
        kind = KINDS[str(entry["kind"])]
        declared = self._checked(
            lambda: kind.read(name, entry, where), "see the method's docstring for what the argument means", name
        )
        self._ledger.members[name] = Member(
            declared=declared, endpoint=endpoint or "writer", service=service, containers=containers
        )

    def _checked(self, read: Callable[[], Any], change: str, name: str | None = None) -> Any:
        try:
            return read()
        except DocumentError as error:
            raise misuse(error, f"workload {name!r} of {self._owner}" if name else self._owner, change) from None

    def _proxy_name(self, proxy: rds.IDatabaseProxy, where: str) -> str:
        check_proxy(proxy, self._database, f"proxy of {where}, {self._owner}")
        return self._ledger.proxy_name(proxy)

    def _wire(self) -> None:
        document = self._ledger.document()
        variables = plan(document).environments()
        for name, member in self._ledger.members.items():
            for container in member.wired_containers():
                self._written.put(container, variables[name])
        write_document(document, self.node.path, self._home)


def _said(**keywords: object) -> dict[str, object]:
    """The keywords that were given."""
    return {key: value for key, value in keywords.items() if value is not None}
