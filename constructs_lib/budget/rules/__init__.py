"""The catalogue of what can be wrong with a budget, one module each."""

from constructs_lib.budget.rules import (
    assumed,
    command_conflict,
    environment_conflict,
    failover_too_small,
    low_headroom,
    no_room,
    overcommitted,
    proxy_oversubscribed,
    proxy_pinning,
    stale_facts,
    starved_pool,
    unbounded_pool,
    unbudgeted_client,
    unbudgeted_proxy,
    unknown_limit,
    unknown_tasks,
)

RULES = (
    overcommitted.RULE,
    no_room.RULE,
    unbounded_pool.RULE,
    proxy_oversubscribed.RULE,
    unknown_limit.RULE,
    unknown_tasks.RULE,
    stale_facts.RULE,
    unbudgeted_proxy.RULE,
    environment_conflict.RULE,
    command_conflict.RULE,
    low_headroom.RULE,
    failover_too_small.RULE,
    starved_pool.RULE,
    proxy_pinning.RULE,
    unbudgeted_client.RULE,
    assumed.RULE,
)
