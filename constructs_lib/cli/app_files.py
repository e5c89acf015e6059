"""Finding the templates of an app: files, a folder of them, or the assembly that a synth leaves."""

import os
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from constructs_lib.cli.cloud_assembly import MANIFEST, CloudAssembly
from constructs_lib.cli.template_file import TemplateError, check_containers, read_template, template_in
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.intrinsics import mapping
from constructs_lib.template.parameters import scalar_text
from constructs_lib.template.template import STACKS

MOST_FILES = 2_000
"""Files of a folder that are looked at."""
_SUFFIXES = (".json", ".yaml", ".yml", ".template")
_NUMBER = re.compile(r"\s*[-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\s*", re.ASCII)
_PASSED_OVER = {"node_modules", "__pycache__", "venv"}


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
    return [app.assembly(parameters, defaults=defaults) for app in apps if app.contents]


class _App:
    """What belongs together: the contents of its files, and what the assembly's manifest says of them."""

    def __init__(self, folder: Path, contents: dict[str, object] | None = None, name: str = "") -> None:
        self.folder = folder
        self.name = name or folder.name
        self.contents: dict[str, object] = contents or {}
        self.pseudo: Mapping[str, Mapping[str, object]] = {}
        self.assets: Mapping[str, str] = {}

    def assembly(self, parameters: Mapping[str, str] | None, *, defaults: bool) -> Assembly:
        """The templates, indexed and linked."""
        found = Assembly(
            self.contents,
            name=self.name,
            folder=str(self.folder),
            given=parameters,
            pseudo=self.pseudo,
            assets=self.assets,
            defaults=defaults,
        )
        for file in self.contents:
            check_containers(self.folder / file, found[file])
        return found


def _of_files(files: Sequence[Path]) -> _App:
    """The app of some files, below the folder that all of them are in."""
    if len({file.is_absolute() for file in files}) > 1:  # nothing to begin with in common
        files = [file.absolute() for file in files]
    folder = Path(os.path.commonpath([file.parent for file in files]))
    contents: dict[str, object] = {file.relative_to(folder).as_posix(): read_template(file) for file in files}
    _add_nested(folder, contents)
    return _App(folder, contents, files[0].name if len(files) == 1 else "")


def _in_folder(root: Path) -> Iterator[_App]:
    """The apps below a folder: every assembly is one, and so are all other templates together."""
    loose = _App(root)
    seen = 0
    for directory, folders, files in os.walk(root):
        folder = Path(directory)
        assembly = CloudAssembly.read(folder) if MANIFEST in files else None
        if assembly is not None:
            folders.clear()
            yield from _of_assembly(folder, assembly)
            continue
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _PASSED_OVER)
        for name in sorted(files):
            if not name.endswith(_SUFFIXES) or not (folder / name).is_file():
                continue  # nor is anything read from a pipe, which may never end
            seen += 1
            if seen > MOST_FILES:
                raise TemplateError(f"{root}: more than {MOST_FILES} JSON and YAML files: name a smaller folder")
            content = template_in(folder / name)
            if content is not None:
                loose.contents[(folder / name).relative_to(root).as_posix()] = content
    _add_nested(root, loose.contents)
    yield loose


def _add_nested(root: Path, contents: dict[str, object]) -> None:
    """Read the templates of nested stacks that lie below a folder, and that nobody named: as packages have them."""
    pending = list(contents)
    while pending:
        file = pending.pop()
        for resource in mapping(mapping(contents[file]).get("Resources")).values():
            key = STACKS.get(str(mapping(resource).get("Type")))
            url = mapping(mapping(resource).get("Properties")).get(key) if key is not None else None
            if not isinstance(url, str) or "://" in url or not url.endswith(_SUFFIXES):
                continue
            path = posixpath.normpath(posixpath.join(posixpath.dirname(file), url))
            if path in contents or len(contents) >= MOST_FILES or not _below(root, path):
                continue
            if (content := template_in(root / path)) is not None:
                contents[path] = content
                pending.append(path)


def _below(root: Path, path: str) -> bool:
    """Whether a file lies below a folder, by whatever links."""
    try:
        found = (root / path).resolve()
        return found.is_file() and found.is_relative_to(root.resolve())
    except (OSError, ValueError):  # a zero byte
        return False


def _of_assembly(folder: Path, assembly: CloudAssembly, read: set[Path] | None = None) -> Iterator[_App]:
    """The app of a cloud assembly, and those of its stages, each in a folder of its own."""
    read = set() if read is None else read
    if (place := folder.resolve()) in read:
        raise TemplateError(f"{folder / MANIFEST}: two stages have this folder, or it is a stage of itself")
    read.add(place)
    app = _App(folder, {file: read_template(folder / file) for file in assembly.templates})
    app.pseudo, app.assets = assembly.stacks, assembly.nested
    yield app
    for name in assembly.stages:
        stage = CloudAssembly.read(folder / name)
        if stage is not None:
            yield from _of_assembly(folder / name, stage, read)


def _check(parameters: Mapping[str, str], apps: list[_App]) -> None:
    """Refuse a parameter that no template has, as the default would stand in silence, and a value that none allows."""
    declared: dict[str, list[object]] = {}
    for app in apps:
        for content in app.contents.values():
            for name, declaration in mapping(mapping(content).get("Parameters")).items():
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
        kinds = [mapping(declaration).get("Type") for declaration in declared.get(name, ())]
        if kinds and all(kind == "Number" for kind in kinds) and not _NUMBER.fullmatch(value):
            raise TemplateError(f"the parameter {name} must be a number, got {value!a}")


def _allowed(declaration: object) -> list[str] | None:
    """The values that a parameter may have, as text; None where it may have any."""
    values = mapping(declaration).get("AllowedValues")
    texts = [scalar_text(value) for value in values] if isinstance(values, list) else [None]
    return None if None in texts else [text for text in texts if text is not None]


def _allows(allowed: list[str], value: str) -> bool:
    """Whether a value, or each member of a list of values, is allowed."""
    return value in allowed or all(part.strip() in allowed for part in value.split(","))
