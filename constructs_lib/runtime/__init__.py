"""Inside the container: from the environment that the budget wrote to the application's connection pools.

Every name is loaded when it is used; importing this package costs next to nothing and loads no other.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from constructs_lib.runtime.engine import create_async_engine as create_async_engine
    from constructs_lib.runtime.engine import create_engine as create_engine
    from constructs_lib.runtime.engine import engine_options as engine_options
    from constructs_lib.runtime.iam import authenticate_with_iam as authenticate_with_iam
    from constructs_lib.runtime.settings import Settings as Settings
    from constructs_lib.runtime.settings import read_settings as read_settings
    from constructs_lib.runtime.settings_error import SettingsError as SettingsError

_HOME = {
    "Settings": "settings",
    "SettingsError": "settings_error",
    "authenticate_with_iam": "iam",
    "create_async_engine": "engine",
    "create_engine": "engine",
    "engine_options": "engine",
    "read_settings": "settings",
}

__all__ = [
    "Settings",
    "SettingsError",
    "authenticate_with_iam",
    "create_async_engine",
    "create_engine",
    "engine_options",
    "read_settings",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
