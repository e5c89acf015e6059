"""Images that are documented to open more, or less, than is assumed of a program that nobody knows.

Sources: PgBouncer documentation, "config" (default_pool_size, reserve_pool_size); Hasura documentation, "Server Config
Reference" (HASURA_GRAPHQL_PG_CONNECTIONS); Keycloak documentation, "All configuration" (db-pool-max-size); the official
image of PHP, whose Apache has a process for each request; the README of tiangolo's images.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from constructs_lib.budget.source import Source
from constructs_lib.budget.split import SQLALCHEMY, PoolSize
from constructs_lib.limits import Unknown, at_least
from constructs_lib.template.arguments import count
from constructs_lib.template.environment import Variables, variable
from constructs_lib.template.pool_names import speaks_of_a_pool
from constructs_lib.template.pool_variables import pool_of
from constructs_lib.template.started import NOTHING, Count, Started
from constructs_lib.template.variable_labels import Labels
from constructs_lib.template.written import written

Sized = tuple[dict[str, int | Unknown], dict[str, Source]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """What is documented of an image."""

    name: str
    called: str
    """How its repository and its tag end, as an expression."""
    otherwise: PoolSize | None = None
    """The pool of a process where nothing is said of it."""
    sizes: tuple[str, ...] = ()
    """Where only variables of its own say something: those for the connections that it keeps open."""
    more: tuple[str, ...] = ()
    """Those for connections beside these."""
    processes: Count = None
    """How many it starts without a command of the task's."""
    settings: tuple[str, ...] = ()
    """Variables that say it."""

    def pool(self, environments: Sequence[Variables], labels: Labels) -> Sized:
        """The pool of a container that runs the image, whose `otherwise` is known."""
        default = self.otherwise or SQLALCHEMY
        if self.sizes:
            found = [
                (self._own(self.sizes, default[0], item), self._own(self.more, default[1], item))
                for item in environments
            ]
            kept, beside = max(found, key=lambda pair: (isinstance(pair[0], Unknown), sum(map(at_least, pair))))
            said = any(name in item for item in environments for name in (*self.sizes, *self.more))
            origin = Source.READ if said else Source.DOCUMENTED
            return {"pool_size": kept, "max_overflow": beside}, {"pool_size": origin, "max_overflow": origin}
        sizes, origins = pool_of(environments, default, labels)
        return sizes, {key: Source.DOCUMENTED if item is Source.ASSUMED else item for key, item in origins.items()}

    def _own(self, names: Sequence[str], default: int, variables: Variables) -> int | Unknown:
        for name in names:
            value = variable(variables, name)
            if isinstance(value, Unknown):
                return Unknown(f"{name}: {value.reason}")
            if value is not None:
                return 0 if value.strip() == "0" and default == 0 else count(value, name, variables)
        speaking = (name for name, value in variables.items() if isinstance(value, str) and speaks_of_a_pool(value))
        if (other := next(speaking, None)) is not None:
            return Unknown(f"{other} speaks of the size of a pool, and is not understood")
        return default

    @property
    def words(self) -> str:
        """What is said of a pool whose size is the image's own."""
        return f"{self.name} has a pool of {(self.otherwise or SQLALCHEMY).ceiling} where nothing is said of it"


_APACHE = Unknown(
    "the image runs Apache with a process for each request, up to a MaxRequestWorkers that no template shows,"
)
_EVERY_CPU = Unknown(
    "the image starts one worker for every CPU of the host, and two at least, without WEB_CONCURRENCY,"
)
_OFFICIAL = r"(?:^|/library/|^library/|^bitnami/)"
_IMAGES = (
    Image(
        name="PgBouncer",
        called=r"(?:^|/)[\w.-]*pgbouncer[\w.-]*",
        otherwise=PoolSize(20, 0),
        sizes=("DEFAULT_POOL_SIZE", "PGBOUNCER_DEFAULT_POOL_SIZE"),
        more=("RESERVE_POOL_SIZE", "PGBOUNCER_RESERVE_POOL_SIZE"),
    ),
    Image(
        name="Hasura",
        called=r"(?:^|/)hasura/graphql-engine",
        otherwise=PoolSize(50, 0),
    ),
    Image(name="Keycloak", called=r"(?:^|/)keycloak", otherwise=PoolSize(100, 0)),
    Image(name="Apache", called=rf"{_OFFICIAL}php:[^@]*apache[^@]*", processes=_APACHE),
    Image(
        name="Apache",
        called=rf"{_OFFICIAL}(?:wordpress|drupal|joomla|nextcloud|phpmyadmin|matomo)(?!:[^@]*(?:fpm|cli))",
        processes=_APACHE,
    ),
    Image(
        name="uvicorn-gunicorn",
        called=r"(?:^|/)tiangolo/(?:uvicorn|meinheld)-gunicorn[\w-]*",
        processes=_EVERY_CPU,
        settings=("WEB_CONCURRENCY", "GUNICORN_CMD_ARGS"),
    ),
)


def image_of(container: Mapping[str, Any]) -> Image | None:
    """What is documented of a container's image; None where nothing is known of it."""
    return _image(written(container.get("Image", "")))


def started_by(container: Mapping[str, Any], variables: Variables) -> Started:
    """What the image of a container starts that has no command."""
    image = image_of(container)
    if image is None or image.processes is None or any(name in variables for name in image.settings):
        return NOTHING
    return Started(program=True, web=True, server=image.name, processes=image.processes)


@lru_cache(1024)
def _image(text: str) -> Image | None:
    return next((image for image in _IMAGES if re.search(rf"{image.called}(?:[:@]|$)", text)), None)
