"""Custom resources of CloudFormation: a function is called in their place, with their properties."""

from constructs_lib.template.functions import FUNCTIONS
from constructs_lib.template.intrinsics import mapping
from constructs_lib.template.links import Links, Target

CUSTOM_RESOURCE = "AWS::CloudFormation::CustomResource"
CUSTOM = "Custom::"
"""How the types begin that templates make up."""
_FRAMEWORK = "USER_ON_EVENT_FUNCTION_ARN"
"""The variable that tells the function of the CDK's provider framework which function to call."""


def handler_of(links: Links, resource: Target) -> Target | None:
    """The function of the app that is given a custom resource's properties; None where its ServiceToken names none."""
    function = _function(links, resource, resource.properties.get("ServiceToken"))
    if function is None:
        return None
    environment = mapping(function.properties.get("Environment"))
    variables = mapping(environment.get("Variables"))
    return _function(links, function, variables.get(_FRAMEWORK)) or function


def _function(links: Links, at: Target, value: object) -> Target | None:
    targets = links.targets(at.template, value)
    return next(
        (item._replace(attribute="") for item in targets if item.template.kind(item.logical_id) in FUNCTIONS), None
    )
