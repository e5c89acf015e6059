"""The templates of one app, and the references between them."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import last_text, mapping
from constructs_lib.template.links import Links, Neighbours, Target
from constructs_lib.template.names import note_names
from constructs_lib.template.template import STACKS, Template

MOST_STACKS = 500
"""Nested stacks that are followed: a template that nests itself again and again would have no end."""
_ASSET = "aws:asset:path"
"""Where the CDK writes the file of a nested stack's template, in the metadata of the stack."""


class Assembly(Mapping[str, Template]):
    """The templates of one app by file name.

    A template that several nested stacks use is there once for each, with what that stack passes to it: as
    `service.yaml`, `service.yaml#Second`, and so on.
    """

    def __init__(
        self,
        contents: Mapping[str, object],
        *,
        name: str = "",
        folder: str = "",
        given: Mapping[str, object] | None = None,
        pseudo: Mapping[str, Mapping[str, object]] | None = None,
        assets: Mapping[str, str] | None = None,
        defaults: bool = True,
    ) -> None:
        """Index the templates and link the nested stacks.

        Args:
            contents: what JSON or YAML made of every file, by its path below the app's folder.
            name: the app, as messages say it.
            folder: where the files lie.
            given: values of the parameters of templates that are no nested stacks.
            pseudo: values of a template's pseudo parameters, such as `AWS::Region`, by file name.
            assets: the file that an asset was made of, by the asset's hash.
            defaults: whether a parameter that nothing is given for may be taken at its default.

        """
        self.name = name
        self.folder = folder
        self.unlinked: list[tuple[Template, str]] = []
        """Nested stacks whose template is not here, with the template that has them."""
        self._contents = contents
        self._copied: dict[str, str] = {}
        """The files of the templates that are there more than once, by the names of the copies."""
        self._given = given or {}
        self._assets = assets or {}
        self._defaults = defaults
        self._templates = {
            file: Template(
                content, name=file, given={**(given or {}), **(pseudo or {}).get(file, {})}, defaults=defaults
            )
            for file, content in contents.items()
        }
        self._nest()
        if len(self._templates) > 1:
            note_names(self._templates.values())
        self.links = Links(self._templates.values())
        for template in self._templates.values():
            template.resolver.elsewhere = Neighbours(self.links, template)

    def target(self, template: Template, value: object) -> Target | Unknown:
        """The one resource that a reference denotes, in whichever template it is defined."""
        return self.links.target(template, value)

    def targets(self, template: Template, value: object) -> Iterator[Target]:
        """Every resource that a value speaks of, in whichever template it is defined."""
        return self.links.targets(template, value)

    def of_type(self, kind: str) -> Iterator[Target]:
        """Every resource of a type, in every template."""
        for template in self._templates.values():
            for logical_id, _ in template.of_type(kind):
                yield Target(template, logical_id, "")

    def file_of(self, name: str) -> str:
        """The file of a template; of several stacks with one template, the template's."""
        return self._copied.get(name, name)

    def __getitem__(self, name: str) -> Template:
        return self._templates[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._templates)

    def __len__(self) -> int:
        return len(self._templates)

    def _nest(self) -> None:
        """Give every nested stack its template: the first the one that is there, each further one a copy."""
        pending = [
            (template, logical_id)
            for template in self._templates.values()
            for kind in STACKS
            for logical_id in template.kinds.get(kind, ())
        ]
        while pending:
            parent, logical_id = pending.pop(0)
            file = self._file(parent, logical_id)
            child = self._templates.get(file) if file is not None else None
            if file is None or child is None or file in map(self.file_of, _ancestors(parent)):
                self.unlinked.append((parent, logical_id))
                continue
            if child.parent is not None:
                if len(self._templates) >= MOST_STACKS:
                    self.unlinked.append((parent, logical_id))
                    continue
                child = self._copy(file, logical_id)
                pending += [(child, nested) for kind in STACKS for nested in child.kinds.get(kind, ())]
            child.parent = (parent, logical_id)
            parent.children[logical_id] = child

    def _copy(self, file: str, logical_id: str) -> Template:
        name = f"{file}#{logical_id}"
        number = 2
        while name in self._templates:
            name = f"{file}#{logical_id}.{number}"
            number += 1
        copy = Template(self._contents[file], name=name, defaults=self._defaults)
        self._templates[name] = copy
        self._copied[name] = file
        return copy

    def _file(self, parent: Template, logical_id: str) -> str | None:
        """The file of a nested stack's template, by what its resource says."""
        resource = parent.resource(logical_id)
        folder = posixpath.dirname(self.file_of(parent.name))
        asset = mapping(resource.get("Metadata")).get(_ASSET)
        written = mapping(resource.get("Properties")).get(STACKS[str(resource.get("Type"))])
        # what was given is known already; what another stack passes is not before that one is linked
        url = last_text(self._given.get(str(mapping(written).get("Ref")), written))
        stem = posixpath.basename(url).partition(".")[0]
        for path in (asset, self._assets.get(stem), url):
            if isinstance(path, str) and path:
                here = posixpath.normpath(posixpath.join(folder, path))
                if here in self._contents:
                    return here
        return _alike(url, self._contents)


def _alike(url: str, files: Iterable[str]) -> str | None:
    """The file that an address ends in, as far as the two agree; None where several would do."""
    steps = url.split("/")
    named = [file.split("/") for file in files if posixpath.basename(file) == steps[-1]]
    for count in range(len(steps), 0, -1):
        found = [file for file in named if file[-count:] == steps[-count:]]
        if found:
            return "/".join(found[0]) if len(found) == 1 else None
    return None


def _ancestors(template: Template) -> Iterator[str]:
    """The names of a template and of those whose nested stack it is."""
    current: Template | None = template
    while current is not None:
        yield current.name
        current = current.parent[0] if current.parent is not None else None
