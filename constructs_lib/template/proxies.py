"""RDS Proxies and their target groups."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from constructs_lib.budget.proxy import BORROW_TIMEOUT_S, IDLE_CLIENT_TIMEOUT_S
from constructs_lib.budget.source import Source
from constructs_lib.limits import Unknown
from constructs_lib.limits.engines import engine_behind
from constructs_lib.template.intrinsics import described, members, number

LONGEST_BORROW_TIMEOUT_S = 300
MAX_CONNECTIONS_PERCENT = 100
"""The most, and the default for an engine that is not known here."""


def proxy_facts(
    proxy: Mapping[str, Any], target_groups: Iterable[Mapping[str, Any]]
) -> tuple[dict[str, Any], dict[str, Source]]:
    """Read a proxy's settings, and where each came from; without a target group its defaults apply.

    Of several target groups the one that may open most counts.
    """
    pools = [
        members(group.get("ConnectionPoolConfigurationInfo"), "the pool's configuration") for group in target_groups
    ]
    percents = [pool if isinstance(pool, Unknown) else pool.get("MaxConnectionsPercent") for pool in pools]
    written = [_percent(value) for value in percents if value is not None]
    percent = _largest(written if None not in percents and written else [*written, _default(proxy)])
    values = {
        "max_connections_percent": (percent, bool(written)),
        "idle_client_timeout": _seconds(proxy, "IdleClientTimeout", IDLE_CLIENT_TIMEOUT_S),
        "borrow_timeout": _borrow_timeout(pools),
    }
    sources = {key: Source.READ if said else Source.DOCUMENTED for key, (_, said) in values.items()}
    return {key: value for key, (value, _) in values.items()}, sources


def read_only(endpoint: Mapping[str, Any]) -> bool | Unknown:
    """Whether an endpoint of a proxy leads to the readers."""
    role = endpoint.get("TargetRole", "READ_WRITE")
    # a role may be computed: no set of them
    return role == "READ_ONLY" if role in ("READ_ONLY", "READ_WRITE") else Unknown(f"TargetRole is {described(role)}")


def _borrow_timeout(pools: Iterable[Mapping[str, Any] | Unknown]) -> tuple[int | Unknown, bool]:
    for pool in pools:
        if isinstance(pool, Unknown):
            return pool, True
        value, said = _seconds(pool, "ConnectionBorrowTimeout", BORROW_TIMEOUT_S)
        if said:
            too_long = isinstance(value, int) and value > LONGEST_BORROW_TIMEOUT_S
            return Unknown(
                f"ConnectionBorrowTimeout is {value}, and RDS Proxy takes 0 to 300"
            ) if too_long else value, said
    return BORROW_TIMEOUT_S, False


def _seconds(properties: Mapping[str, Any], key: str, default: int) -> tuple[int | Unknown, bool]:
    """A timeout, and whether it was written."""
    value = properties.get(key)
    return (default, False) if value is None else (number(value, key), True)


def _largest(percents: Sequence[int | Unknown]) -> int | Unknown:
    unknown = next((percent for percent in percents if isinstance(percent, Unknown)), None)
    return unknown or max(percent for percent in percents if isinstance(percent, int))


def _default(proxy: Mapping[str, Any]) -> int | Unknown:
    family = proxy.get("EngineFamily", "")
    if not isinstance(family, str):  # 10 would be too much for the server of another, 100 for the clients of this one
        return Unknown(
            f"MaxConnectionsPercent is not given, and its default depends on EngineFamily: {described(family)}"
        )
    behind = engine_behind(family)
    return MAX_CONNECTIONS_PERCENT if behind is None else behind.proxy_percent


def _percent(value: object) -> int | Unknown:
    if isinstance(value, Unknown):
        return value
    percent = number(value, "MaxConnectionsPercent")
    if isinstance(percent, int) and not 1 <= percent <= MAX_CONNECTIONS_PERCENT:
        return Unknown(f"MaxConnectionsPercent is {percent}, and RDS Proxy takes 1 to 100")
    return percent
