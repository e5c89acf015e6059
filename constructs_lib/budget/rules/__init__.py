"""The catalogue of what can be wrong with a budget, one module each."""

from constructs_lib.budget.rules import (
    assumed,
    environment_conflict,
    failover_too_small,
    low_headroom,
    no_room,
    overcommitted,
    proxy_oversubscribed,
    proxy_pinning,
    rollback_overcommitted,
    stale_facts,
    starved_pool,
    transition_overcommitted,
    unbounded_pool,
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
    environment_conflict.RULE,
    transition_overcommitted.RULE,
    low_headroom.RULE,
    failover_too_small.RULE,
    rollback_overcommitted.RULE,
    starved_pool.RULE,
    proxy_pinning.RULE,
    assumed.RULE,
)
