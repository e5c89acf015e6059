"""One app of those that `check` was pointed at, and the document that it amounts to."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TypeVar

from constructs_lib.budget.defaults import options
from constructs_lib.budget.document import Document
from constructs_lib.budget.overlay import left_out
from constructs_lib.budget.proxy import Proxy
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.schema import DocumentError
from constructs_lib.budget.workloads import Workload
from constructs_lib.cli.note import note
from constructs_lib.cli.overlay_file import Overlay
from constructs_lib.cli.shown_path import shown
from constructs_lib.template.app import App
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.by_default import absent
from constructs_lib.template.claimed_containers import claimed_wrongly
from constructs_lib.template.discover import discover
from constructs_lib.template.lines import lines_of
from constructs_lib.template.links import Target
from constructs_lib.template.located import located
from constructs_lib.template.misfits import misfits
from constructs_lib.template.reread import reread, reread_all
from constructs_lib.template.said_routes import said_routes
from constructs_lib.template.template import Template

E = TypeVar("E", Proxy, Workload)
MOST_NAMES = 5
"""Resources that one note names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedApp:
    """The templates of one app."""

    assembly: Assembly
    parameters: Mapping[str, str]
    """What the command was given."""

    @property
    def folder(self) -> Path:
        """Where the templates lie."""
        return Path(self.assembly.folder)

    @property
    def files(self) -> Sequence[Path]:
        """Where each of them lies."""
        return [self.file(name) for name in self.assembly]

    def shown(self, template: str | None) -> str:
        """A template's file as reports show it; of several stacks with one template, the template."""
        return shown(self.file(template or ""))

    def file(self, template: str) -> Path:
        """Where a template lies; of several stacks with one template, the template."""
        return self.folder / self.assembly.file_of(template)

    def documents(self, overlay: Overlay | None) -> Iterator[tuple[str, Document]]:
        """The documents that the templates carry, brought up to date, each with the name of its template.

        Then, with no name, what is discovered of the other databases.
        """
        carried = [
            (name, template.document) for name, template in self.assembly.items() if template.document is not None
        ]
        if carried and overlay is not None:
            note(
                f"{shown(overlay.path)} is not used: the templates of {self.assembly.name} carry a budget of their own"
            )
        # as the synth reads them: what a parameter's default says is no fact to it
        templates = {
            name: Template(template.content, name=name, given=self.parameters)
            for name, template in (self.assembly.items() if carried else ())
            if self.assembly.file_of(name) == name
        }
        documents = {name: self._read(name, content) for name, content in carried if name in templates}
        for name, read in reread_all(documents, templates).items():
            yield name, self._located(read, name)
        if (document := self._discovered(None if carried else overlay, documents)) is not None:
            yield "", self._located(document, "")

    def lines(self, resources: Collection[Resource]) -> Iterator[tuple[Resource, int]]:
        """The lines on which resources begin, of those that this app defines."""
        wanted: dict[str | None, set[str]] = {}
        for resource in resources:
            wanted.setdefault(resource.template, set()).add(resource.logical_id)
        files = {self.shown(name): self.file(name) for name in self.assembly}
        for file, path in files.items():
            if file in wanted:
                text = path.read_text(encoding="utf-8-sig")
                for logical_id, line in lines_of(text, wanted[file]).items():
                    yield Resource(logical_id=logical_id, template=file), line

    def _read(self, name: str, content: object) -> Document:
        try:
            return Document.read(content)
        except DocumentError as error:
            raise DocumentError("", f"{self.shown(name)}: Metadata.ConnectionBudget: {error}") from None

    def _discovered(self, overlay: Overlay | None, carried: Mapping[str, Document]) -> Document | None:
        app = App(self.assembly)
        found = discover(self.assembly, app, said_routes(overlay.content) if overlay is not None else ())
        if carried:
            found = found.without(_budgeted(app, carried), _proxies(app, carried))
        entries, hints = found.entries, dict[str, str]()
        if overlay is not None:
            entries, hints = overlay.over(entries)
        if not entries["databases"]:
            return None
        try:
            read = Document.read(entries)
        except DocumentError as error:
            raise (error if overlay is None else overlay.wrong(error, hints)) from None
        read = self._homed(read)
        if overlay is not None:
            claimed = claimed_wrongly(found.entries, read, app)
            for wrong in chain(misfits(read, "", app), left_out(found.entries, entries), claimed):
                raise overlay.wrong(wrong)
        document = found.completed(reread(read, "", app))
        if overlay is not None:
            for words in (*(overlay.note(place, hint) for place, hint in hints.items()), *overlay.overruled(document)):
                note(words)
        for words in self._doubts(document, app):
            note(words)
        return document

    def _homed(self, document: Document) -> Document:
        """The document with the template of each resource that an overlay names by its logical id alone."""

        def homed(resource: Resource) -> Resource:
            holds = [name for name, template in self.assembly.items() if template.kind(resource.logical_id) is not None]
            names = holds or list(self.assembly)
            return replace(resource, template=names[0]) if len(names) == 1 else resource

        def entry(item: E) -> E:
            resource = getattr(item, "resource", None)
            if isinstance(resource, Resource) and resource.template is None:
                return replace(item, resource=homed(resource))  # type: ignore[call-arg] # it has one
            return item

        return replace(
            document,
            proxies={name: entry(item) for name, item in document.proxies.items()},
            workloads={name: entry(item) for name, item in document.workloads.items()},
        )

    def _doubts(self, document: Document, app: App) -> Iterator[str]:
        """What the verdict rests on beside the numbers that are marked: defaults that nobody confirmed."""
        parts = (document.databases, document.proxies, document.workloads)
        found = [item.defaults for part in parts for item in part.values()]
        said = {name for defaults in found for names in defaults.values() for name in names}
        for template, names, missing in absent(app):
            said |= set(names)
            yield (
                f"{self.shown(template.name)}: not there by default, and not counted: {_listed(missing)}:"
                f" {options(names)} may add to the sum"
            )
        for name, template in self.assembly.items():
            if defaults := sorted(template.assumed_parameters - said):
                yield f"{self.shown(name)}: at their defaults are {', '.join(defaults)}: --parameter gives others"

    def _located(self, document: Document, home: str) -> Document:
        files: dict[str, str] = {}  # there are many more resources than templates

        def file(template: str | None) -> str:
            name = template or home
            if name not in files:
                files[name] = self.shown(name)
            return files[name]

        return located(document, file)


def _budgeted(app: App, carried: Mapping[str, Document]) -> list[str]:
    """The discovered databases that are servers of a carried document, or of the same cluster as one."""
    known = {
        server.key
        for home, document in carried.items()
        for item in document.databases.values()
        for server in _servers(app, app.located(item.resource, home))
    }
    return [
        name
        for name, entry in app.servers.databases.items()
        if any(server.key in known for server in _servers(app, app.located(Resource(**entry["resource"]), "")))
    ]


def _proxies(app: App, carried: Mapping[str, Document]) -> set[Resource]:
    """The proxies of the carried documents, as a document of no template names them."""
    fronts = [app.located(item.resource, home) for home, of in carried.items() for item in of.proxies.values()]
    return {app.named(front, "") for front in fronts if front is not None}


def _servers(app: App, server: Target | None) -> list[Target]:
    """A server and the cluster that it belongs to."""
    return [item for item in (server, server and app.cluster_of(server)) if item is not None]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f"{', '.join(names[:MOST_NAMES])}{more}"
