"""The budget that is deployed now, from the file in which it was kept."""

import json
from dataclasses import replace
from pathlib import Path

from constructs_lib.budget.document import Document
from constructs_lib.budget.schema import DocumentError
from constructs_lib.cdk.misuse import MisuseError
from constructs_lib.template.template import Template


def read_deployed(path: str | Path, owner: str) -> Document:
    """Read a budget document, or the template that carries one; raises MisuseError where it cannot be used."""
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
        return replace(Document.read(Template(content).document or content), deployed=None)
    except OSError as error:
        problem = error.strerror or "cannot be read"
    except TypeError:
        problem = "the path of a file is wanted"
    except (DocumentError, ValueError, RecursionError) as error:
        problem = str(error)
    raise MisuseError(
        f"deployed must be a budget document, or a template with one, got {str(path)!r}: {problem} ({owner});"
        " keep the template of the last deployment, or leave it out for the first one"
    )
