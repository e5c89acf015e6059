"""The folder of a cloud assembly, its templates read when they are asked for."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from constructs_lib.template.template import DOCUMENT, Template

TEMPLATE, ASSETS = ".template.json", ".assets.json"
MANIFEST = "manifest.json"
NESTED = ".nested.template.json"
"""How the CDK ends the file names of nested stacks."""


class AssemblyFolder(Mapping[str, Template]):
    """The templates of one assembly by file name; a stage has an assembly, so a folder, of its own."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self._folder = folder
        self._names = list(names)
        self._read: dict[str, Template] = {}
        self._all: list[str] | None = None

    @classmethod
    def of(cls, paths: Sequence[Path]) -> Iterator["AssemblyFolder"]:
        """The folders that hold the given templates, each with its own."""
        by_folder: dict[Path, list[str]] = {}
        for path in paths:
            by_folder.setdefault(path.parent, []).append(path.name)
        for folder, names in by_folder.items():
            yield cls(folder, names)

    @property
    def of_a_stage(self) -> bool:
        """Whether the assembly lies within that of its app: the CDK CLI selects none of its stacks by itself."""
        return (self._folder.parent / MANIFEST).is_file()

    def path(self, name: str) -> Path:
        """Where a template lies."""
        return self._folder / name

    def documents(self) -> Iterator[tuple[str, object]]:
        """Every budget document, with the name of the template it stands in; those of nested stacks come last.

        A nested stack that an earlier synth had, and this one has not, is still there.
        """
        for name in self:
            if DOCUMENT.encode() not in self.path(name).read_bytes():
                continue  # not parsed: most templates of a large app hold none
            if (document := self[name].document) is not None:
                yield name, document

    def __getitem__(self, name: str) -> Template:
        if name not in self._read:
            try:
                self._read[name] = Template(json.loads(self.path(name).read_bytes()))
            except OSError as error:
                raise KeyError(name) from error
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        if self._all is None:
            self._all = [*self._names, *sorted(self._nested() - set(self._names))]
        return iter(self._all)

    def _nested(self) -> set[str]:
        """The templates of nested stacks, without those that no stack's list of assets has: an earlier synth's."""
        found = {path.name for path in self._folder.glob(f"*{NESTED}")}
        lists = [self.path(f"{name.removesuffix(TEMPLATE)}{ASSETS}") for name in self._names] if found else []
        if not all(path.is_file() for path in lists):
            return found  # a synthesizer without lists
        listed = "".join(path.read_text(encoding="utf-8") for path in lists)
        return {name for name in found if json.dumps(name) in listed}

    def __len__(self) -> int:
        return len(list(iter(self)))
