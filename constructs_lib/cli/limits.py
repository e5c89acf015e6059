"""`connection-budget limits`."""

import json
import re

import click

from constructs_lib.cli.unusable import unusable
from constructs_lib.limits import (
    Limit,
    Server,
    Unknown,
    class_names,
    is_version,
    limit_of,
    limit_query,
    reserved_slots,
)
from constructs_lib.report import limit as words


@click.command()
@click.option("--engine", required=True, help="Such as postgres, mysql, mariadb, aurora-postgresql, aurora-mysql.")
@click.option("--engine-version", help="Such as 16.4; left out, the most that a version reserves is assumed.")
@click.option("--instance-class", help="Such as db.r6g.large or db.serverless.")
@click.option("--min-acu", help="The least capacity of Aurora Serverless v2.")
@click.option("--max-acu", help="The most capacity of Aurora Serverless v2: it decides.")
@click.option("--max-connections", help="A number, or a formula as a parameter group has it.")
@click.option("--memory-bytes", type=click.IntRange(min=1), help="The memory of a class that is not known here.")
@click.option("--all", "every", is_flag=True, help="List every class that the engine can be ordered on.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def limits(
    engine: str,
    engine_version: str | None,
    instance_class: str | None,
    min_acu: str | None,
    max_acu: str | None,
    max_connections: str | None,
    memory_bytes: int | None,
    every: bool,  # noqa: FBT001 - click passes a flag so
    form: str,
) -> None:
    """Say what a database server accepts, and derive it step by step.

    Exit status: 0 the limit is known, 2 it is not, with the reason.
    """
    if engine_version is not None and not is_version(engine_version):
        unusable(
            f"--engine-version must begin with a number, as in 16.4, got {engine_version!a}; correct it or leave it out"
        )
    if every and instance_class is not None:
        unusable(f"--all lists every class, got --instance-class {instance_class!a} beside it; give one of the two")
    servers = {
        name: Server(
            engine=engine,
            engine_version=engine_version,
            instance_class=name or None,
            min_acu=min_acu,
            max_acu=max_acu,
            max_connections=max_connections,
            memory_bytes=memory_bytes,
        )
        for name in (class_names(engine) if every else [instance_class or ""])
    }
    if not servers:
        unusable(f"engine {engine!a} has no instance classes here")
    if every:
        _print_all(servers, form)
    else:
        _print_one(servers[instance_class or ""], form)


def _print_one(server: Server, form: str) -> None:
    limit = limit_of(server)
    if isinstance(limit, Unknown):
        unusable(_as_options(limit.reason))
    reserved = reserved_slots(engine=server.engine, engine_version=server.engine_version)
    if form == "json":
        click.echo(json.dumps(words.to_json(limit, reserved), indent=2, ensure_ascii=False))
        return
    what = " ".join(str(part) for part in (server.engine, server.engine_version) if part)
    where = f" on {server.instance_class}" if server.instance_class else ""
    click.echo(words.to_text(f"Connections of {what}{where}", limit, reserved, limit_query(server.engine)), nl=False)


def _as_options(reason: str) -> str:
    """The reason's advice in the words of the command line: `give memory_bytes` is `give --memory-bytes` here."""
    said, separator, advice = reason.rpartition("give ")
    option = re.sub(
        r"\b(memory_bytes|max_connections|instance_class)\b", lambda key: f"--{key[0].replace('_', '-')}", advice
    )
    return f"{said}{separator}{option}" if separator else reason


def _print_all(servers: dict[str, Server], form: str) -> None:
    known: dict[str, Limit | Unknown] = {name: limit_of(server) for name, server in servers.items()}
    reserved = {
        name: reserved_slots(engine=server.engine, engine_version=server.engine_version)
        for name, server in servers.items()
    }
    if form == "json":
        listing = {
            name: {"unknown": limit.reason} if isinstance(limit, Unknown) else words.to_json(limit, reserved[name])
            for name, limit in known.items()
        }
        click.echo(json.dumps(listing, indent=2, ensure_ascii=False))
        return
    click.echo(words.columns(*words.HEADINGS))
    for name, limit in known.items():
        click.echo(words.row(name, limit, reserved[name]))
