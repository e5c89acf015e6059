"""Reading one template, in JSON or YAML."""

import itertools
import json
import os
import re
from codecs import BOM_UTF8
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from constructs_lib.cli.cloudformation_yaml import YamlError, read_yaml
from constructs_lib.cli.json_text import JsonTextError, read_json
from constructs_lib.cli.note import note
from constructs_lib.cli.shown_path import shown
from constructs_lib.template.containers import entries
from constructs_lib.template.intrinsics import mapping
from constructs_lib.template.members import TASK_DEFINITION
from constructs_lib.template.template import Template

LARGEST_BYTES = 20_000_000
"""CloudFormation takes templates of 1 MB."""
_LIKE_A_TEMPLATE = re.compile(
    rb"""AWSTemplateFormatVersion|^(?:\xef\xbb\xbf)?\s*["']?Resources["']?\s*:|["']Resources["']\s*:""", re.MULTILINE
)
"""What no file of a folder is passed over for that cannot be read: its databases and services would be missing."""
_ESCAPED = re.compile(rb"\\[uUx\r\n]")
"""What can stand in a string for a part of `AWS::`: a character by its number, in YAML also the end of a line."""
_WIDE = re.compile(rb"A\0+W\0+S\0")
"""In UTF-16 and UTF-32, which nothing here reads."""
_PLAIN = re.compile("[!-~]*")
"""What is printed as it is, without spaces."""
LONGEST_NAME = 255
"""Characters of a logical id (AWS CloudFormation quotas), and of a container's name (Amazon ECS)."""


class TemplateError(ValueError):
    """What cannot be read: the file, the place in it, and what is wrong, on one line."""


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


def template_in(path: Path) -> Mapping[str, Any] | None:
    """The template in a file; None where it holds something else."""
    try:
        content = _bytes(path)
    except TemplateError:
        return None
    wide = _WIDE.search(content)
    if b"AWS::" not in content and not wide and not _ESCAPED.search(content):  # the type of every resource
        return None
    try:
        parsed = _parsed(path, content)
    except TemplateError:
        if wide or _LIKE_A_TEMPLATE.search(content):
            raise
        return None
    resources = parsed.get("Resources") if isinstance(parsed, Mapping) else None
    typed = isinstance(resources, Mapping) and any(
        key.startswith("Fn::") or (isinstance(item, Mapping) and "Type" in item) for key, item in resources.items()
    )
    if not typed:
        return None
    _check_names(path, mapping(resources))
    return mapping(parsed)


def read_parsed(path: Path) -> Any:
    """Read whatever JSON or YAML is in a file.

    Raises:
        TemplateError: where it is neither.

    """
    return _parsed(path, _bytes(path))


def _check_names(path: Path, resources: Mapping[str, Any]) -> None:
    """Refuse names that nobody could print, which CloudFormation refuses as well."""
    for logical_id in _unprintable(resources):
        raise TemplateError(
            f"{path}: a logical id must be of 1 to {LONGEST_NAME} letters and digits, got {logical_id[:80]!a}:"
            " rename the resource"
        )


def check_containers(path: Path, template: Template) -> None:
    """Refuse names of containers that nobody could print, and ECS refuses as well.

    Raises:
        TemplateError: for the first of them.

    """
    for logical_id in template.kinds.get(TASK_DEFINITION, ()):
        for container, _ in entries(
            mapping(template.resource(logical_id).get("Properties")).get("ContainerDefinitions")
        ):
            name = container.get("Name")
            if isinstance(name, str) and not _printable(name):
                raise TemplateError(
                    f"{path}: {logical_id}: the name of a container must be of 1 to {LONGEST_NAME} letters,"
                    f" digits, hyphens and underscores, got {name[:80]!a}: rename the container"
                )


def _unprintable(names: Collection[str]) -> Iterator[str]:
    """Those of many names that nobody could print; it is quickly told that there are none."""
    if _PLAIN.fullmatch("".join(names)) and "" not in names and max(map(len, names), default=0) <= LONGEST_NAME:
        return iter(())
    return itertools.filterfalse(_printable, names)


def _printable(name: str) -> bool:
    return len(name) <= LONGEST_NAME and name.isprintable() and name.strip() != ""


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
    text = content.removeprefix(BOM_UTF8)
    try:
        if text.lstrip()[:1] in {b"{", b"["} and path.suffix not in {".yaml", ".yml"}:
            return read_json(text, twice.append)
        return read_yaml(text.decode(), twice.append)
    except UnicodeDecodeError as error:
        raise TemplateError(f"{path}: not UTF-8 at byte {error.start}") from None
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
