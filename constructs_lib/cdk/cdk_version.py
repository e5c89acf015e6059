"""The version of the CDK, which is not always the one that the extra `[cdk]` would have installed."""

import re
from importlib.metadata import version

FIRST = (2, 271)
"""The first in which an acknowledgement counts for its construct, and not for every construct of the app."""


class CdkVersionError(ImportError):
    """The CDK that is installed would let a synth pass that has to fail."""


def require_cdk() -> None:
    """Raises CdkVersionError where the installed CDK is older than the first that keeps a budget's word."""
    found = version("aws-cdk-lib")
    if tuple(int(part) for part in re.findall(r"\d+", found)[:2]) < FIRST:
        first = ".".join(map(str, FIRST))
        raise CdkVersionError(
            f"constructs_lib.cdk needs aws-cdk-lib {first} or newer, got {found}: with older ones cdk synth passes what"
            " does not fit, for an acknowledgement on one construct hides the findings of all;"
            f" pip install 'aws-cdk-lib>={first},<3'"
        )
