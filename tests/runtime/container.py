"""The environment of a container that a budget has written."""

import os

VARIABLES = {
    "DB_POOL_SIZE": "4",
    "DB_MAX_OVERFLOW": "2",
    "DB_POOL_TIMEOUT": "30",
    "DB_POOL_RECYCLE": "1800",
    "DB_POOL_PRE_PING": "true",
    "DB_APPLICATION_NAME": "api",
}
SECRET = "hunter-two"  # noqa: S105 - the password of the server in tests/conftest.py


def container(**changed: str | None) -> dict[str, str]:
    """Those variables, with some changed or, where None, taken away."""
    changed_to = {**VARIABLES, **changed}
    return {name: value for name, value in changed_to.items() if value is not None}


def address(driver: str, socket_folder: str, user: str = "app", database: str = "postgres") -> str:
    """A URL of SQLAlchemy's for the server in tests/conftest.py."""
    host = os.fspath(socket_folder)
    return f"postgresql+{driver}://{user}:{SECRET}@/{database}?host={host}"
