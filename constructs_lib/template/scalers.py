"""What changes how many tasks an ECS service runs: scalable targets, scaling plans, and calls of UpdateService."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import mapping
from constructs_lib.template.links import Target
from constructs_lib.template.scheduled_tasks import SCHEDULE, switched_off
from constructs_lib.template.shell import COMPUTED
from constructs_lib.template.template import Template
from constructs_lib.template.written import written

SCALABLE_TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
SCALING_PLAN = "AWS::AutoScalingPlans::ScalingPlan"
CALLING = "the call of UpdateService in"
REGISTERING = "the call of RegisterScalableTarget in"
CALLS = (CALLING, REGISTERING)
"""What sets a number at one moment, and leaves it open what else scales the service."""
_POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"
_DYNAMIC = "{{resolve:"
"""In a text that CloudFormation puts another in the place of when the stack is deployed."""
STATE_MACHINE = "AWS::StepFunctions::StateMachine"
SERVERLESS_STATE_MACHINE = "AWS::Serverless::StateMachine"
_MACHINES = (STATE_MACHINE, SERVERLESS_STATE_MACHINE)
_NUMBER = r"(?:\.\$)?[\"']?\s*:\s*(?:\"?([0-9]{1,9})\b(?![.\w]))?"
_TEXT = r"[\"']\s*:\s*[\"']([^\"']*)"


class _Call(NamedTuple):
    """A call of an API by which tasks are set, as a schedule or a state machine makes it."""

    what: str
    action: re.Pattern[str]
    number: re.Pattern[str]
    """The argument that says how many."""
    service: re.Pattern[str]
    """The argument that says of which service."""
    argument: str


_CALLED = (
    _Call(
        CALLING,
        re.compile(r"aws-sdk:ecs:updateService\b", re.IGNORECASE),
        re.compile(rf"desiredCount{_NUMBER}", re.IGNORECASE),
        re.compile(rf"[\"']service{_TEXT}", re.IGNORECASE),
        "UpdateService with a DesiredCount",
    ),
    _Call(
        REGISTERING,
        re.compile(r"aws-sdk:applicationautoscaling:registerScalableTarget\b", re.IGNORECASE),
        re.compile(rf"maxCapacity{_NUMBER}", re.IGNORECASE),
        re.compile(rf"[\"']resourceId{_TEXT}", re.IGNORECASE),
        "RegisterScalableTarget with a MaxCapacity",
    ),
)


class Scaler(NamedTuple):
    """One thing that sets the number of a service's tasks, or its bounds."""

    resource: Target
    what: str
    """What it is, in words."""
    told: object
    """What it says of the service, in which references to it stand."""
    service: object
    """What it calls the service: a name, or the function that computes one."""
    settings: Mapping[str, Any]
    """The bounds, as a scalable target has them."""
    there: bool = True
    """Whether it is there, or removed by a condition."""
    doubt: Unknown | None = None
    """Why the number cannot be told."""


def scalers(template: Template) -> Iterator[Scaler]:
    """Everything in a template that scales ECS services, also what a condition removes."""
    yield from _targets(template)
    yield from _plans(template)
    for logical_id, schedule in template.of_type(SCHEDULE):
        target = mapping(schedule.get("Target"))
        for call in () if switched_off(schedule) else _CALLED:
            if call.action.search(written(target.get("Arn"))):
                yield from _calls(call, Target(template, logical_id, ""), target.get("Input"))
    for kind in _MACHINES:
        for logical_id, machine in template.of_type(kind):
            told = [machine.get(key) for key in ("Definition", "DefinitionString", "DefinitionSubstitutions")]
            for call in _CALLED:
                if call.action.search(_text(told[0]) or _text(told[1])):
                    yield from _calls(call, Target(template, logical_id, ""), *told)


def last_piece(value: object) -> object:
    """What stands behind the last slash of a ResourceId, a text or a function; the whole value where nobody can say."""
    if isinstance(value, str):
        return value.rpartition("/")[2] if _DYNAMIC not in value else {"Fn::Sub": value}
    join = mapping(value).get("Fn::Join")
    if isinstance(join, list) and len(join) == 2 and isinstance(join[1], list) and join[1]:  # noqa: PLR2004 - separator and pieces
        separator, pieces = join
        last = pieces[-1]
        before = f"{pieces[-2] if len(pieces) > 1 and isinstance(pieces[-2], str) else ''}{separator}"
        if isinstance(last, str) and "/" in last:
            return last.rpartition("/")[2]
        return last if before.endswith("/") else value
    text = mapping(value).get("Fn::Sub")
    text = text[0] if isinstance(text, list) and text else text
    if isinstance(text, str):
        tail = text.rpartition("/")[2]
        return tail if "${" not in tail else {"Fn::Sub": tail}
    return value


