"""Finding and reading templates: one file, a folder of them, or the assembly that a synth leaves."""

import itertools
import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from constructs_lib.cli.cloudformation_yaml import DEEPEST, YamlError, read_yaml
from constructs_lib.cli.json_text import JsonTextError, read_json
from constructs_lib.cli.note import note
from constructs_lib.cli.shown_path import shown
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.containers import entries
from constructs_lib.template.intrinsics import mapping
from constructs_lib.template.parameters import scalar_text
from constructs_lib.template.task_users import TASK_DEFINITION

LARGEST_BYTES = 20_000_000
"""CloudFormation takes templates of 1 MB."""
MOST_FILES = 2_000
"""Files of a folder that are looked at."""
LONGEST_NAME = 255
"""Characters of a logical id (AWS CloudFormation quotas), and of a container's name (Amazon ECS)."""
MANIFEST = "manifest.json"
_SUFFIXES = (".json", ".yaml", ".yml", ".template")
_PASSED_OVER = {"node_modules", "__pycache__", "venv"}
_STACK, _STAGE, _ASSETS = "aws:cloudformation:stack", "cdk:cloud-assembly", "cdk:asset-manifest"
_UNKNOWN = ("unknown-account", "unknown-region")


class TemplateError(ValueError):
    """What cannot be read: the file, the place in it, and what is wrong, on one line."""


def read_assemblies(
    *paths: str | os.PathLike[str], parameters: Mapping[str, str] | None = None, defaults: bool = True
) -> list[Assembly]:
    """Read every app at some paths: a template, a folder of templates, or a cloud assembly with its stages.

    Args:
        paths: files and folders; the templates that are named one by one are one app together, as in a folder.
        parameters: values of parameters; each has to be the parameter of some template.
        defaults: whether a parameter that nothing is given for may be taken at its default.

    Raises:
        TemplateError: where there is nothing to read, or something that cannot be.

    """
    apps: list[_App] = []
    files: list[Path] = []
    for root in map(Path, paths):
        if not root.is_dir() and root.name != MANIFEST:
            files.append(root)
            continue
        found = list(_in_folder(root if root.is_dir() else root.parent))
        if not any(app.contents for app in found):
            raise TemplateError(f"{root}: no CloudFormation template in this folder")
        apps += found
    if files:
        apps.append(_of_files(files))
    _check(parameters or {}, apps)
    return [
        Assembly(
            app.contents,
            name=app.name,
            folder=str(app.folder),
            given=parameters,
            pseudo=app.pseudo,
            assets=app.assets,
            defaults=defaults,
        )
        for app in apps
        if app.contents
    ]


def read_template(path: Path) -> Mapping[str, Any]:
    """Read one template, JSON or YAML.

    Raises:
        TemplateError: where it is none.

    """
    content = _parsed(path, _bytes(path))
    if not isinstance(content, Mapping) or not isinstance(content.get("Resources"), Mapping):
        raise TemplateError(f"{path}: no CloudFormation template: it has no Resources")
    _check_names(path, content["Resources"])
    return content


class _App:
    """What belongs together: the contents of its files, and what the assembly's manifest says of them."""

    def __init__(self, folder: Path, contents: dict[str, object] | None = None, name: str = "") -> None:
        self.folder = folder
        self.name = name or folder.name
        self.contents: dict[str, object] = contents or {}
        self.pseudo: dict[str, dict[str, object]] = {}
        self.assets: dict[str, str] = {}


def _of_files(files: Sequence[Path]) -> _App:
    """The app of some files, below the folder that all of them are in."""
    if len({file.is_absolute() for file in files}) > 1:  # nothing to begin with in common
        files = [file.absolute() for file in files]
    folder = Path(os.path.commonpath([file.parent for file in files]))
    contents: dict[str, object] = {file.relative_to(folder).as_posix(): read_template(file) for file in files}
    return _App(folder, contents, files[0].name if len(files) == 1 else "")


def _in_folder(root: Path) -> Iterator[_App]:
    """The apps below a folder: every assembly is one, and so are all other templates together."""
    loose = _App(root)
    seen = 0
    for directory, folders, files in os.walk(root):
        folder = Path(directory)
        manifest = _manifest(folder / MANIFEST) if MANIFEST in files else None
        if manifest is not None:
            folders.clear()
            yield from _assembly(folder, manifest)
            continue
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _PASSED_OVER)
        for name in sorted(files):
            if not name.endswith(_SUFFIXES):
                continue
            seen += 1
            if seen > MOST_FILES:
                raise TemplateError(f"{root}: more than {MOST_FILES} JSON and YAML files: name a smaller folder")
            content = _if_template(folder / name)
            if content is not None:
                loose.contents[(folder / name).relative_to(root).as_posix()] = content
    yield loose


def _if_template(path: Path) -> Mapping[str, Any] | None:
    """The template in a file; None where it holds something else."""
    try:
        content = _bytes(path)
    except TemplateError:
        return None
    if b"AWS::" not in content:  # the type of every resource
        return None
    try:
        parsed = _parsed(path, content)
    except TemplateError:
        if b"AWSTemplateFormatVersion" in content or b"\nResources:" in content:
            raise
        return None
    resources = parsed.get("Resources") if isinstance(parsed, Mapping) else None
    typed = isinstance(resources, Mapping) and any(
        isinstance(item, Mapping) and "Type" in item for item in resources.values()
    )
    if not typed:
        return None
    _check_names(path, mapping(resources))
    return mapping(parsed)


