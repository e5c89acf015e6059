"""The assembly that a synth leaves, as far as its manifest says what is in it."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from constructs_lib.cli.template_file import TemplateError, read_parsed

MANIFEST = "manifest.json"
_NAMEABLE = re.compile(r"[^\0\ud800-\udfff]*", re.DOTALL)
"""What a file may be called: no zero byte, and nothing that has no bytes."""
_STACK, _STAGE, _ASSETS = "aws:cloudformation:stack", "cdk:cloud-assembly", "cdk:asset-manifest"
_UNKNOWN = ("unknown-account", "unknown-region")


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudAssembly:
    """What the manifest of a folder names, which all lies in that folder."""

    stacks: Mapping[str, Mapping[str, object]]
    """What is said of where a stack will be, as pseudo parameters, by the file of its template."""
    nested: Mapping[str, str]
    """The templates of nested stacks by the hash of the asset that each is."""
    stages: Sequence[str]
    """The folders of its stages, each an assembly of its own."""

    @classmethod
    def read(cls, folder: Path) -> "CloudAssembly | None":
        """The assembly in a folder; None where its manifest is one of something else.

        Raises:
            TemplateError: where the manifest cannot be read, or leads out of the folder.

        """
        artifacts = _member(read_parsed(folder / MANIFEST), "artifacts")
        if not isinstance(artifacts, Mapping):
            return None
        stacks: dict[str, Mapping[str, object]] = {}
        nested: dict[str, str] = {}
        stages: list[str] = []
        for name, artifact in artifacts.items():
            kind, properties = _member(artifact, "type"), _member(artifact, "properties")
            if kind == _STACK:
                stacks[_inside(folder, _member(properties, "templateFile"))] = _pseudo(str(name), artifact, properties)
            elif kind == _ASSETS:
                assets = _nested(folder / _inside(folder, _member(properties, "file")))
                nested |= {asset: _inside(folder, file) for asset, file in assets.items()}
            elif kind == _STAGE:
                stages.append(_inside(folder, _member(properties, "directoryName")))
        return cls(stacks=stacks, nested=nested, stages=stages)

    @property
    def templates(self) -> Sequence[str]:
        """The files of all templates: those of stacks, then those of nested stacks."""
        return list(dict.fromkeys([*self.stacks, *self.nested.values()]))


def _nested(path: Path) -> dict[str, str]:
    """The templates among the assets of a stack, by their hash: its nested stacks."""
    files = _member(read_parsed(path), "files")
    sources = {
        str(asset): str(_member(_member(entry, "source"), "path"))
        for asset, entry in (files.items() if isinstance(files, Mapping) else ())
    }
    return {asset: file for asset, file in sources.items() if file.endswith(".nested.template.json")}


def _pseudo(name: str, artifact: object, properties: object) -> dict[str, object]:
    """What the manifest says of where a stack will be, as pseudo parameters."""
    account, _, region = str(_member(artifact, "environment")).removeprefix("aws://").partition("/")
    given: dict[str, object] = {"AWS::StackName": _member(properties, "stackName") or name}
    if account and account not in _UNKNOWN:
        given["AWS::AccountId"] = account
    if region and region not in _UNKNOWN:
        given["AWS::Region"] = region
    passed = _member(properties, "parameters")
    return {**given, **(passed if isinstance(passed, Mapping) else {})}


def _member(value: object, key: str) -> Any:
    return value.get(key) if isinstance(value, Mapping) else None


def _inside(folder: Path, name: object) -> str:
    path = str(name)
    if not _NAMEABLE.fullmatch(path) or not Path(os.path.realpath(folder / path)).is_relative_to(
        os.path.realpath(folder)
    ):
        raise TemplateError(f"{folder / MANIFEST}: {path!a} is outside of the assembly")
    return path
