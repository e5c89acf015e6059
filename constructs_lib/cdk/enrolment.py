"""How a workload comes into a budget: what is checked, and what is noted."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_rds as rds

from constructs_lib.budget import schema
from constructs_lib.budget.schema import DocumentError
from constructs_lib.budget.variables import ENV_PREFIX
from constructs_lib.budget.workloads import KINDS
from constructs_lib.cdk.claims import claim
from constructs_lib.cdk.described_database import Database, check_endpoint
from constructs_lib.cdk.described_proxy import check_proxy
from constructs_lib.cdk.described_service import containers_of
from constructs_lib.cdk.ledger import READER, Ledger
from constructs_lib.cdk.member import Member, Runnable
from constructs_lib.cdk.misuse import MisuseError, misuse

ProxyChoice = rds.IDatabaseProxy | Literal[False] | None
"""A proxy, none, or the budget's own."""


class Enrolment:
    """Checks every workload of one budget against what is there, and notes it in the ledger."""

    def __init__(self, ledger: Ledger, database: Database, path: str) -> None:
        self._ledger = ledger
        self._database = database
        self._path = path
        self._owner = f"ConnectionBudget {path}"
        self._default_proxy: str | None = None

    def default_proxy(self, proxy: rds.IDatabaseProxy) -> None:
        """Note the proxy of every workload that does not say otherwise."""
        self._default_proxy = self._proxy_name(proxy, "the budget")

    def run(
        self,
        name: str,
        kind: str,
        runs: Runnable,
        *,
        containers: Sequence[str] | None = None,
        proxy: ProxyChoice = None,
        endpoint: str | None = None,
        env_prefix: str | None = None,
        **given: object,
    ) -> None:
        """Add a workload that holds pools."""
        definition = runs.task_definition if isinstance(runs, ecs.BaseService) else runs
        present: list[str] = []
        if isinstance(definition, ecs.TaskDefinition):
            present = [container.container_name for container in containers_of(definition)]
            containers = self._containers(name, containers, present)
        entry = {
            "kind": kind,
            **self._route(name, proxy, endpoint),
            **said(env_prefix=env_prefix, **given),
        }
        self.add(name, entry, endpoint, runs, containers)
        prefix, path = env_prefix or ENV_PREFIX, definition.node.path
        held = [f"container {container!r} of {path}" for container in dict.fromkeys(containers or present)]
        try:
            for holder in held if isinstance(definition, ecs.TaskDefinition) else [f"function {path}"]:
                claim(
                    definition,
                    f"{prefix}* of {holder}",
                    f"{self._path} ({name})",
                    "give the second service a task definition of its own, or the second pool of one service an"
                    " env_prefix, or containers, of its own",
                )
        except MisuseError:
            del self._ledger.members[name]
            raise

    def add(
        self,
        name: str,
        entry: Mapping[str, object],
        endpoint: str | None,
        runs: Runnable | None = None,
        containers: Sequence[str] | None = None,
        reserved_for: cdk.CfnElement | None = None,
    ) -> None:
        """Add a workload of any kind, by its entry in the document."""
        where = f"workload {name!r} of {self._owner}"
        self.checked(lambda: schema.text(name, "name"), "give the workload a name that tells it from the others")
        if cdk.Token.is_unresolved(name):
            raise MisuseError(f"name must be known at synth, got a token ({self._owner}); write the name out")
        if name in self._ledger.members:
            raise MisuseError(
                f"name must be new in its budget, got {name!r} again ({self._owner}); give each its own name"
            )
        check_endpoint(self._database, endpoint, where)
        definition = runs.task_definition if isinstance(runs, ecs.BaseService) else runs
        kind = KINDS[str(entry["kind"])]
        declared = self.checked(
            lambda: kind.read(name, entry, where), "see the method's docstring for what the argument means", name
        )
        self._ledger.members[name] = Member(
            declared=declared,
            endpoint=endpoint or "writer",
            runs=runs,
            task_definition=definition if isinstance(definition, ecs.TaskDefinition) else None,
            containers=containers,
            reserved_for=reserved_for,
        )

    def checked(self, read: Callable[[], Any], change: str, name: str | None = None) -> Any:
        """What `read` gives; the document's complaint becomes one about keywords."""
        try:
            return read()
        except DocumentError as error:
            raise misuse(error, f"workload {name!r} of {self._owner}" if name else self._owner, change) from None

    def _containers(self, name: str, containers: Sequence[str] | None, present: Sequence[str]) -> Sequence[str] | None:
        where = f"workload {name!r} of {self._owner}"
        if isinstance(containers, str):
            containers = [containers]
        if containers:
            containers = self.checked(lambda: schema.texts(containers, "containers"), "give a list of names", name)
        if containers is not None and not containers:
            raise MisuseError(
                f"containers must be names of containers that the task has, got none ({where}); leave it out where all"
                " of them use the database"
            )
        if containers is not None and (missing := sorted(set(containers) - set(present))):
            raise MisuseError(
                f"containers must be names of containers that the task has, got {missing[0]!r} ({where}); the task has"
                f" {', '.join(present) or 'none yet'}: add the container first"
            )
        return containers

    def _route(self, name: str, proxy: ProxyChoice, endpoint: str | None) -> dict[str, str]:
        """Where the connections go: a proxy's default endpoint leads to the writer."""
        reader = endpoint == READER
        if proxy:
            return {"proxy": self._proxy_name(proxy, name, reader=reader)}
        if proxy is False or reader or self._default_proxy is None:
            return {"database": self._ledger.name}
        return {"proxy": self._default_proxy}

    def _proxy_name(self, proxy: rds.IDatabaseProxy, where: str, *, reader: bool = False) -> str:
        check_proxy(proxy, self._database, f"proxy of {where}, {self._owner}")
        return self._ledger.proxy_name(proxy, reader=reader)


def said(**keywords: object) -> dict[str, object]:
    """The keywords that were given."""
    return {key: value for key, value in keywords.items() if value is not None}