def _check_names(path: Path, resources: Mapping[str, Any]) -> None:
    """Refuse names that nobody could print, which CloudFormation and ECS refuse as well."""
    for logical_id in _unprintable(resources):
        raise TemplateError(
            f"{path}: a logical id must be of 1 to {LONGEST_NAME} letters and digits, got {logical_id[:80]!a}:"
            " rename the resource"
        )
    for logical_id, resource in resources.items():
        if resource.__class__ is dict and resource.get("Type") == TASK_DEFINITION:
            for container, _ in entries(_member(resource.get("Properties"), "ContainerDefinitions")):
                name = container.get("Name")
                if isinstance(name, str) and not _printable(name):
                    raise TemplateError(
                        f"{path}: {logical_id}: the name of a container must be of 1 to {LONGEST_NAME} letters,"
                        f" digits, hyphens and underscores, got {name[:80]!a}: rename the container"
                    )


def _unprintable(names: Collection[str]) -> Iterator[str]:
    """Those of many names that nobody could print; it is quickly told that there are none."""
    if (
        all(map(str.isprintable, names))
        and all(map(str.strip, names))
        and max(map(len, names), default=0) <= LONGEST_NAME
    ):
        return iter(())
    return itertools.filterfalse(_printable, names)


def _printable(name: str) -> bool:
    return len(name) <= LONGEST_NAME and name.isprintable() and name.strip() != ""


def _manifest(path: Path) -> Mapping[str, Any] | None:
    content = _parsed(path, _bytes(path))
    artifacts = content.get("artifacts") if isinstance(content, Mapping) else None
    return artifacts if isinstance(artifacts, Mapping) else None


def _assembly(folder: Path, artifacts: Mapping[str, Any], depth: int = 0) -> Iterator[_App]:
    """The app of a cloud assembly, and those of its stages, each in a folder of its own."""
    app = _App(folder)
    for name, artifact in artifacts.items():
        kind, properties = _member(artifact, "type"), _member(artifact, "properties")
        if kind == _STACK:
            file = str(_member(properties, "templateFile"))
            app.contents[file] = read_template(_inside(folder, file))
            app.pseudo[file] = _pseudo(str(name), artifact, properties)
        elif kind == _ASSETS:
            app.assets |= _nested(_inside(folder, str(_member(properties, "file"))))
    for file in app.assets.values():
        if file not in app.contents:
            app.contents[file] = read_template(_inside(folder, file))
    yield app
    for artifact in artifacts.values():
        if _member(artifact, "type") == _STAGE and depth < DEEPEST:
            stage = _inside(folder, str(_member(_member(artifact, "properties"), "directoryName")))
            yield from _assembly(stage, _manifest(stage / MANIFEST) or {}, depth + 1)


def _nested(path: Path) -> dict[str, str]:
    """The templates among the assets of a stack, by their hash: its nested stacks."""
    files = _member(_parsed(path, _bytes(path)), "files")
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


def _inside(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise TemplateError(f"{folder / MANIFEST}: {name!a} is outside of the assembly")
    return path


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size or LARGEST_BYTES  # a pipe has none
            content = stream.read(min(size, LARGEST_BYTES) + 1)
    except (OSError, ValueError) as error:  # a name with a zero byte is a ValueError
        raise TemplateError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    if len(content) > LARGEST_BYTES:
        raise TemplateError(f"{path}: larger than {LARGEST_BYTES} bytes")
    return content


def _parsed(path: Path, content: bytes) -> Any:
    twice: list[str] = []
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TemplateError(f"{path}: not UTF-8 at byte {error.start}") from None
    try:
        if text.lstrip()[:1] in {"{", "["} and path.suffix not in {".yaml", ".yml"}:
            return read_json(text, twice.append)
        return read_yaml(text, twice.append)
    except json.JSONDecodeError as error:
        raise TemplateError(f"{path}: line {error.lineno} column {error.colno}: not JSON: {error.msg}") from None
    except RecursionError:
        raise TemplateError(f"{path}: nested too deeply") from None
    except ValueError as error:  # Python refuses integers of thousands of digits
        reason = error if isinstance(error, (YamlError, JsonTextError)) else "a number of thousands of digits"
        raise TemplateError(f"{path}: {reason}") from None
    finally:
        if twice:
            more = f", and {len(twice) - 1} more like it" if len(twice) > 1 else ""
            note(f"{shown(path)}: {twice[0]}{more}: the later one counts, as in CloudFormation; remove one of them")


def _check(parameters: Mapping[str, str], apps: list[_App]) -> None:
    """Refuse a parameter that no template has, as the default would stand in silence, and a value that none allows."""
    declared: dict[str, list[object]] = {}
    for app in apps:
        for content in app.contents.values():
            found = _member(content, "Parameters")
            for name, declaration in found.items() if isinstance(found, Mapping) else ():
                declared.setdefault(str(name), []).append(declaration)
    for name, value in parameters.items():
        if name not in declared and not name.startswith("AWS::"):
            raise TemplateError(
                f"no template has the parameter {name!a}; there are: {', '.join(sorted(declared)) or 'none'}"
            )
        allowed = [_allowed(declaration) for declaration in declared.get(name, ())]
        if allowed and all(values is not None and not _allows(values, value) for values in allowed):
            values = dict.fromkeys(item for items in allowed for item in items or ())
            raise TemplateError(f"the parameter {name} must be one of {', '.join(map(ascii, values))}, got {value!a}")


def _allowed(declaration: object) -> list[str] | None:
    """The values that a parameter may have, as text; None where it may have any."""
    values = _member(declaration, "AllowedValues")
    texts = [scalar_text(value) for value in values] if isinstance(values, list) else [None]
    return None if None in texts else [text for text in texts if text is not None]


def _allows(allowed: list[str], value: str) -> bool:
    """Whether a value, or each member of a list of values, is allowed."""
    return value in allowed or all(part.strip() in allowed for part in value.split(","))
