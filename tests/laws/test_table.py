"""The table that people read holds together, whatever it has to show."""

import re
from typing import Any

from hypothesis import given
from rich.cells import cell_len

from constructs_lib.limits import Unknown
from constructs_lib.report.terminal import WIDTH
from constructs_lib.report.text import text
from tests.laws.planning import planned
from tests.laws.strategies import LAW, documents

Json = dict[str, Any]
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@LAW
@given(documents())
def test_no_line_of_the_table_is_wider_than_a_hundred_columns(document: Json) -> None:
    written = text(planned(document))
    for line in written.removesuffix("\n").split("\n"):
        assert cell_len(line) <= WIDTH
        assert line == line.rstrip()
        assert line.isprintable(), line


@LAW
@given(documents())
def test_colour_changes_nothing_but_the_colour(document: Json) -> None:
    plan = planned(document)
    coloured = text(plan, colour=True)
    assert [line.rstrip() for line in ANSI.sub("", coloured).split("\n")] == text(plan).split("\n")


@LAW
@given(documents(wild=False))
def test_every_database_gets_a_verdict_and_every_workload_its_numbers(document: Json) -> None:
    plan = planned(document)
    blocks = re.split(r"^Connection budget of ", text(plan, findings=False), flags=re.MULTILINE)[1:]
    for name, block in zip(plan.tally.databases, blocks, strict=True):
        database = plan.tally.databases[name]
        assert block.startswith(name)
        if "nothing was found that connects, " in " ".join(block.split()):
            assert not database.direct
            continue
        (verdict,) = re.findall(r"^  (FITS|DOES NOT FIT|CANNOT BE SHOWN TO FIT): ", block, flags=re.MULTILINE)
        assert (verdict == "FITS") == database.holds
        for allotment in database.direct:
            pools = allotment.demand.pools  # one connection for each is the least where there is no size
            least = ("?",) * 3 if isinstance(pools, Unknown) else tuple(f"≥ {number}" for number in pools)
            shown = r" +".join(re.escape(str(number)) for number in allotment.connections or least)
            assert re.search(rf"^ +{allotment.workload.name}\*? .* {shown}( |$)", block, flags=re.MULTILINE)
