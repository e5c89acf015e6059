"""Databases of the CDK in the budget document's terms."""

from collections.abc import Mapping, Sequence
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_rds as rds
from constructs import IConstruct

from constructs_lib.budget.database import Database as DatabaseEntry
from constructs_lib.budget.schema import plain
from constructs_lib.cdk.claims import claim, claims
from constructs_lib.cdk.located import located
from constructs_lib.cdk.misuse import MisuseError
from constructs_lib.cdk.notes import notes
from constructs_lib.cdk.tokens import properties
from constructs_lib.limits import Unknown, limit_of
from constructs_lib.template.databases import database_facts, instance_class
from constructs_lib.template.intrinsics import references, text
from constructs_lib.template.template import Template

CLASS = ("DBInstanceClass",)
INSTANCE = (
    "DBInstanceClass",
    "Engine",
    "EngineVersion",
    "DBParameterGroupName",
    "SourceDBInstanceIdentifier",
)
CLUSTER = (
    "DBClusterInstanceClass",
    "Engine",
    "EngineVersion",
    "DBClusterParameterGroupName",
    "ServerlessV2ScalingConfiguration",
)

Database = rds.IDatabaseInstance | rds.IDatabaseCluster | rds.CfnDBInstance | rds.CfnDBCluster


def claim_server(database: Database, by: str) -> None:
    """Note that a server has its budget; raises MisuseError where it has one already, if only under another construct.

    RDS compares identifiers without regard to case. An account or region that is not known may be any.
    """
    change = "add the workloads to that budget: one server has one sum"
    claim(database.node.root, f"database {_path_of(_server(database) or database)}", by, change)
    identifier = _identifier(database)
    if identifier is None:
        return
    stack, stage = cdk.Stack.of(database), cdk.Stage.of(database)
    kind = "cluster" if hasattr(database, "cluster_identifier") else "instance"
    within = f" of stage {stage.node.path}" if stage and stage.node.path else ""
    what = f"database {kind} {identifier.lower()}{within} in "
    here = ["any" if cdk.Token.is_unresolved(value) else value for value in (stack.account, stack.region)]
    known = [item for item in claims(notes(database.node.root)) if item.startswith(what)]
    same = (item for item in known if _may_be_same(item.removeprefix(what).split("/"), here))
    claim(database.node.root, next(same, what + "/".join(here)), by, change)


def _server(database: Database) -> IConstruct | None:
    """The level 1 construct behind a database, for an instance of a cluster the cluster's; None for another app's.

    An imported database may have been given the identifier of one of this app, as a token.
    """
    own = [item for item in database.node.find_all() if isinstance(item, (rds.CfnDBInstance, rds.CfnDBCluster))]
    named = [getattr(database, "cluster_identifier", None), getattr(database, "instance_identifier", None)]
    targets = [_target(name) for name in named if isinstance(name, str)]
    known = [item for item in (*own, *targets) if isinstance(item, (rds.CfnDBInstance, rds.CfnDBCluster))]
    cluster = next((item for item in known if isinstance(item, rds.CfnDBCluster)), None)
    if cluster is not None or not known:
        return cluster
    belongs = _target(known[0].db_cluster_identifier) if isinstance(known[0], rds.CfnDBInstance) else None
    return belongs if isinstance(belongs, rds.CfnDBCluster) else known[0]


def _path_of(server: IConstruct) -> str:
    """The path of the construct that people know: without the CDK's own id for its one resource."""
    return str(server.node.path).removesuffix("/Resource")


def _may_be_same(there: Sequence[str], here: Sequence[str]) -> bool:
    return all("any" in (one, other) or one == other for one, other in zip(there, here, strict=True))


def names(database: Database) -> tuple[str, ...]:
    """What a database may be called in a facts file: its construct id, and its identifier if that is a plain name."""
    identifier = _identifier(database)
    return (database.node.id, identifier) if identifier is not None else (database.node.id,)


