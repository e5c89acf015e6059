"""Who has claimed what in an app: a server has one budget, a container one set of variables."""

from constructs import IConstruct

from constructs_lib.cdk.misuse import MisuseError

CLAIM = "connection-budget:claim"


def claim(holder: IConstruct, what: str, by: str, change: str) -> None:
    """Note on a construct that `what` belongs to `by`; raises MisuseError where it belongs to another already."""
    owner = claims(holder).get(what)
    if owner is not None:
        raise MisuseError(f"{what} is already in the connection budget {owner}, got it again in {by}; {change}")
    holder.node.add_metadata(CLAIM, {"what": what, "by": by})


def claims(holder: IConstruct) -> dict[str, str]:
    """What has been claimed on a construct, and by whom."""
    entries = [entry.data for entry in holder.node.metadata if entry.type == CLAIM]
    return {entry["what"]: entry["by"] for entry in entries}
