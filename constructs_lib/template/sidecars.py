"""Containers that stand beside an application and are known by their image to have no use for a database."""

import re
from collections.abc import Mapping
from typing import Any

from constructs_lib.template.written import written

_SIDECAR = re.compile(
    r"(?:^|/)(?:"
    r"aws-xray-daemon|aws-otel-collector|aws-appmesh-envoy|envoyproxy/envoy|aws-for-fluent-bit|fluent/fluent-bit"
    r"|fluent/fluentd|amazon/cloudwatch-agent|cloudwatch-agent/cloudwatch-agent|datadog/agent"
    r"|nginx/nginx|nginxinc/nginx-unprivileged|docker/library/nginx"
    r")(?:[:@]|$)"
    r"|^(?:(?:docker\.io/)?library/)?nginx(?:[:@]|$)"
)
"""How the repositories of these images end: tracing, metrics, logs, a mesh's proxy, a web server for files.

Images of one's own that are called like one of them may hold anything, but for those that AWS names.
"""
_DATABASE = re.compile(r"postgres|mysql|mariadb|sqlserver|5432|3306|1433", re.IGNORECASE)
"""In the definition of an agent that looks into a database, or of a proxy in front of one."""


def sidecars_in(containers: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """The names of these containers in a task, unless something in their definitions speaks of a database.

    An agent may also take its orders from the labels of the containers beside it.
    """
    found = {name for name, item in containers.items() if _SIDECAR.search(written(item.get("Image", "")))}
    if not found or any(_DATABASE.search(str(item.get("DockerLabels", ""))) for item in containers.values()):
        return set()
    return {name for name in found if not _DATABASE.search(str(containers[name]))}
