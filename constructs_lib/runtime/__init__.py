"""Inside the container: from the environment that the budget wrote to the application's connection pools.

Every name is loaded when it is used; importing this package costs next to nothing and loads no other.
"""

TYPE_CHECKING = False  # a checker takes it for true; typing would take longer to import than all of this
if TYPE_CHECKING:
    from constructs_lib.runtime.engine import create_async_engine as create_async_engine
    from constructs_lib.runtime.engine import create_engine as create_engine
    from constructs_lib.runtime.engine import engine_options as engine_options
    from constructs_lib.runtime.forking import dispose_after_fork as dispose_after_fork
    from constructs_lib.runtime.iam import authenticate_with_iam as authenticate_with_iam
    from constructs_lib.runtime.plain_pools import asyncpg_pool_options as asyncpg_pool_options
    from constructs_lib.runtime.plain_pools import django_database_options as django_database_options
    from constructs_lib.runtime.plain_pools import psycopg_pool_options as psycopg_pool_options
    from constructs_lib.runtime.server_check import ServerCheckError as ServerCheckError
    from constructs_lib.runtime.server_check import check_server as check_server
    from constructs_lib.runtime.server_check import check_server_async as check_server_async
    from constructs_lib.runtime.settings import Settings as Settings
    from constructs_lib.runtime.settings import read_settings as read_settings
    from constructs_lib.runtime.settings_error import SettingsError as SettingsError
    from constructs_lib.runtime.warming import warm as warm
    from constructs_lib.runtime.warming import warm_async as warm_async

_HOME = {
    "ServerCheckError": "server_check",
    "Settings": "settings",
    "SettingsError": "settings_error",
    "asyncpg_pool_options": "plain_pools",
    "authenticate_with_iam": "iam",
    "check_server": "server_check",
    "check_server_async": "server_check",
    "create_async_engine": "engine",
    "create_engine": "engine",
    "dispose_after_fork": "forking",
    "django_database_options": "plain_pools",
    "engine_options": "engine",
    "psycopg_pool_options": "plain_pools",
    "read_settings": "settings",
    "warm": "warming",
    "warm_async": "warming",
}

__all__ = [
    "ServerCheckError",
    "Settings",
    "SettingsError",
    "asyncpg_pool_options",
    "authenticate_with_iam",
    "check_server",
    "check_server_async",
    "create_async_engine",
    "create_engine",
    "dispose_after_fork",
    "django_database_options",
    "engine_options",
    "psycopg_pool_options",
    "read_settings",
    "warm",
    "warm_async",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
