"""A server's address with the credentials for it, as in DATABASE_URL."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from constructs_lib.lookups.failure import LookupFailedError

_FORM = "postgresql://user:password@host:port/database or mysql://…"


class Protocol(str, Enum):
    """What a server speaks."""

    POSTGRESQL = "postgresql"
    MYSQL = "mysql"


_PROTOCOLS = {
    "postgresql": Protocol.POSTGRESQL,
    "postgres": Protocol.POSTGRESQL,
    "mysql": Protocol.MYSQL,
    "mariadb": Protocol.MYSQL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerUrl:
    """A URL, taken apart; user and password stay out of its repr, and so out of every message and traceback."""

    protocol: Protocol
    host: str | None
    port: int | None
    database: str | None
    user: str | None = field(repr=False)
    password: str | None = field(repr=False)
    options: Mapping[str, str] = field(repr=False)

    @property
    def name(self) -> str:
        """What the server is called where nobody gives it a name."""
        return self.host or "localhost"

    @property
    def place(self) -> str:
        """The server in a message. Without a user, what stands in the port's place may be a password."""
        return f"{self.name}:{self.port}" if self.port and self.user else self.name


def read_url(text: str) -> ServerUrl:
    """Take a URL apart. A driver, as in SQLAlchemy's `postgresql+asyncpg`, is passed over.

    Messages quote nothing of the text but its scheme: a password that is not percent-encoded can end up in any part.
    """
    try:
        url = urlsplit(text.strip())
        host, port = unquote(url.hostname or ""), url.port
        said = parse_qsl(url.query, keep_blank_values=True)
    except ValueError:
        raise _unreadable() from None
    if "://" not in text or "@" in url.path + url.query + url.fragment or not host.isprintable():
        raise _unreadable()
    options = dict(said)
    if len(options) < len(said):
        raise LookupFailedError("the server's URL has an option twice, such as two hosts: say each once")
    return ServerUrl(
        protocol=_protocol(url),
        host=host or None,
        port=port,
        database=unquote(url.path.removeprefix("/")) or None,
        user=_decoded(url.username),
        password=_decoded(url.password),
        options=options,
    )


def _protocol(url: SplitResult) -> Protocol:
    scheme = url.scheme.partition("+")[0]
    if scheme not in _PROTOCOLS:
        raise LookupFailedError(f"the scheme {scheme!r} is not known: a server's URL is {_FORM}")
    return _PROTOCOLS[scheme]


def _decoded(part: str | None) -> str | None:
    return unquote(part) if part else None


def _unreadable() -> LookupFailedError:
    return LookupFailedError(f"the server's URL cannot be read: it is {_FORM}, special characters percent-encoded")
