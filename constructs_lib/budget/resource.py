"""Where an entry of the document is defined in the synthesized templates."""

from dataclasses import dataclass

from constructs_lib.budget import schema
from constructs_lib.limits import Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A resource by its logical id and the name of its template file; no file means the document's own template."""

    logical_id: str
    template: str | None = None

    @classmethod
    def read(cls, value: object, place: str) -> "Resource":
        """Read `{"logical_id": …, "template": …}`."""
        values, _ = schema.read_fields(value, place, _FIELDS)
        return cls(**values)

    def missing(self, home: str) -> Unknown:
        """Why nothing is known of it, where its template has none such; `home` is the document's own."""
        return Unknown(f"the resource {self.logical_id} is not in {self.template or home}")

    def to_json(self) -> dict[str, str]:
        """The inverse of `read`."""
        return {"logical_id": self.logical_id} | ({"template": self.template} if self.template else {})


_FIELDS = {
    "logical_id": schema.Field(schema.text, required="the resource's name in the template"),
    "template": schema.Field(schema.text),
}
