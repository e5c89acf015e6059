"""The package as a whole."""

import subprocess
import sys

from constructs_lib import limits

IMPORTS = """
import sys
import constructs_lib.limits
print(" ".join(sorted({name.split(".")[0] for name in sys.modules})))
"""


def test_all_that_is_exported_exists_and_is_sorted() -> None:
    assert list(limits.__all__) == sorted(limits.__all__)
    for name in limits.__all__:
        assert hasattr(limits, name)


def test_importing_the_limits_loads_nothing_heavy() -> None:
    run = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert not loaded & {"difflib", "fractions", "decimal", "json", "boto3", "aws_cdk", "jsii", "math", "datetime"}
