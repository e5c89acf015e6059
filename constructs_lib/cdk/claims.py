"""Who has claimed what in an app: a server has one budget, a container one set of variables."""

from constructs import IConstruct

from constructs_lib.cdk.misuse import MisuseError
from constructs_lib.cdk.notes import Notes, notes

CLAIM = "connection-budget:claim"


def claim(holder: IConstruct, what: str, by: str, change: str) -> None:
    """Note on a construct that `what` belongs to `by`; raises MisuseError where it belongs to another already."""
    owner = claims(notes(holder)).get(what)
    if owner is not None:
        raise MisuseError(f"{what} is already in the connection budget {owner}, got it again in {by}; {change}")
    holder.node.add_metadata(CLAIM, {"what": what, "by": by})


def claims(noted: Notes) -> dict[str, str]:
    """What has been claimed on a construct, and by whom."""
    return {data["what"]: data["by"] for kind, data in noted if kind == CLAIM}
