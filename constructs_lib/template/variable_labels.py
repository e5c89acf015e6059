"""What the names of variables have in common: `REPORTS` of `REPORTS_DB_HOST` and of `REPORTS_DB_POOL_SIZE`."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

_LEADS_TO_A_DATABASE = re.compile(
    r"(?:^|_)(?:DATABASE|DB|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|RDS|SQLALCHEMY|DATASOURCE|JDBC)_?(?:\w+_)?"
    r"(?:URL|URI|DSN|HOST|HOSTNAME|ENDPOINT|ADDRESS|SERVER|SECRET|SECRET_ARN|PASSWORD|PASS|CREDENTIALS|CONNECTION)"
)
_ADDRESS = re.compile("URL|URI|DSN|HOST|ENDPOINT|ADDRESS|SERVER|CONNECTION")
_COMMON = """
    DB DATABASE DATABASES SQL SQLALCHEMY POSTGRES POSTGRESQL PG PGSQL MYSQL MARIADB AURORA RDS DATASOURCE JDBC REACTIVE
    HIKARI SPRING QUARKUS HASURA GRAPHQL TYPEORM SEQUELIZE KNEX PRISMA DJANGO RAILS ORM ENGINE
    HIBERNATE C3P0 DBCP2 TOMCAT GORM SQLX PGX R2D2 R2DBC ASYNCPG
    HOST HOSTNAME URL URI DSN ENDPOINT ADDRESS SERVER SECRET SECRETS ARN PASSWORD PASS CREDENTIALS CONNECTION STRING
    PORT NAME USER USERNAME PROXY POOL PGHOST PGHOSTADDR PGSERVICE DBHOST DBURL
"""
_OF_ANY_DATABASE = frozenset(_COMMON.split())
"""Words that tell no database from another."""


@lru_cache(4096)
def leads_to_a_database(name: str) -> bool:
    """Whether a variable is called as one that leads to a database, for where its value does not say to which."""
    return _LEADS_TO_A_DATABASE.search(name.upper()) is not None


@lru_cache(4096)
def names_an_address(name: str) -> bool:
    """Whether a variable that leads to a database is called as one that says where the database is."""
    return _ADDRESS.search(name.upper()) is not None


@lru_cache(4096)
def label_of(name: str) -> str:
    """The words of a variable's name, or of how it begins, that tell which database it is about; often none."""
    return "_".join(word for word in re.split(r"[^A-Z0-9]+", name.upper()) if word and word not in _OF_ANY_DATABASE)


def begins_with(label: str, other: str) -> bool:
    """Whether a label is another one, which tells a database, or more of its words."""
    return bool(other) and (label == other or label.startswith(f"{other}_"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """How the variables of a container are labelled, as one of its databases sees them."""

    own: Collection[str] = ()
    """Labels of those that lead to this database; none where something else than a variable leads there."""
    others: Collection[str] = ()
    """Labels of those that lead to other databases of the templates."""
    strange: Collection[str] = ()
    """Labels of those that lead to a database, and nobody knows to which."""


ANY = Labels()
