"""The types of RDS's resources, and the properties in which one has the name of another written out."""

INSTANCE = "AWS::RDS::DBInstance"
CLUSTER = "AWS::RDS::DBCluster"
PROXY = "AWS::RDS::DBProxy"
INSTANCE_NAME = "DBInstanceIdentifier"
CLUSTER_NAME = "DBClusterIdentifier"

SOURCES = {
    "SourceDBInstanceIdentifier": (INSTANCE, INSTANCE_NAME),
    "SourceDBClusterIdentifier": (CLUSTER, CLUSTER_NAME),
    "ReplicationSourceIdentifier": (CLUSTER, CLUSTER_NAME),
}
"""How a replica names what it copies: the type of that, and where it is given its name."""
CALLED = {
    CLUSTER_NAME: (CLUSTER, CLUSTER_NAME),
    "DBParameterGroupName": ("AWS::RDS::DBParameterGroup", "DBParameterGroupName"),
    "DBClusterParameterGroupName": ("AWS::RDS::DBClusterParameterGroup", "DBClusterParameterGroupName"),
    **SOURCES,
}
"""The same of everything that an instance or a cluster names."""
SERVERS = {"DBInstanceIdentifiers": (INSTANCE, INSTANCE_NAME), "DBClusterIdentifiers": (CLUSTER, CLUSTER_NAME)}
"""The same of the lists in which the target group of a proxy names its servers."""
