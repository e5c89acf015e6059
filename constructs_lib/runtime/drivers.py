"""The drivers that are known, one line for each database."""

from collections.abc import Mapping

from constructs_lib.runtime import mysql, postgres
from constructs_lib.runtime.driver import Driver
from constructs_lib.runtime.settings_error import SettingsError

DRIVERS: Mapping[str, Driver] = {driver.name: driver for driver in (*postgres.DRIVERS, *mysql.DRIVERS)}


def driver_of(name: str) -> Driver:
    """The driver of a name such as `asyncpg`, or of a URL's beginning such as `postgresql+asyncpg`."""
    if not isinstance(name, str):
        raise SettingsError(f"the driver must be one of {', '.join(DRIVERS)}, got {type(name).__name__}")
    plain = name.rpartition("+")[2].removesuffix("_async")
    if plain not in DRIVERS:
        # a URL by mistake may hold a password
        got = ascii(name) if plain.isalnum() else "something that is no name of a driver"
        raise SettingsError(f"the driver must be one of {', '.join(DRIVERS)}, got {got}")
    return DRIVERS[plain]
