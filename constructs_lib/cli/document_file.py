"""Reading a budget document from a file or standard input."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from constructs_lib.budget.document import SCHEMA, Document
from constructs_lib.budget.schema import DocumentError
from constructs_lib.cli.unusable import unusable

CHECK = "connection-budget check reads folders, assemblies such as cdk.out, and templates in JSON and YAML"
LARGEST_BYTES = 20_000_000
"""Far beyond any document that a person or a synth writes."""


def read_document(path: str) -> Document:
    """Read and check a document; every fault ends the command with exit status 2 and one line that names the place."""
    name = "standard input" if path == "-" else path
    try:
        with click.open_file(path, "rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    except IsADirectoryError as error:
        unusable(f"{name}: {error.strerror}: {CHECK}")
    except OSError as error:
        unusable(f"{name}: {error.strerror or error}")
    if len(content) > LARGEST_BYTES:
        unusable(f"{name}: larger than {LARGEST_BYTES} bytes")
    try:
        text = content.decode("utf-8-sig")
        if path.endswith((".yaml", ".yml")):
            return Document.read(_embedded(_of_yaml(text)))
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
        return Document.read(_embedded(value))
    except UnicodeDecodeError as error:
        unusable(f"{name}: not UTF-8 at byte {error.start}")
    except json.JSONDecodeError as error:
        unusable(f"{name}: line {error.lineno} column {error.colno}: not JSON: {error.msg}")
    except DocumentError as error:
        unusable(f"{name}: {error}")
    except RecursionError:
        unusable(f"{name}: nested too deeply")
    except ValueError:  # Python refuses integers of thousands of digits
        unusable(f"{name}: a number of thousands of digits")


def _of_yaml(text: str) -> object:
    """What is in a text of YAML; a key that stands twice is refused, as in JSON."""
    from constructs_lib.cli.cloudformation_yaml import YamlError, read_yaml  # most documents are JSON

    try:
        return read_yaml(text)
    except YamlError as error:
        raise DocumentError("", str(error)) from None


def _embedded(value: object) -> object:
    """The document itself, or the one that a synthesized template carries in its metadata."""
    if not isinstance(value, dict) or "schema" in value or not value.keys() & {"Metadata", "Resources"}:
        return value
    from constructs_lib.template.template import DOCUMENT  # a document needs none of what reads templates

    metadata = value.get("Metadata")
    if not isinstance(metadata, dict) or DOCUMENT not in metadata:
        raise DocumentError("schema", f"must be {SCHEMA}, got null in a template without Metadata.{DOCUMENT}: {CHECK}")
    return metadata[DOCUMENT]


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object, refusing a key that stands in it twice: JSON would silently keep the last."""
    entry = dict(pairs)
    if len(entry) < len(pairs):
        twice, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise DocumentError("", f"the key {twice!a} stands twice in one object")
    return entry


def _constant(name: str) -> NoReturn:
    raise DocumentError("", f"{name} is not a number that JSON has")