def _identifier(database: Database) -> str | None:
    named = [getattr(database, "instance_identifier", None), getattr(database, "cluster_identifier", None)]
    child = database if isinstance(database, cdk.CfnResource) else database.node.default_child
    if isinstance(child, rds.CfnDBInstance):
        named.append(child.db_instance_identifier)
    if isinstance(child, rds.CfnDBCluster):
        named.append(child.db_cluster_identifier)
    known = [name for name in named if isinstance(name, str) and name and not cdk.Token.is_unresolved(name)]
    return next(iter(known), None)


def read_entries(database: Database, home: cdk.Stack) -> dict[str, dict[str, Any]]:
    """What can be read of a database's servers when the synth ends, as JSON by endpoint.

    A cluster has a `writer`, and a `reader` where it has readers: the smallest of them, for its endpoint may send every
    connection to one. The same reader is what a failover may promote.
    """
    instances = [item for item in database.node.find_all() if isinstance(item, rds.CfnDBInstance)]
    cluster = next((item for item in database.node.find_all() if isinstance(item, rds.CfnDBCluster)), None)
    if not instances:
        if cluster is None:
            return {"writer": _engine(database)}
        # a Multi-AZ DB cluster: one writer and two readers, all of the cluster's class
        return dict.fromkeys(("writer", "reader"), _entry(database, cluster, None, home))
    writer, *readers = (_entry(database, instance, cluster, home) for instance in instances)
    if not readers:
        return {"writer": writer}
    smallest = min(readers, key=_limit)
    writer |= {
        "failover_class": smallest["instance_class"],
        "failover": smallest["resource"],
        "readers": len(readers),
    }
    return {"writer": writer, "reader": smallest}


def readers_of(database: Database) -> int:
    """How many readers a cluster has; a Multi-AZ DB cluster, which has no instances of its own, has two."""
    found = list(database.node.find_all())
    instances = sum(isinstance(item, rds.CfnDBInstance) for item in found)
    multi_az = not instances and any(isinstance(item, rds.CfnDBCluster) for item in found)
    return 2 if multi_az else max(0, instances - 1)


def check_endpoint(database: Database, endpoint: object, where: str) -> None:
    """Raise MisuseError for an endpoint that the database cannot have."""
    if endpoint not in {None, "writer", "reader"}:
        raise MisuseError(
            f"endpoint must be 'writer' or 'reader', got {endpoint!r} ({where}); leave it out for the writer"
        )
    of_cluster = isinstance(database, rds.CfnDBCluster) or hasattr(database, "cluster_identifier")
    if endpoint == "reader" and not of_cluster:
        raise MisuseError(
            f"endpoint must be left out or 'writer' where the database is an instance, got 'reader' ({where}); leave it"
            " out, or give the read replica, or the cluster, a budget and add the workload there"
        )


def check_database(database: object, owner: str) -> None:
    """Raise MisuseError for anything that is no database of aws_rds."""
    of_level_1 = isinstance(database, cdk.CfnResource) and not isinstance(
        database, (rds.CfnDBInstance, rds.CfnDBCluster)
    )
    if of_level_1 or not hasattr(database, "engine") or not hasattr(database, "node"):
        raise MisuseError(
            f"database must be an instance or a cluster of aws_rds, got {type(database).__name__} ({owner}); "
            "pass the construct, or one made by from_database_instance_attributes or from_database_cluster_attributes"
        )


def check_declared(database: Database, declared: Mapping[str, object], owner: str) -> None:
    """Raise MisuseError where a keyword contradicts what the database itself says."""
    instance = next((item for item in database.node.find_all() if isinstance(item, rds.CfnDBInstance)), None)
    read = _engine(database) | (
        {} if instance is None else {"instance_class": instance_class(properties(instance, *CLASS))}
    )
    for key, value in read.items():
        said = declared.get(key)
        more_exact = key == "engine_version" and str(said).startswith(f"{value}.")  # 16.8 where RDS chooses the minor
        if said is not None and isinstance(value, str) and said != value and not more_exact:
            raise MisuseError(
                f"{key} must be what the database has, got {said!r} where it has {value!r} ({owner});"
                " leave it out: it is read"
            )


