"""Where a construct ends up in the synthesized templates."""

import aws_cdk as cdk


def located(construct: cdk.CfnElement, home: cdk.Stack) -> dict[str, str]:
    """The logical id, still a token so that a later rename counts, and the template file if it is not `home`'s."""
    stack = construct.stack
    place = {"logical_id": construct.logical_id}
    same = stack is home or stack.node.path == home.node.path
    return place if same else {**place, "template": stack.template_file}