def _targets(template: Template) -> Iterator[Scaler]:
    raised = dict(_raised(template))
    for logical_id in template.kinds.get(SCALABLE_TARGET, ()):
        there = template.properties(logical_id)
        settings = _removed(template, logical_id) if there is None else there
        target = Target(template, logical_id, "")
        for scaler in _scaling(target, "the scalable target", settings, there=there is not None):
            doubt = raised.get(logical_id, raised.get(repr(settings.get("ResourceId"))))
            yield scaler if doubt is None else scaler._replace(doubt=doubt)


def _raised(template: Template) -> Iterator[tuple[str, Unknown]]:
    """The targets whose MaxCapacity a policy may raise, by their logical id or by what they scale.

    Source: Application Auto Scaling API, PredictiveScalingPolicyConfiguration, MaxCapacityBreachBehavior.
    """
    for logical_id, policy in template.of_type(_POLICY):
        predicted = mapping(policy.get("PredictiveScalingPolicyConfiguration"))
        keeps = predicted.get("MaxCapacityBreachBehavior", "HonorMaxCapacity") == "HonorMaxCapacity"
        if keeps or predicted.get("Mode") == "ForecastOnly":
            continue
        doubt = Unknown(f"the forecast of {logical_id} may raise it (MaxCapacityBreachBehavior)")
        target = mapping(policy.get("ScalingTargetId")).get("Ref")
        yield (target if isinstance(target, str) else repr(policy.get("ResourceId"))), doubt


def _plans(template: Template) -> Iterator[Scaler]:
    for logical_id, plan in template.of_type(SCALING_PLAN):
        instructions = plan.get("ScalingInstructions")
        for instruction in instructions if isinstance(instructions, list) else [{"ResourceId": instructions}]:
            yield from _scaling(Target(template, logical_id, ""), "the scaling plan", mapping(instruction))


def _scaling(resource: Target, what: str, settings: Mapping[str, Any], *, there: bool = True) -> Iterator[Scaler]:
    if _of_a_service(settings):
        told = settings.get("ResourceId")
        yield Scaler(resource, what, told, last_piece(told), settings, there)


def _removed(template: Template, logical_id: str) -> Mapping[str, Any]:
    """What a target that a condition removes would act on."""
    properties = mapping(template.resource(logical_id).get("Properties"))
    return {key: template.resolver.value(properties.get(key)) for key in ("ServiceNamespace", "ResourceId")}


def _calls(call: _Call, resource: Target, *told: object) -> Iterator[Scaler]:
    """The calls in what a schedule or a state machine is told: one for each service that it names."""
    text = "\n".join(map(_text, told))
    counts = [found[1] for found in call.number.finditer(text)]
    if not counts and text.strip(f"\n{COMPUTED}") == text.strip("\n"):
        return  # it changes something else of the service
    unread = not counts or not all(counts)
    doubt = Unknown(f"{resource.logical_id} calls {call.argument} that cannot be read")
    settings = {"MinCapacity": 0, "MaxCapacity": max((int(count) for count in counts if count), default=0)}
    for name in dict.fromkeys(call.service.findall(text)) or ("",):
        service = last_piece(name) if name and COMPUTED not in name and "$" not in name else {"Fn::Sub": "…"}
        yield Scaler(resource, call.what, list(told), service, settings, doubt=doubt if unread else None)


def _text(value: object) -> str:
    """A text as far as it is written out; an object as JSON, where the definition of a state machine is one."""
    found = mapping(value)
    function = len(found) == 1 and str(next(iter(found))).startswith(("Fn::", "Ref"))
    return json.dumps(value, default=str) if found and not function else "" if value is None else written(value)


def _of_a_service(target: Mapping[str, Any]) -> bool:
    """Whether a scalable target acts on an ECS service, or may do so."""
    namespace, first = target.get("ServiceNamespace"), next(_beginning(target.get("ResourceId")), "service/")
    return (not isinstance(namespace, str) or namespace == "ecs") and first.startswith("service")


def _beginning(value: object) -> Iterator[str]:
    """How a ResourceId begins, where that is written out."""
    join, text = mapping(value).get("Fn::Join"), mapping(value).get("Fn::Sub", value)
    if isinstance(join, list) and len(join) == 2 and isinstance(join[1], list):  # noqa: PLR2004 - separator and pieces
        text = next(iter(join[1]), None)
    if isinstance(text, list):
        text = next(iter(text), None)
    if isinstance(text, str) and not text.startswith(("${", _DYNAMIC)):
        yield text
