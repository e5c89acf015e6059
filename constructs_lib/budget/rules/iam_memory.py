"""IAM tokens are checked by a server with little memory."""

from collections.abc import Iterator

from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally
from constructs_lib.budget.workloads import PooledWorkload


def _look(tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    document = tally.document
    for name, database in tally.databases.items():
        instance_class = document.databases[name].instance_class
        direct = [allotment.workload for allotment in database.direct]
        users = sorted(item.name for item in direct if isinstance(item, PooledWorkload) and item.iam_auth)
        if isinstance(instance_class, str) and instance_class.startswith("db.t") and users:
            yield (
                Subject("databases", name),
                (
                    f"{', '.join(users)} connect to {name} with IAM tokens, and checking them takes 300 to 1000 MiB of"
                    f" memory beside what {instance_class} has for the rest"
                ),
                "lower the memory of buffers and caches by as much, or use a class that is not burstable",
            )


RULE = Rule(
    id="iam-memory",
    severity=Severity.INFO,
    title="IAM authentication takes memory that a small class has not to spare",
    why="a server that runs out of memory closes connections, however few were allowed",
    example="iam_auth on a db.t4g.micro: of 1 GiB, 300 to 1000 MiB are wanted for IAM authentication alone",
    remedy="a class that is not burstable, or smaller buffers and caches",
    source='Amazon RDS User Guide, "IAM database authentication for MariaDB, MySQL, and PostgreSQL"',
    look=_look,
)
