"""Connections of a server that no application may count on."""

from dataclasses import dataclass

from constructs_lib.budget import schema

ADMIN_RESERVE = 10
"""Connections kept for migrations, psql and monitoring where nothing else is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserves:
    """The user's word on a server's reserves; None leaves each to its default."""

    engine: int | None = None
    """Slots that the engine keeps back, where the user knows better than the engine's documentation."""
    admin: int | None = None
    """Slots for people and tools; `ADMIN_RESERVE` where it is not said."""

    @classmethod
    def read(cls, value: object, place: str) -> "Reserves":
        """Read `{"engine": …, "admin": …}`."""
        values, _ = schema.read_fields(value, place, _FIELDS)
        return cls(**values)

    def to_json(self) -> dict[str, int]:
        """The inverse of `read`."""
        said = {"engine": self.engine, "admin": self.admin}
        return {key: number for key, number in said.items() if number is not None}


NOTHING_SAID = Reserves()
_FIELDS = {"engine": schema.Field(schema.integer(0)), "admin": schema.Field(schema.integer(0))}
