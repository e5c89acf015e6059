"""A proxy is given a smaller percentage than AWS advises for the class."""

from collections.abc import Iterator

from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally

LEAST = 20
"""For every class that is not small."""
SMALL_RDS = 30
AURORA_BURSTABLE = {"small": 100, "medium": 55, "large": 35}


def advised_percent(engine: object, instance_class: str) -> int:
    """The least MaxConnectionsPercent that AWS advises; a class smaller than those named counts as the smallest."""
    family, _, size = instance_class.removeprefix("db.").partition(".")
    if not family.startswith("t"):
        return LEAST
    small = size in {"micro", "nano"}
    if isinstance(engine, str) and engine.startswith("aurora"):
        return AURORA_BURSTABLE["small"] if small else AURORA_BURSTABLE.get(size, LEAST)
    return SMALL_RDS if small or size == "small" else LEAST


def _look(tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    document = tally.document
    for name, proxy in document.proxies.items():
        database = document.databases[proxy.database]
        percent, instance_class = proxy.max_connections_percent, database.instance_class
        if not isinstance(percent, int) or not isinstance(instance_class, str):
            continue
        least = advised_percent(database.engine, instance_class)
        if percent < least:
            yield (
                Subject("proxies", name),
                (
                    f"{name} may open {percent} % of the connections of {proxy.database}, and for {instance_class}"
                    f" AWS advises at least {least} %: with fewer it has none to lend while it replaces them"
                ),
                f"max_connections_percent={least} for {name}, or a larger instance class",
            )


RULE = Rule(
    id="low-proxy-percent",
    severity=Severity.WARNING,
    title="a proxy's percentage is below what AWS advises for the class",
    why="a proxy needs connections of its own to replace others and to pass failovers; with too few, clients wait",
    example="MaxConnectionsPercent is 10 on a db.t3.small of RDS, for which AWS advises at least 30",
    remedy="a larger MaxConnectionsPercent, or a larger instance class",
    source='Amazon RDS User Guide and Amazon Aurora User Guide, "Configuring connection settings" of RDS Proxy',
    look=_look,
)
