"""How variables are called that say the size of a database's pool, and those that may."""

import re
from functools import lru_cache

from constructs_lib.budget.variables import RDS_MAX_CONNECTIONS
from constructs_lib.limits import Unknown

_LIBRARY = r"(?:TOMCAT|DBCP2|C3P0|GORM|SQLX|PGX|R2D2|R2DBC|ASYNCPG|KNEX|SEQUELIZE|TYPEORM|ACTIVE_?RECORD)"
_SERVER = (
    r"(?:DB|DATABASE|PG|PGSQL|POSTGRES|POSTGRESQL|MYSQL|MARIADB|SQL|SQLALCHEMY|JDBC|DATASOURCE|REACTIVE"
    rf"|{_LIBRARY})"
)
_KINDS = {
    "least": re.compile(r"(.*_)?(?:MIN|MINIMUM|INITIAL|CORE)_?POOL_?SIZE"),
    "most": re.compile(
        r"(.*?)(?:(?:MAXIMUM|MAX)_?POOL_?SIZE|POOL_MAX(?:_?SIZE)?|MAX_CONNECTIONS_PER_POOL|MAX_OPEN_CONN(?:ECTION)?S?"
        r"|(?:CONN(?:ECTION)?_?|POOL_?)LIMIT)"
        rf"|((?:.*_)?{_SERVER}_)(?:POOL|MAX_?SIZE|MAX_?ACTIVE|MAX_?TOTAL|MAX_?OPEN)"
        rf"|((?:.*_)?{_LIBRARY}_)MAX"
    ),
    "limit": re.compile(
        rf"((?:.*_)?{_SERVER}_)(?:(?:MAX_?)?CONN(?:ECTION)?S|MAX_?CONN(?:ECTION)?|CONN(?:ECTION)?S?_?MAX)"
    ),
    "pool_size": re.compile(rf"((?:.*_)?{_SERVER}|.*_)?POOL_?SIZE"),
    "max_overflow": re.compile(r"(.*_)?MAX_?OVERFLOW"),
    "class": re.compile(r"(.*_)?POOL_?CLASS"),
}
"""How variables are called that say something of a pool; `most` is a limit of the pool as a whole, as in HikariCP.

`limit` may be that too, or what the whole server accepts, and counts where nothing else is said."""
_WORDS = ("POOL", "OVERFLOW", "CONN", "SIZE", "MAX")
"""One of these is in each of them, which is quickly told."""
_OF_A_DATABASE = re.compile(
    r"(?:^|_)(?:\w*DB|DATABASE|SQL|SQLALCHEMY|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|AURORA|RDS|DATASOURCE|JDBC|HIKARI"
    r"|ORM|TYPEORM|SEQUELIZE|PRISMA|KNEX|ENGINE|READER|WRITER|REPLICA|PRIMARY"
    r"|HIBERNATE|C3P0|DBCP2|GORM|SQLX|PGX|R2D2|R2DBC|ASYNCPG|ACTIVE_?RECORD)[0-9]*(?:_|$)"
)
_OF_SOMETHING_ELSE = re.compile(
    r"(?:^|_)(?:REDIS|VALKEY|CACHE|MEMCACHED?|ELASTICACHE|THREADS?|HTTPX?|REQUESTS?|KAFKA|RABBIT(?:MQ)?|AMQP|BROKER"
    r"|MONGO(?:DB)?|DYNAMO(?:DB)?|ELASTIC(?:SEARCH)?|ES|OPENSEARCH|NEO4J|INFLUX(?:DB)?|GRPC|CELERY|EXECUTOR|BUFFER"
    r"|AIOHTTP|SQS|SNS|SMTP|LDAP)(?:_|$)"
)
_OF_WORKERS = re.compile(
    r"(?:^|_)(?:WORKERS?|PROCESS(?:ES)?|PROC|JOBS?|TASKS?|QUEUES?|CONSUMERS?|SCHEDULER|RUNNERS?|AGENTS?|ACTORS?)(?:_|$)"
)
_OF_A_CROWD = re.compile(r"POOL|CONN(?:ECTION)?S|CLIENTS|MAX_?SIZE|THREADS|WORKERS")
_NOT_SIZES = """
    TIMEOUT TIMEOUTS RECYCLE PING PREPING MIN MINIMUM IDLE LIFETIME LIFE AGE TTL INTERVAL RETRY RETRIES ATTEMPTS DELAY
    SECONDS MS ACQUIRE EVICT EVICTION VALIDATION LEAK CLASS NAME MODE ENABLED TEST INCREMENT PORT
"""
_HARMLESS = frozenset(_NOT_SIZES.split())
"""Words for what is said of a pool beside its size."""
_SPACE = r"(?:[-_.\s+]|%20)?"
_SIZE = r"""\s*=\s*([^&#;\s"']*)"""
_LIMIT = re.compile(
    r"""(?:^|[?&;"'\s])\s*(?:connection_limit|pool(?==["']?[0-9$\ufffd])|max_?size|max_connections|pool_max_conns"""
    rf"|max(?:imum)?{_SPACE}pool{_SPACE}size){_SIZE}",
    re.IGNORECASE,
)
"""The size of a pool as an address or a connection string has it among its parameters.

As documented by Prisma (connection_limit), Rails (pool), databases (max_size), Tortoise (maxsize), R2DBC (maxSize),
peewee (max_connections), pgx (pool_max_conns), Npgsql, SqlClient and MySqlConnector (Maximum Pool Size).
"""
_LEAST = re.compile(rf"""(?:^|[?&;"'])\s*min(?:imum)?{_SPACE}(?:pool{_SPACE})?size{_SIZE}""", re.IGNORECASE)
_SPEAKS_OF_A_POOL = re.compile(
    rf"pool{_SPACE}(?:size|class|max)|max(?:imum)?{_SPACE}pool|max[-_.]?overflow|connection[-_.]?limit",
    re.IGNORECASE,
)
_PARAMETER = re.compile(
    r"[?&;\s](?:max|max_?size|(?:pool_?)?max_?conn(?:ection)?s?|max_?(?:total|active|open)|pool)=[0-9$\ufffd]"
    r"|;\s*pooling\s*=\s*(?:false|no|0)",
    re.IGNORECASE,
)
"""What else may be the size of a pool among the parameters of an address, or that there is none to limit anything."""
_MAXIMUM = re.compile(
    r"""["']?max(?:_?(?:size|conn(?:ection)?s?|total|active|open))?["']?\s*[:=]\s*["']?[0-9$\ufffd]""", re.IGNORECASE
)
"""As in the settings of node-postgres, which mean a pool where the variable's name speaks of a database."""
_ELSEWHERE = re.compile(
    r"\s*(?:rediss?|amqps?|mongodb|mongodb\+srv|https?|wss?|memcached?|kafka|sqs|smtps?|ldaps?|nats|bolt|neo4j)://",
    re.IGNORECASE,
)
"""How an address begins that leads to no database of SQL."""
_ADDRESS = re.compile(r"://|(?:^|;)\s*(?:host|server|data ?source|addr(?:ess)?)\s*=", re.IGNORECASE)


