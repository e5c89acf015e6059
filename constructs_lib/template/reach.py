"""What may connect to which server of an app, as far as security groups say."""

from collections.abc import Sequence

from constructs_lib.budget.client import Client
from constructs_lib.limits import Unknown
from constructs_lib.template.access import access_of
from constructs_lib.template.app import App
from constructs_lib.template.candidates import Candidate
from constructs_lib.template.intrinsics import mapping
from constructs_lib.template.links import Key, Target
from constructs_lib.template.security_groups import SECURITY_GROUP
from constructs_lib.template.servers import Endpoint


class Reach:
    """The paths through security groups, and what else each server may be open to."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.paths: dict[Key, dict[Endpoint, str]] = {}
        """The words for each path, by client and by server."""
        self._open_to: dict[Endpoint, set[Key] | None] = {}
        """What may have an address that a server lets in; None where groups may be let in that are not known."""
        files = {file: id(template) for file, template in app.templates.items()}
        possible: dict[int, set[Key] | None] = {}
        """By the identity of what was answered, which servers share."""

        def key(client: Client) -> Key:
            return files.get(client.resource.template or "", 0), client.resource.logical_id

        for name, target in app.servers.targets.items():
            proxy = app.servers.proxies.get(name)
            if proxy is not None and "endpoint" in proxy:
                continue  # one that is used is spoken of
            endpoint = Endpoint(name) if proxy is None else Endpoint(proxy["database"], name)
            access = access_of(target, (), app.network)
            if id(access) not in possible:
                # what lets in nothing here is let in to by rules that are elsewhere
                told = not access.untold and (access.clients or access.unseen)
                possible[id(access)] = set(map(key, access.possible)) if told else None
            self._open_to[endpoint] = possible[id(access)]
            for client in access.clients:
                self.paths.setdefault(key(client), {})[endpoint] = f"through security groups: {client.path}"

    def doubtful(self, candidate: Candidate) -> list[Endpoint]:
        """The servers that no known security group keeps a candidate from, though none is known to let it through."""
        key, grouped = candidate.target.key, _grouped(candidate.target, self._app)
        return [
            endpoint for endpoint, others in self._open_to.items() if not grouped or others is None or key in others
        ]

    def databases(self, candidate: Candidate) -> Sequence[str]:
        """The databases to any of which a candidate may be told to connect: the only one, or those it may reach.

        Replicas are not among them, nor are readers.
        """
        originals = self._app.servers.originals
        if len(originals) <= 1:
            return originals
        ways = [*self.paths.get(candidate.target.key, ()), *self.doubtful(candidate)]
        open_to = {endpoint.database for endpoint in ways}
        return [name for name in originals if name in open_to] or originals


def _grouped(target: Target, app: App) -> bool:
    """Whether the security groups of a service or a function are all defined in the app."""
    properties = target.properties
    network = mapping(mapping(properties.get("NetworkConfiguration")).get("AwsvpcConfiguration"))
    groups = network.get("SecurityGroups", mapping(properties.get("VpcConfig")).get("SecurityGroupIds"))
    found = [app.target(target.template, group) for group in (groups if isinstance(groups, list) else ())]
    return bool(found) and all(
        not isinstance(item, Unknown) and item.template.kind(item.logical_id) == SECURITY_GROUP for item in found
    )
