"""What the command line may change: `cdk synth -c proxy=true`."""

from __future__ import annotations

from dataclasses import dataclass

from constructs import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The switches of the example, all off unless the context turns them on."""

    proxy: bool
    overcommit: bool

    @classmethod
    def from_context(cls, node: Node) -> Settings:
        """Read the switches from the app's context and reject anything that is neither `true` nor `false`."""
        return cls(proxy=_switch(node, "proxy"), overcommit=_switch(node, "overcommit"))


def _switch(node: Node, name: str) -> bool:
    value: object = node.try_get_context(name)
    if value not in (None, "true", "false"):
        raise ValueError(f'context {name!r} must be "true" or "false", got {value!r}: use -c {name}=true')
    return value == "true"
