"""One side of a comparison: a budget document, or whatever `check` takes."""

import json
import os
import posixpath
from collections.abc import Mapping
from pathlib import Path

from constructs_lib.budget.document import Document
from constructs_lib.budget.merge import merged
from constructs_lib.budget.schema import DocumentError
from constructs_lib.cli.app_files import read_assemblies
from constructs_lib.cli.checked_app import CheckedApp
from constructs_lib.cli.cloud_assembly import MANIFEST
from constructs_lib.cli.document_file import read_document
from constructs_lib.cli.overlay_file import overlay_for
from constructs_lib.cli.shown_path import shown
from constructs_lib.cli.template_file import TemplateError
from constructs_lib.cli.unusable import unusable
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.located import located


class Compared:
    """What lies at a path."""

    def __init__(self, path: str) -> None:
        self.path = path
        of_templates = path != "-" and _holds_templates(Path(path))
        self._apps = _assemblies(path, {}) if of_templates else None
        self.parameters = frozenset(
            name for app in self._apps or () for template in app.values() for name in template.parameters
        )
        """The parameters that its templates have."""

    def document(self, parameters: Mapping[str, str]) -> Document:
        """The budget, with what its templates have now: recorded and read again, or discovered where none is recorded.

        Resources are named by their file below the path, so that both sides of a comparison call one thing the same.
        """
        if self._apps is None:
            return read_document(self.path)
        given = {key: value for key, value in parameters.items() if key in self.parameters or key.startswith("AWS::")}
        assemblies = _assemblies(self.path, given) if given else self._apps
        apps = [CheckedApp(assembly=assembly, parameters=given) for assembly in assemblies]
        try:
            documents = [
                document for app in apps for _, document in app.documents(overlay_for(app.folder, None, app.files))
            ]
        except DocumentError as error:
            unusable(str(error))
        if not documents:
            unusable(f"no database is defined in {self.path}, so there is no budget to compare")
        root = shown(Path(self.path))
        return merged([located(document, lambda file: _below(root, file)) for document in documents])


def _assemblies(path: str, given: Mapping[str, str]) -> list[Assembly]:
    try:
        return read_assemblies(path, parameters=given)
    except TemplateError as error:
        unusable(str(error))


def _holds_templates(path: Path) -> bool:
    """Whether `check` is the one to read a path; what is neither is left to the reader of documents to refuse."""
    if path.is_dir() or path.name == MANIFEST or path.suffix in {".yaml", ".yml"}:
        return True
    try:
        value = json.loads(path.read_bytes())
    except (OSError, RecursionError):
        return False
    except ValueError:
        return path.suffix == ".template"  # which may be YAML
    return isinstance(value, dict) and "schema" not in value and isinstance(value.get("Resources"), dict)


def _below(root: str, file: str | None) -> str:
    """A file as seen from what it was found at; a single one has no name that the other side would know."""
    below = posixpath.relpath(file or root, root)
    return "" if below == os.curdir else below
