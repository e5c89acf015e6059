"""Programs that start what a file says which no template shows, or as many workers as it says."""

import re
from collections.abc import Sequence

from constructs_lib.template.wrappers import base

_CONFIGURED = """
    supervisord honcho foreman circusd pm2 runsvdir s6-svscan overmind hivemind goreman forego qcluster
    solid_queue:start bin/jobs resque-pool horizon apache2-foreground httpd-foreground
"""
_MANAGERS = set(_CONFIGURED.split())
_RUNTIMES_OF_PM2 = {"pm2-runtime", "pm2-docker"}
_OF_PM2 = re.compile(r"(?:.*/)?ecosystem\b.*|.*\.config\.[cm]?js|.*\.(?:json|ya?ml)")
"""How a file is called that tells PM2 what to start; it starts any other as one process."""


def manager_among(words: Sequence[str]) -> str | None:
    """The name of the one that the words of a command call; None where they call none."""
    return next(filter(None, (_called(word, words) for word in words)), None)


def _called(word: str, words: Sequence[str]) -> str | None:
    name = base(word)
    if name in _RUNTIMES_OF_PM2:
        return name if any(map(_OF_PM2.fullmatch, words)) else None
    return next((item for item in (name, "/".join(word.split("/")[-2:])) if item in _MANAGERS), None)
