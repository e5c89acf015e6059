"""A budget by its path: a document, a template that carries one, or an assembly of such templates."""

import json
from pathlib import Path

from constructs_lib.budget.document import Document
from constructs_lib.budget.merge import merged
from constructs_lib.budget.schema import DocumentError
from constructs_lib.cli.document_file import read_document
from constructs_lib.cli.unusable import unusable
from constructs_lib.template.template import DOCUMENT

_TEMPLATE = ".template.json"


def read_budget(path: str) -> Document:
    """Read a document; of a folder, all that its templates carry, as one."""
    if path.endswith(_TEMPLATE):
        files = [Path(path)]
    elif path != "-" and Path(path).is_dir():
        files = sorted(Path(path).rglob(f"*{_TEMPLATE}"))
    else:
        return read_document(path)
    documents = [document for file in files for document in _carried(file)]
    if not documents:
        unusable(f"{path}: no template here has Metadata.{DOCUMENT}")
    return merged(documents)


def _carried(file: Path) -> list[Document]:
    try:
        template = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        unusable(f"{file}: not a template in JSON")
    metadata = template.get("Metadata") if isinstance(template, dict) else None
    if not isinstance(metadata, dict) or DOCUMENT not in metadata:
        return []
    try:
        return [Document.read(metadata[DOCUMENT])]
    except DocumentError as error:
        unusable(f"{file}: Metadata.{DOCUMENT}: {error}")
