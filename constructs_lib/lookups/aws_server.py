"""One server, as AWS describes it, in the words of the facts file."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from constructs_lib.limits.facts import MOST, ProxyFacts, Role, ServerFacts
from constructs_lib.limits.instance_class import SERVERLESS
from constructs_lib.limits.stated_limit import literal_of
from constructs_lib.lookups.parameters import Parameter, ParameterGroups

if TYPE_CHECKING:
    from mypy_boto3_rds.type_defs import DBClusterMemberTypeDef, DBClusterTypeDef, DBInstanceTypeDef

_IN_FORCE = "in-sync"  # AWS's word for a parameter group whose values all apply already


class AwsServer(NamedTuple):
    """A DB instance, with the cluster that it is a member of."""

    instance: "DBInstanceTypeDef"
    cluster: "DBClusterTypeDef | None" = None

    @property
    def identifier(self) -> str:
        """Its own name, not the cluster's."""
        return self.instance["DBInstanceIdentifier"]

    @property
    def cluster_identifier(self) -> str | None:
        """The name of its cluster."""
        return self.cluster["DBClusterIdentifier"] if self.cluster else None

    def parameter(self, groups: ParameterGroups) -> Parameter | None:
        """Read the parameter that its groups have, in force or not."""
        own = self.instance.get("DBParameterGroups", [])
        return groups.parameter(
            instance_group=own[0].get("DBParameterGroupName") if own else None,
            cluster_group=self.cluster.get("DBClusterParameterGroup") if self.cluster else None,
        )

    def facts(
        self,
        *,
        looked_up: str,
        parameter: Parameter | None,
        proxies: Mapping[str, ProxyFacts],
        highest_connections: int | None,
    ) -> ServerFacts:
        """Say what is known of it."""
        member = self._member()
        min_acu, max_acu = self._capacity()
        pending = self._pending_reboot(member)
        limit = _limit(parameter, pending=pending)
        open_parameter = parameter if limit is None else None
        return ServerFacts(
            looked_up=looked_up,
            engine=self.instance["Engine"],
            engine_version=self.instance.get("EngineVersion"),
            instance_class=self.instance.get("DBInstanceClass"),
            role=_role(member),
            cluster=self.cluster_identifier,
            min_acu=min_acu,
            max_acu=max_acu,
            max_connections=limit,
            parameter=open_parameter and open_parameter.text,
            parameter_is_default=open_parameter is not None and open_parameter.is_default,
            pending_reboot=pending,
            highest_connections=highest_connections,
            proxies=proxies,
        )

    def _member(self) -> "DBClusterMemberTypeDef | None":
        members = self.cluster.get("DBClusterMembers", []) if self.cluster else []
        return next((member for member in members if member.get("DBInstanceIdentifier") == self.identifier), None)

    def _capacity(self) -> tuple[float | None, float | None]:
        """Read the range of the cluster, which is for those of its instances that are serverless."""
        if self.cluster is None or self.instance.get("DBInstanceClass") != SERVERLESS:
            return None, None
        capacity = self.cluster.get("ServerlessV2ScalingConfiguration", {})
        return capacity.get("MinCapacity"), capacity.get("MaxCapacity")

    def _pending_reboot(self, member: "DBClusterMemberTypeDef | None") -> bool:
        """Tell whether it still runs with other values than its groups have. AWS does not say which."""
        statuses = {group.get("ParameterApplyStatus") for group in self.instance.get("DBParameterGroups", [])}
        if member is not None:
            statuses.add(member.get("DBClusterParameterGroupStatus"))
        return bool(statuses - {_IN_FORCE, None})


def _role(member: "DBClusterMemberTypeDef | None") -> Role:
    if member is None:
        return Role.INSTANCE
    return Role.WRITER if member.get("IsClusterWriter") else Role.READER


def _limit(parameter: Parameter | None, *, pending: bool) -> int | None:
    """Read the number in force: none where it is computed from the memory, or waits for a reboot."""
    literal = None if parameter is None or pending else literal_of(parameter.text)
    return literal if literal is not None and 0 <= literal <= MOST else None
