"""The file beside templates that says what they cannot."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from constructs_lib.budget.document import Document
from constructs_lib.budget.overlay import overlaid, overruled
from constructs_lib.budget.schema import DocumentError
from constructs_lib.cli.cloud_assembly import MANIFEST
from constructs_lib.cli.cloudformation_yaml import YamlError, read_yaml
from constructs_lib.cli.note import note
from constructs_lib.cli.shown_path import shown
from constructs_lib.cli.template_file import LARGEST_BYTES
from constructs_lib.cli.unusable import unusable

NAMES = ("connection-budget.yml", "connection-budget.yaml", "connection-budget.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """What was read, and from where."""

    path: Path
    content: object

    def over(self, discovered: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        """The discovered document with what the file says, and hints by place; raises DocumentError with the file."""
        try:
            return overlaid(discovered, self.content)
        except DocumentError as error:
            raise self.wrong(error) from None

    def note(self, place: str, hint: str) -> str:
        """What is to be said of an entry that is one more, and whose name looks like a slip."""
        return f"{shown(self.path)}: {place} is nothing that was discovered, and counts on its own: {hint}"

    def overruled(self, document: Document) -> Iterator[str]:
        """What is to be said of each number of the file that is less than what was read."""
        for place, words in overruled(self.content, document):
            yield f"{shown(self.path)}: {place}: {words}: change the template, and the budget follows"

    def wrong(self, error: DocumentError, hints: Mapping[str, str] | None = None) -> DocumentError:
        """An error of the document that the file contributed to; of a name that looks like a slip, that it does."""
        slips = [hint for place, hint in (hints or {}).items() if f"{error.place}.".startswith(f"{place}.")]
        words = f"{error.place}: nothing of this name was discovered, {slips[0]} ({error.problem})" if slips else error
        return DocumentError("", f"{shown(self.path)}: {words}")


def overlay_for(folder: Path, named: str | None, templates: Iterable[Path]) -> Overlay | None:
    """The file that was named, or the one in the folder of the templates; an assembly's may lie beside its folder.

    One that lies deeper, beside some of the templates, is said not to be read.
    """
    if named is not None:
        return _read(Path(named))
    places = [folder, folder.parent] if (folder / MANIFEST).is_file() else [folder]
    for deeper in dict.fromkeys(template.parent for template in templates):
        for name in NAMES if deeper not in places else ():
            if (deeper / name).is_file():
                note(f"{shown(deeper / name)} is not read: check {shown(deeper)} by itself, or name it with --budget")
    found = [place / name for place in places for name in NAMES if (place / name).is_file()]
    if len(found) > 1 and found[0].parent == found[1].parent:
        unusable(f"{shown(found[0])} and {found[1].name} are both there: keep one of them")
    return _read(found[0]) if found else None


def _read(path: Path) -> Overlay:
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        unusable(f"{shown(path)}: {getattr(error, 'strerror', None) or error}")
    if len(content) > LARGEST_BYTES:
        unusable(f"{shown(path)}: larger than {LARGEST_BYTES} bytes")
    try:
        said = read_yaml(content)  # JSON is YAML
    except YamlError as error:
        unusable(f"{shown(path)}: {error}")
    return Overlay(path=path, content={} if said is None else said)  # comments alone say nothing
