"""Where the entries of a document are written, for reports that point into files."""

from collections.abc import Mapping, Sequence
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
        return self._of(finding.resource or _own(finding, document))

    def to_see(self, finding: Finding, document: Document) -> Sequence[Place]:
        """Where the way out of a finding begins, and then what else it speaks of, as far as the lines are known."""
        known = [item for item in spoken_of(finding, document) if self._located(item) in self.lines]
        places = [self._of(item) for item in known] or [self.of(finding, document)]
        return [place for place in places if place is not None]

    def _of(self, resource: Resource | None) -> Place | None:
        if resource is not None and (file := self._located(resource).template) is not None:
            return Place(file=file, line=self.lines.get(self._located(resource), 1), logical_id=resource.logical_id)
        return None if self.file is None else Place(file=self.file)

    def _located(self, resource: Resource) -> Resource:
        return Resource(logical_id=resource.logical_id, template=resource.template or self.file)


def spoken_of(finding: Finding, document: Document) -> Sequence[Resource]:
    """Every resource that a finding speaks of: what is to be changed first, its subject last."""
    resources = (finding.resource, *finding.named, _own(finding, document))
    return list(dict.fromkeys(item for item in resources if item is not None))


def _own(finding: Finding, document: Document) -> Resource | None:
    """The resource of the subject's own entry."""
    return getattr(getattr(document, finding.kind).get(finding.subject), "resource", None)


NOWHERE = Places()
