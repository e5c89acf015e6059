"""The formats of a plan."""

import json
import subprocess
import sys

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import plan
from constructs_lib.report.formats import FORMATS
from tests.laws.plan_shape import check_plan

DOCUMENT = {"schema": 1, "databases": {"注文": {"max_connections": 683}}, "workloads": {"é": {"database": "注文"}}}


def test_json_is_the_plan_and_nothing_else() -> None:
    made = plan(Document.read(DOCUMENT))
    written = json.loads(FORMATS["json"](made))
    assert written == made.to_json()
    check_plan(written)


def test_every_format_ends_with_one_line_feed() -> None:
    for form in FORMATS.values():
        text = form(plan(Document.read(DOCUMENT)))
        assert text.endswith("\n")
        assert not text.endswith("\n\n\n")


def test_json_needs_no_terminal_library() -> None:
    program = """
import sys
from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import plan
from constructs_lib.report.formats import FORMATS
FORMATS["json"](plan(Document.read({"schema": 1, "databases": {"orders": {}}})))
print("rich" in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
