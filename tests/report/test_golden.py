"""What is printed for each document of the golden folder."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.report.formats import FORMATS
from tests.laws.plan_shape import check_plan

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.name.removesuffix(".document.json") for path in GOLDEN.glob("*.document.json"))


def planned(case: str) -> Plan:
    return plan(Document.read(json.loads((GOLDEN / f"{case}.document.json").read_text(encoding="utf-8"))))


def shown(text: str, form: str) -> str:
    """What is printed; of SARIF without the catalogue, and the places in it, which every log repeats."""
    if form != "sarif":
        return text
    log = json.loads(text)
    (run,) = log["runs"]
    del run["tool"]["driver"]["rules"]
    for result in run["results"]:
        del result["ruleIndex"]
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("form", FORMATS)
def test_a_document_is_printed_in_every_format_as_its_golden_file_has_it(
    case: str, form: str, golden: Callable[[str, str], None]
) -> None:
    golden(f"{case}.{FORMATS[form].ending}", shown(FORMATS[form](planned(case)), form))


@pytest.mark.parametrize("case", CASES)
def test_a_golden_plan_has_the_shape_that_people_script_against(case: str) -> None:
    check_plan(json.loads((GOLDEN / f"{case}.json").read_text(encoding="utf-8")))


def test_every_golden_file_belongs_to_a_document() -> None:
    endings = ["document.json", *(form.ending for form in FORMATS.values())]
    assert {path.name for path in GOLDEN.iterdir()} == {f"{case}.{ending}" for case in CASES for ending in endings}
