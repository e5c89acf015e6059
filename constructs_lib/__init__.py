"""Connection budgets for the AWS CDK: the sum of all pools fits the database.

`from constructs_lib import ConnectionBudget` loads the CDK only when the name is used; the layers below
(`constructs_lib.limits`, `.budget`, `.template`, `.report`) need neither the CDK nor Node.
"""

TYPE_CHECKING = False  # a checker takes it for true; typing would cost an application more than all else here
if TYPE_CHECKING:
    from constructs_lib.cdk import ConnectionBudget as ConnectionBudget

__all__ = ["ConnectionBudget"]


def __getattr__(name: str) -> object:
    if name == "ConnectionBudget":
        from constructs_lib.cdk import ConnectionBudget

        return ConnectionBudget
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
