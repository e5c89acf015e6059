"""Where the entries of a document are written, for reports that point into files."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from constructs_lib.budget.document import Document
from constructs_lib.budget.finding import Finding
from constructs_lib.budget.resource import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A file, the line in it, and the resource that begins there."""

    file: str
    line: int = 1
    logical_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The file of whatever is no resource of a template, and the lines on which resources begin."""

    file: str | None = None
    """A path as a reader of the report knows it; None where the document came from no file."""
    lines: Mapping[Resource, int] = field(default_factory=dict)
    """By resource, each with its template; 1 where it is not known."""

    def of(self, finding: Finding, document: Document) -> Place | None:
        """Where the subject of a finding is written; None where that is nowhere."""
        entry = getattr(document, finding.kind).get(finding.subject)
        resource = finding.resource or getattr(entry, "resource", None)
        if resource is not None and (file := resource.template or self.file) is not None:
            located = Resource(logical_id=resource.logical_id, template=file)
            return Place(file=file, line=self.lines.get(located, 1), logical_id=resource.logical_id)
        return None if self.file is None else Place(file=self.file)


NOWHERE = Places()
