"""Where an engine connects to: its URL, or the variables of a task."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy

from constructs_lib import runtime
from constructs_lib.runtime import SettingsError, create_async_engine, create_engine, engine_options
from tests.runtime.container import SECRET, container

TASK = {"DB_HOST": "db.example", "DB_PORT": "6432", "DB_NAME": "orders", "DB_USER": "app", "DB_PASSWORD": "p@ss/w:%rd"}
URL = "postgresql+psycopg://app@db/x"


def test_a_url_that_only_names_a_driver_is_completed_from_the_tasks_variables() -> None:
    url = create_engine("postgresql+psycopg://", environ=container() | TASK).url
    assert (url.host, url.port, url.database, url.username, url.password) == (
        "db.example",
        6432,
        "orders",
        "app",
        "p@ss/w:%rd",
    )
    assert create_async_engine("postgresql+asyncpg://", environ=container() | TASK).url.host == "db.example"
    strict = create_engine("postgresql+psycopg://?sslmode=verify-full", environ=container() | TASK).url
    assert (strict.host, strict.query) == ("db.example", {"sslmode": "verify-full"})


def test_the_port_and_the_password_may_be_missing() -> None:
    environ = container() | {name: TASK[name] for name in ("DB_HOST", "DB_NAME", "DB_USER")}
    url = create_engine("mysql+pymysql://", environ=environ).url
    assert (url.port, url.password) == (3306, None)


def test_the_variables_have_the_prefix_of_the_others() -> None:
    environ = {name.replace("DB_", "ORDERS_"): value for name, value in (container() | TASK).items()}
    assert create_engine("postgresql+psycopg://", prefix="ORDERS_", environ=environ).url.host == "db.example"


@pytest.mark.parametrize("query", ["app@localhost/x", "/x", "?host=/run"])
def test_a_url_that_says_where_is_not_touched(query: str) -> None:
    url = create_engine(f"postgresql+psycopg://{query}", environ=container() | TASK).url
    assert url == sqlalchemy.make_url(f"postgresql+psycopg://{query}")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"DB_HOST": "", "DB_USER": " "}, "only names a driver, and DB_HOST, DB_USER are not set"),
        ({"DB_PORT": SECRET}, "DB_PORT must be a port, a number from 1 to 65535"),
        ({"DB_PORT": "65536"}, "DB_PORT must be a port"),
    ],
)
def test_what_is_missing_or_no_port_is_named(changed: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError, match=words) as caught:
        create_engine("postgresql+psycopg://", environ=container() | TASK | changed)
    assert SECRET not in str(caught.value)


def test_a_driver_of_the_other_kind_is_told_which_function_takes_it() -> None:
    for driver in ("postgresql+asyncpg", "mysql+aiomysql"):
        with pytest.raises(SettingsError, match=r"create_engine takes a driver for threads, got .*create_async_engine"):
            create_engine(f"{driver}://app@db/x", environ=container())
    for driver in ("postgresql+psycopg2", "mysql+pymysql"):
        with pytest.raises(SettingsError, match=r"takes an asynchronous driver, got .*: use create_engine"):
            create_async_engine(f"{driver}://app@db/x", environ=container())


def test_arguments_of_another_type_are_told_by_their_type() -> None:
    anything: Any = runtime
    calls: tuple[tuple[Callable[[], object], str], ...] = (
        (lambda: anything.create_engine(URL, environ=container(), connect_args=[1]), "connect_args must be a dict"),
        (lambda: anything.create_engine(5, environ=container()), "URL must be of the form"),
        (lambda: anything.engine_options(prefix=None), "prefix must be text, such as 'DB_', got NoneType"),
        (lambda: anything.engine_options(environ=container(), driver=5), "the driver must be one of .*, got int"),
        (lambda: anything.warm(None), "warm takes the engine of create_engine, got NoneType"),
        (lambda: anything.check_server("x"), "check_server takes the engine of create_engine, got str"),
        (lambda: anything.dispose_after_fork(None), "dispose_after_fork takes engines of .*, got NoneType"),
    )
    for call, words in calls:
        with pytest.raises(SettingsError, match=words):
            call()


def test_a_prefix_without_its_underscore_is_told_which_one_there_is() -> None:
    shop = {name.replace("DB_", "SHOP_"): value for name, value in container().items()}
    with pytest.raises(SettingsError, match="the variables that are there begin with SHOP_: give prefix='SHOP_'"):
        create_engine(URL, prefix="SHOP", environ=shop)


@pytest.mark.parametrize("changed", [{"max_overflow": -1}, {"pool_size": 0}, {"pool_size": 50}])
def test_a_size_beside_the_options_is_refused_too(changed: dict[str, int]) -> None:
    options: Any = {**engine_options(environ=container()), **changed}
    with pytest.raises(SettingsError, match=f"{next(iter(changed))} beside engine_options"):
        sqlalchemy.create_engine(URL, **options)