@lru_cache(4096)
def kind_of(name: str) -> tuple[str, str]:
    """What a variable says of a pool, and how its name begins; nothing where it says nothing."""
    if not any(word in name for word in _WORDS):
        return "", ""
    for kind, pattern in _KINDS.items():
        if found := pattern.fullmatch(name):
            return kind, next(filter(None, found.groups()), "")
    return "", ""


def of_a_database(name: str) -> bool:
    """Whether a name, in capitals, is that of something at a database of SQL."""
    return bool(_OF_A_DATABASE.search(name)) and not _OF_SOMETHING_ELSE.search(name)


def of_something_else(name: str) -> bool:
    """Whether a name, in capitals, is that of another store or another kind of pool, unless it is a database's too."""
    return bool(_OF_SOMETHING_ELSE.search(name)) and not _OF_A_DATABASE.search(name)


def of_workers(name: str) -> bool:
    """Whether a name, in capitals, is that of something of which a program has a pool, and which is no connection."""
    return _OF_WORKERS.search(name) is not None


def limit_in(value: str | Unknown) -> str | None:
    """The size of a pool that an address has among its parameters, as it is written; None where it is not the one."""
    if not isinstance(value, str) or "=" not in value or not _is_an_address(value):
        return None
    found = _LIMIT.findall(value)
    if len(found) != 1:
        return None
    return None if speaks_of_a_pool(_LEAST.sub("", _LIMIT.sub("", value))) else found[0]


def speaks_of_a_pool(text: str) -> bool:
    """Whether a text looks as if it said the size of a pool."""
    if _SPEAKS_OF_A_POOL.search(text):
        return True
    return "=" in text and _is_an_address(text) and _PARAMETER.search(text) is not None


def _is_an_address(text: str) -> bool:
    """Whether a text looks like an address or a connection string, and not like that of another store."""
    return _ADDRESS.search(text) is not None and not _ELSEWHERE.match(text)


def not_understood(name: str, value: str | Unknown) -> str | None:
    """Why a variable may say how large a pool is in a way that nobody knows here; None where it does not."""
    capitals = name.upper()
    if kind_of(capitals)[0] or limit_in(value) is not None or name == RDS_MAX_CONNECTIONS:  # what the server accepts
        return None
    if isinstance(value, str) and (
        speaks_of_a_pool(value) or ("max" in value and _MAXIMUM.search(value) and of_a_database(capitals))
    ):
        return f"{name} speaks of the size of a pool, and is not understood"
    if not _of_a_crowd(capitals):
        return None
    if isinstance(value, Unknown) or (value.strip().isdecimal() and value.strip() not in {"0", "1"}):
        return f"{name} may be the size of a pool, and is not understood"
    return None


@lru_cache(4096)
def _of_a_crowd(name: str) -> bool:
    """Whether a name, in capitals, may say how many connections there are."""
    return _OF_A_CROWD.search(name) is not None and of_a_database(name) and _HARMLESS.isdisjoint(name.split("_"))
