"""`connection-budget lookup`."""

import os
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import click

from constructs_lib.cli.unusable import unusable
from constructs_lib.limits.facts import Facts, ServerFacts
from constructs_lib.lookups.failure import LookupFailedError

_VARIABLE = "DATABASE_URL"


@click.command()
@click.option("--db-instance", metavar="ID", help="Ask AWS about a DB instance.")
@click.option("--db-cluster", metavar="ID", help="Ask AWS about the writer and the readers of a DB cluster.")
@click.option(
    "--from-server",
    metavar="[URL]",
    is_flag=False,
    flag_value=_VARIABLE,
    help=f"Ask the PostgreSQL or MySQL server itself. Without a URL, {_VARIABLE} has it: there nobody else on this"
    " machine sees the password.",
)
@click.option(
    "--name",
    help="What to call the instance, cluster or server in the file, such as the construct's id; else its own name.",
)
@click.option("--region", help="The AWS region, else that of AWS's own settings.")
@click.option("--profile", help="The AWS profile, else that of AWS's own settings.")
@click.option(
    "--output", metavar="FILE", default="connection-facts.json", show_default=True, help="- for standard output."
)
def lookup(
    *,
    db_instance: str | None,
    db_cluster: str | None,
    from_server: str | None,
    name: str | None,
    region: str | None,
    profile: str | None,
    output: str,
) -> None:
    """Look up what a live server accepts, and keep it in a facts file to commit.

    Other servers in the file stay as they are. Asking AWS first, and then the server itself by the same name, joins
    both answers. Nothing is changed but the file.

    Exit status: 0 the facts are written, 2 they could not be looked up.
    """
    _check_options(
        asked=[given for given in (db_instance, db_cluster, from_server) if given is not None],
        from_server=from_server is not None,
        name=name,
        settings=region or profile,
    )
    now = datetime.now(timezone.utc)
    path = None if output == "-" else Path(output)
    try:
        known = _known(path, now)
        if from_server is not None:
            servers = _from_server(from_server, name, known, now)
        else:
            servers = _named(_from_aws(db_instance, db_cluster, region, profile, now), name)
        _keep(path, known.with_servers(servers))
    except LookupFailedError as error:
        unusable(str(error))
    for identifier, server in sorted(servers.items()):
        click.echo(f"{identifier}: {_summary(identifier, server)}", err=path is None)


def _check_options(*, asked: list[str], from_server: bool, name: str | None, settings: str | None) -> None:
    if len(asked) != 1:
        unusable("lookup takes one of --db-instance, --db-cluster and --from-server")
    if from_server and settings is not None:
        unusable("--region and --profile are for --db-instance and --db-cluster")
    for given in (name, None if from_server else asked[0]):
        if given is not None and not (given.strip() and given.isprintable()):
            unusable(f"the name of a server must be of printable characters, got {given!a}")


def _known(path: Path | None, now: datetime) -> Facts:
    from constructs_lib.lookups.facts_file import read_facts

    facts = read_facts(path) if path is not None else None
    return facts or Facts(looked_up=now.date().isoformat(), servers={})


def _keep(path: Path | None, facts: Facts) -> None:
    from constructs_lib.lookups.facts_file import rendered, write_facts

    if path is None:
        click.echo(rendered(facts), nl=False)
    else:
        write_facts(path, facts)


def _from_aws(
    db_instance: str | None, db_cluster: str | None, region: str | None, profile: str | None, now: datetime
) -> dict[str, ServerFacts]:
    try:
        from constructs_lib.lookups.aws_servers import look_up_cluster, look_up_instance
        from constructs_lib.lookups.clients import clients
    except ModuleNotFoundError:
        unusable("asking AWS needs an extra: pip install 'rds-connection-budget[aws]'")
    rds, cloudwatch = clients(region=region, profile=profile)
    if db_instance is not None:
        return look_up_instance(db_instance, rds_client=rds, cloudwatch_client=cloudwatch, now=now)
    return look_up_cluster(db_cluster or "", rds_client=rds, cloudwatch_client=cloudwatch, now=now)


def _named(servers: dict[str, ServerFacts], name: str | None) -> dict[str, ServerFacts]:
    """The servers by the name that was given: an instance is called so, of a cluster the cluster."""
    if name is None:
        return servers
    (first, *others) = servers.values()
    if not others and first.cluster is None:
        return {name: first}
    return {identifier: replace(server, cluster=name) for identifier, server in servers.items()}


def _from_server(given: str, name: str | None, known: Facts, now: datetime) -> dict[str, ServerFacts]:
    from constructs_lib.lookups.from_server import look_up_server, with_answer
    from constructs_lib.lookups.server_url import read_url

    text = os.environ.get(_VARIABLE, "") if given == _VARIABLE else given
    if not text.strip():
        unusable(f"--from-server needs a URL: give it, or set {_VARIABLE}")
    url = read_url(text)
    name = name or url.name
    return {name: with_answer(known.servers.get(name), look_up_server(url, now=now))}


def _summary(identifier: str, server: ServerFacts) -> str:
    """What was found, or how to find out what was not."""
    what = " ".join(part for part in (server.engine, server.engine_version) if part)
    where = f" on {server.instance_class}" if server.instance_class else ""
    ask = f"lookup --from-server --name {identifier} asks the server itself"
    if server.max_connections is not None:
        found = f"max_connections {server.max_connections}"
    elif server.pending_reboot:
        found = f"max_connections is not known before the reboot that its parameter group waits for ({ask})"
    elif server.parameter is not None:
        found = f"max_connections is computed, {server.parameter} ({ask})"
    else:
        found = f"max_connections is not in its parameter groups ({ask})"
    highest = f", at most {server.highest_connections} connections in 14 days" if server.highest_connections else ""
    return f"{what}{where}, {server.role.value}: {found}{highest}"
