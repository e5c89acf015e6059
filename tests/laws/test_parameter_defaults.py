"""Whatever a parameter can change, its default is named for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.template.app import App
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.by_default import ByDefault
from constructs_lib.template.discover import discover
from tests.laws.strategies import LAW
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
    """A plan, and what of it rests on defaults."""

    plan: Plan
    by_default: ByDefault

    @property
    def numbers(self) -> Json:
        """Those of the plan, without the words that say why something counts."""
        made = self.plan.to_json()
        parts = {part: made[part] for part in ("databases", "proxies", "workloads")}
        return {
            part: {name: {**entry, "evidence": None} for name, entry in entries.items()}
            for part, entries in parts.items()
        }

    @property
    def named(self) -> bool:
        """Whether what is assumed, or what is said not to be there, names the parameter."""
        said = [finding.message for finding in self.plan.findings if finding.id == "assumed"]
        return any("--parameter Any=" in words for words in said) or bool(self.by_default.absent)


def read(content: Json, **given: str) -> Read:
    assembly = Assembly({"app.json": content}, given=given)
    found = discover(assembly)
    document, by_default = found.read(Document.read(found.entries), App(assembly))
    return Read(plan(document), by_default)


def other(before: Any, after: Any) -> bool:
    """Whether anything is not as it was; what was unknown is reported as that, whatever it may become."""
    if isinstance(before, dict):
        return before.keys() != after.keys() or any(other(item, after[key]) for key, item in before.items())
    return before is not None and bool(before != after)


def named(document: Document, by_default: ByDefault) -> bool:
    """Whether what is assumed, or what is said not to be there, names the parameter."""
    said = [finding.message for finding in plan(document).findings if finding.id == "assumed"]
    return any("--parameter Any=" in words for words in said) or bool(by_default.absent)


LEAVES = list(leaves({key: WHOLE[key] for key in ("Globals", "Resources")}))
FEWER = settings(LAW, max_examples=30)
"""Each reads a whole shop several times."""


def computed(path: Path, value: object) -> Json:
    """The shop with a parameter in the place of a value, which is its default."""
    declared = {"Parameters": {"Any": {"Type": "String", "Default": str(value)}}}
    content: Json = replaced(WHOLE, path, {"Ref": "Any"})
    return content | declared


@FEWER
@given(st.sampled_from(LEAVES), st.data())
def test_a_number_that_another_value_of_a_parameter_changes_names_that_parameter(
    leaf: tuple[Path, Any], data: st.DataObject
) -> None:
    content, given = computed(*leaf), data.draw(st.sampled_from(others(leaf[1])))
    found = read(content)
    assert found.named or not other(found.numbers, read(content, Any=given).numbers), (leaf, given)


@FEWER
@given(
    st.sampled_from(sorted(WHOLE["Resources"])),
    st.sampled_from(["yes", "no"]),
    st.sampled_from(["Fn::Equals", "Fn::Not"]),
)
def test_a_number_that_a_resource_there_or_not_there_changes_names_the_parameter_that_decides(
    logical_id: str, default: str, function: str
) -> None:
    equal: Json = {"Fn::Equals": [{"Ref": "Any"}, "yes"]}
    content = replaced(WHOLE, ("Resources", logical_id), {**WHOLE["Resources"][logical_id], "Condition": "If"}) | {
        "Parameters": {"Any": {"Type": "String", "Default": default}},
        "Conditions": {"If": equal if function == "Fn::Equals" else {function: [equal]}},
    }
    found = read(content)
    assert found.named or not other(found.numbers, read(content, Any="no" if default == "yes" else "yes").numbers)


@FEWER
@given(st.sampled_from(LEAVES))
def test_what_is_given_leaves_no_mark(leaf: tuple[Path, Any]) -> None:
    content = computed(*leaf)
    found = read(content, Any=str(leaf[1]))
    assert not found.named
    assert unmarked(found.numbers) == unmarked(read(content).numbers)


def unmarked(numbers: Json) -> Json:
    """The numbers without the names of those that rest on a default, which is what the law is about."""
    workloads = {name: {**item, "assumed": None} for name, item in numbers["workloads"].items()}
    return {**numbers, "workloads": workloads}