def _entry(
    database: Database,
    instance: rds.CfnDBInstance | rds.CfnDBCluster,
    cluster: rds.CfnDBCluster | None,
    home: cdk.Stack,
) -> dict[str, Any]:
    own, of_cluster = properties(instance, *INSTANCE, *CLUSTER), properties(cluster, *CLUSTER) if cluster else {}
    source = _source(instance, own)
    if source is not None:  # a replica has its source's engine, and its parameter group where it has none of its own
        own = {**properties(source, "Engine", "EngineVersion", "DBParameterGroupName"), **own}
    inherits = source is not None and not getattr(instance, "db_parameter_group_name", None)
    groups = _parameter_groups([source if inherits else instance, cluster])
    group = next(iter(groups), None)
    resources = {"Cluster": of_cluster}
    for item in groups:
        resources[str(cdk.Stack.of(item).resolve(item.logical_id))] = properties(item, "Parameters")
    template = Template({"Resources": {name: {"Type": name, "Properties": item} for name, item in resources.items()}})
    belongs = {"DBClusterIdentifier": {"Ref": "Cluster"}} if cluster else {}
    facts = database_facts(template, {**own, **belongs}, None if group is None else properties(group, "Parameters"))
    entry = _engine(database) | {key: plain(value) for key, value in facts.items() if value is not None}
    entry["resource"] = located(instance, home)
    if group is not None:
        entry["parameter_group"] = located(group, home)
    return entry


def _limit(entry: Mapping[str, Any]) -> int:
    """What a server accepts, for comparison; an unknown limit is the lowest of all."""
    known = {key: value for key, value in entry.items() if key not in {"resource", "parameter_group"}}
    limit = limit_of(DatabaseEntry.read("reader", known, "reader").server)
    return 0 if isinstance(limit, Unknown) else limit.max_connections


def _engine(database: Database) -> dict[str, Any]:
    """The engine as the construct names it, also of an imported database that was given one."""
    engine = database.engine
    if engine is None or isinstance(engine, str):  # a level 1 construct's engine is among its properties
        return {}
    version = engine.engine_version.full_version if engine.engine_version is not None else None
    named = {"engine": engine.engine_type, "engine_version": version}
    resolved = {key: cdk.Stack.of(database).resolve(value) for key, value in named.items() if value is not None}
    return {key: plain(text(value, key)) for key, value in resolved.items()}


def _source(replica: cdk.CfnResource, own: dict[str, Any]) -> rds.CfnDBInstance | None:
    """The instance that a replica copies; it alone names the engine."""
    wanted = set(references(own.get("SourceDBInstanceIdentifier")))
    candidates = replica.node.root.node.find_all() if wanted else []
    instances = [item for item in candidates if isinstance(item, rds.CfnDBInstance)]
    return next((item for item in instances if cdk.Stack.of(item).resolve(item.logical_id) in wanted), None)


def _parameter_groups(owners: Sequence[cdk.CfnResource | None]) -> list[cdk.CfnResource]:
    """The parameter groups that are constructs of the app, first the one that sets max_connections, if any does."""
    names = [
        owner.db_parameter_group_name
        if isinstance(owner, rds.CfnDBInstance)
        else getattr(owner, "db_cluster_parameter_group_name", None)
        for owner in owners
    ]
    targets = [_target(name) for name in names if isinstance(name, str)]
    groups = [item for item in targets if isinstance(item, (rds.CfnDBParameterGroup, rds.CfnDBClusterParameterGroup))]
    return sorted(
        groups, key=lambda item: "max_connections" not in (properties(item, "Parameters").get("Parameters") or {})
    )


def _target(value: str | None) -> IConstruct | None:
    """The construct that a token refers to."""
    if value is None or not cdk.Token.is_unresolved(value):
        return None
    token = cdk.Tokenization.reverse_string(value).first_token
    return getattr(token, "target", None)
