"""Templates as files, and what is said of those that cannot be read."""

import json
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.cli.app_files import read_assemblies
from constructs_lib.cli.template_file import TemplateError

Json = dict[str, Any]
SERVICE: Json = {"Resources": {"Api": {"Type": "AWS::ECS::Service", "Properties": {"DesiredCount": 2}}}}


def write(folder: Path, contents: Json) -> Path:
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return folder


def refusal(path: Path, **options: Any) -> str:
    with pytest.raises(TemplateError) as refused:
        read_assemblies(path, **options)
    return str(refused.value).removeprefix(f"{path}")
