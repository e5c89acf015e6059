"""The parameter that limits a server's connections, in the groups that apply to it."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import ClientError

from constructs_lib.limits.engines import engine_of
from constructs_lib.limits.unknown import Unknown

if TYPE_CHECKING:
    from mypy_boto3_rds import RDSClient

# AWS's words for a value that nobody set; one that somebody set says "user".
_DEFAULT_SOURCES = {"system", "engine-default"}

_Pages = Iterable[Iterable[Mapping[str, object]]]


class Parameter(NamedTuple):
    """The text of a parameter's value, and whether it is the default of its group."""

    text: str
    is_default: bool


class ParameterGroups:
    """The parameter groups of an account, in which one parameter is looked for; each group is read once."""

    def __init__(self, rds_client: "RDSClient", *, engine: str) -> None:
        self._rds_client = rds_client
        self._name = parameter_name(engine)
        self._read: dict[str, Parameter | None] = {}

    def parameter(self, *, instance_group: str | None, cluster_group: str | None) -> Parameter | None:
        """Read what applies to a server: what was set on the instance, what was set on the cluster, a default.

        "DB cluster parameter groups for Amazon Aurora DB clusters", Amazon Aurora User Guide: a value that was modified
        in the cluster's group overrides the default of the instance's, and one modified there overrides the cluster's.
        """
        levels = (
            self._parameter(instance_group, self._instance_pages),
            self._parameter(cluster_group, self._cluster_pages),
        )
        known = [parameter for parameter in levels if parameter is not None]
        return next((parameter for parameter in known if not parameter.is_default), known[0] if known else None)

    def _parameter(self, group: str | None, pages_of: Callable[[str], _Pages]) -> Parameter | None:
        if group is None:
            return None
        key = f"{pages_of.__name__} {group}"
        if key not in self._read:
            try:
                self._read[key] = _found(pages_of(group), self._name)
            except ClientError as error:
                # A default group sets nothing by definition, so one that cannot be found changes nothing.
                if "NotFound" not in error.response["Error"]["Code"] or not group.startswith("default."):
                    raise
                self._read[key] = None
        return self._read[key]

    # A group has hundreds of parameters, an answer a hundred of them: hence pages, read until the name is found.
    def _instance_pages(self, group: str) -> _Pages:
        pages = self._rds_client.get_paginator("describe_db_parameters").paginate(DBParameterGroupName=group)
        return (page["Parameters"] for page in pages)

    def _cluster_pages(self, group: str) -> _Pages:
        pages = self._rds_client.get_paginator("describe_db_cluster_parameters")
        return (page["Parameters"] for page in pages.paginate(DBClusterParameterGroupName=group))


def parameter_name(engine: str) -> str:
    """Name the parameter that limits the connections of an engine: max_connections, for most."""
    known = engine_of(engine)
    return "max_connections" if isinstance(known, Unknown) else known.parameter


def _found(pages: _Pages, name: str) -> Parameter | None:
    for page in pages:
        for parameter in page:
            if parameter.get("ParameterName") == name and (text := parameter.get("ParameterValue")) is not None:
                return Parameter(text=str(text), is_default=parameter.get("Source") in _DEFAULT_SOURCES)
    return None
