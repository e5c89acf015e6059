from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import plan
from storm.deployment import Deployment
from storm.sizing import SIZINGS

DEPLOYMENT = Deployment.of_plan(
    plan(
        Document.read(
            {
                "schema": 1,
                "databases": {
                    "orders": {"engine": "postgres", "max_connections": 120, "reserved": {"engine": 9, "admin": 10}}
                },
                "workloads": {"api": {"database": "orders", "tasks": 2, "max_tasks": 3, "processes": 2}},
            }
        )
    )
)


def test_every_way_to_size_a_pool_comes_to_its_own_numbers() -> None:
    """Budget: 101 ÷ 12 = 8 → 5 + 2. Formulas: (120 − 13) ÷ 4 = 26; 70 % of it 18, half of that 9, 30 % of it 7."""
    assert {name: sizing.size(DEPLOYMENT, "api") for name, sizing in SIZINGS.items()} == {
        "budget": (5, 2),
        "defaults": (5, 10),
        "guess": (100, 20),
        "formula": (18, 9),
        "formula-70-30": (18, 7),
    }


def test_half_on_top_of_seventy_percent_is_more_than_the_share() -> None:
    """18 + 9 = 27 of a share of 26; 18 + 7 = 25 keeps to it."""
    assert SIZINGS["formula"].size(DEPLOYMENT, "api").ceiling == 27
    assert SIZINGS["formula-70-30"].size(DEPLOYMENT, "api").ceiling == 25


def test_the_rehearsed_server_is_the_one_that_the_plan_assumes() -> None:
    """120, of which 9 are reserved, 3 of them for superusers: 111 for an ordinary role."""
    slots = DEPLOYMENT.slots
    assert (slots.max_connections, slots.superuser_reserved_connections, slots.reserved_connections) == (120, 3, 6)
    assert slots.ordinary == 111
    assert DEPLOYMENT.peak == 84
