"""Whatever value of a whole shop a parameter can change, its default is named for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.template.app import App
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.by_default import absent
from constructs_lib.template.discover import discover
from constructs_lib.template.reread import reread
from tests.template.whole_shop import WHOLE, Path, replaced

Json = dict[str, Any]
OTHERS = {
    "COMPLETE": ["START"],
    "DAEMON": ["REPLICA"],
    "ECS": ["CODE_DEPLOY", "EXTERNAL"],
    "ENABLED": ["DISABLED"],
    "EXTERNAL": ["ECS"],
    "READ_ONLY": ["READ_WRITE"],
    "ROLLING": ["BLUE_GREEN"],
    "START": ["COMPLETE"],
    "false": ["true"],
    "16.4": ["15.4"],
    "8.0.36": ["8.4.3"],
    "db.m5.large": ["db.m5.xlarge"],
    "db.r6g.large": ["db.r6g.xlarge"],
    "db.serverless": ["db.r6g.large"],
    "gunicorn": ["uvicorn", "sh"],
    "mysql": ["postgres"],
    "postgres": ["mysql"],
}
"""What stands in the template, and what else may stand there."""


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The plain values, without the types of resources and the names of variables, which nobody computes."""
    if isinstance(value, dict):
        if len(value) > 1 or not next(iter(value), "").startswith(("Fn::", "Ref")):
            for key, item in value.items():
                yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    elif path[-1] not in {"Type", "Name"} or path[-2] == "DeploymentController":
        yield path, value


def others(value: Any) -> list[str]:
    text = str(value)
    return [str(int(text) + 1), str(int(text) * 3 + 1), "0"] if text.isdigit() else OTHERS.get(text, [f"{text}x"])


@dataclass(frozen=True, slots=True)
class Read:
    """A plan, and the app that it was made of."""

    plan: Plan
    app: App

    @property
    def numbers(self) -> Json:
        """Those of the plan, without the words that say why something counts, and what of it is assumed."""
        made = self.plan.to_json()
        parts = {part: made[part] for part in ("databases", "proxies", "workloads")}
        words: Json = {"evidence": None, "assumed": None}
        return {part: {name: {**entry, **words} for name, entry in entries.items()} for part, entries in parts.items()}

    @property
    def named(self) -> bool:
        """Whether what is assumed, or what is said not to be there, names the parameter."""
        said = [finding.message for finding in self.plan.findings if finding.id == "assumed"]
        return any("--parameter Any=" in words for words in said) or any(absent(self.app))


def read(content: Json, **given: str) -> Read:
    app = App(Assembly({"app.json": content}, given=given))
    templates = app.templates
    assert isinstance(templates, Assembly)
    found = discover(templates, app)
    return Read(plan(found.completed(reread(Document.read(found.entries), "", app))), app)


def other(before: Any, after: Any) -> bool:
    """Whether anything is not as it was; what was unknown is reported as that, whatever it may become."""
    if isinstance(before, dict):
        return before.keys() != after.keys() or any(other(item, after[key]) for key, item in before.items())
    return before is not None and bool(before != after)


UNKNOWN_OTHERWISE = [("Scaling", "ServiceNamespace"), ("Job", "Command")]
"""Where another value is no other number: a target of something else, and a text that is no number of threads."""
LEAVES = [
    (path, value)
    for path, value in leaves({key: WHOLE[key] for key in ("Globals", "Resources")})
    if not any(set(names) <= set(path) for names in UNKNOWN_OTHERWISE)
]


def computed(path: Path, value: object) -> Json:
    """The shop with a parameter in the place of a value, which is its default."""
    declared = {"Parameters": {"Any": {"Type": "String", "Default": str(value)}}}
    content: Json = replaced(WHOLE, path, {"Ref": "Any"})
    return content | declared


EVERY = pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: ".".join(map(str, leaf[0])))


@EVERY
def test_a_number_that_another_value_of_a_parameter_changes_names_that_parameter(leaf: tuple[Path, Any]) -> None:
    content = computed(*leaf)
    found = read(content)
    changing = [value for value in others(leaf[1]) if other(found.numbers, read(content, Any=value).numbers)]
    assert found.named or not changing, changing


@EVERY
def test_what_is_given_leaves_no_mark(leaf: tuple[Path, Any]) -> None:
    content = computed(*leaf)
    found = read(content, Any=str(leaf[1]))
    assert not found.named
    assert found.numbers == read(content).numbers
