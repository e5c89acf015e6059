"""Where the database is: a URL, or the variables that an ECS task has from a secret."""

import os
from collections.abc import Mapping

import sqlalchemy

from constructs_lib.runtime.drivers import driver_of
from constructs_lib.runtime.settings_error import SettingsError

_FORM = "postgresql+psycopg://user:password@host:port/database"


def address(url: "str | sqlalchemy.URL", prefix: str, environ: Mapping[str, str] | None) -> sqlalchemy.URL:
    """Read the URL; of one that only names a driver, such as `postgresql+psycopg://`, the rest is in variables.

    Those are HOST, PORT, NAME, USER and PASSWORD behind the prefix. SQLAlchemy's own error quotes a part of the URL, in
    which a password may be. Raises SettingsError.
    """
    try:
        read = sqlalchemy.make_url(url)
        driver = read.get_dialect().driver
    except sqlalchemy.exc.NoSuchModuleError:
        raise SettingsError(
            f"the database's URL must be of the form {_FORM}, got one of a database or driver that SQLAlchemy does not"
            " know: change its beginning (postgres:// is spelled postgresql://, or with a driver postgresql+psycopg://)"
        ) from None
    except (sqlalchemy.exc.ArgumentError, ValueError, AttributeError):
        got = "something else" if isinstance(url, str) and url.strip() else "nothing"
        raise SettingsError(
            f"the database's URL must be of the form {_FORM}, got {got}: percent-encode the special characters of user"
            " and password, or make it with sqlalchemy.URL.create; it is often in a variable such as DATABASE_URL"
        ) from None
    said = (read.host, read.port, read.username, read.password, read.database, read.query.get("host"))
    if any(said) or "unix_socket" in read.query:
        return read
    return _of_variables(read, driver_of(driver).port, prefix, os.environ if environ is None else environ)


def _of_variables(url: sqlalchemy.URL, port: int, prefix: str, environ: Mapping[str, str]) -> sqlalchemy.URL:
    found = {name: environ.get(prefix + name, "") for name in ("HOST", "PORT", "NAME", "USER", "PASSWORD")}
    missing = [prefix + name for name in ("HOST", "NAME", "USER") if not found[name].strip()]
    if missing:
        raise SettingsError(
            f"the URL only names a driver, and {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set:"
            f" give the whole URL, such as {_FORM}, or these variables, as a task has them from the database's secret"
        )
    number = found["PORT"].strip() or str(port)
    if not (number.isascii() and number.isdigit() and 0 < int(number) < 2**16):
        raise SettingsError(f"{prefix}PORT must be a port, a number from 1 to 65535: correct it, or remove it")
    return url.set(
        host=found["HOST"].strip(),
        port=int(number),
        database=found["NAME"].strip(),
        username=found["USER"].strip(),
        password=found["PASSWORD"] or None,
    )
