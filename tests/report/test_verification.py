"""A look at a live server as it is printed."""

import json
from typing import Any

import pytest

from constructs_lib.budget.verification import Verification, verify
from constructs_lib.limits.activity import HIDDEN, Activity, Sessions
from constructs_lib.report.terminal import WIDTH
from constructs_lib.report.verification import verdict
from constructs_lib.report.verification_formats import FORMATS
from tests.budget.orders import entry, planned


def looked(*sessions: Sessions, tasks: Any = 4, **server: Any) -> Verification:
    activity = Activity(**{"max_connections": 683, "reserved": 3, "sessions": sessions, **server})
    return verify(activity, planned({"api": entry(tasks=tasks)}), "orders")


def test_the_table_has_a_row_for_each_application_and_a_line_for_each_observation() -> None:
    """api keeps 4 × 116 = 464 and may open 4 × (116 + 50) = 664."""
    seen = (Sessions("api", "app", "shop", "idle", 470, 2), Sessions("psql", "bob", "shop", "active", 1, 0))
    assert FORMATS["text"](looked(*seen, role_limits={"app": 700})) == (
        "471 of 683 connections in use beside this one; 3 are reserved, 680 are for ordinary roles; limits:\n"
        "role app 700\n"
        "\n"
        " Application  Role  Open  States    Kept  Steady  Scaled out  Deploying\n"
        " ──────────────────────────────────────────────────────────────────────\n"
        " api          app    470  470 idle   464     664         664        664\n"
        " psql         bob      1  1 active\n"
        "\n"
        "WARNING unbudgeted-client: psql (as bob) has 1 connection and is no workload of the budget; such\n"
        "clients have 1 of the 10 set aside (administrative reserve 10 + reservations that nobody uses 0)\n"
        "INFO overflow-in-use: api has 470 connections, 6 more than the 464 that its steady pools keep; it\n"
        "may open 664 scaled out\n"
        "HOLDS: every workload is within its share\n"
    )


def test_the_json_has_the_same_numbers_under_names_that_are_contract() -> None:
    document = json.loads(FORMATS["json"](looked(Sessions("api", "app", "shop", "idle in transaction", 2, 31))))
    assert document == {
        "schema": 1,
        "holds": False,
        "rejected": [],
        "database": "orders",
        "server": {
            "max_connections": 683,
            "reserved": 3,
            "in_use": 2,
            "role_limits": {},
            "database_limits": {},
        },
        "applications": [
            {
                "name": "api",
                "roles": ["app"],
                "connections": 2,
                "states": {"idle in transaction": 2},
                "idle_in_transaction": {"connections": 2, "longest_s": 31},
                "workloads": ["api"],
                "kept": 464,
                "budgeted": 664,
                "scenarios": {"steady": 664, "scaled_out": 664, "deploying": 664},
            }
        ],
        "observations": [
            {
                "id": "leak",
                "severity": "error",
                "subject": "api",
                "message": "api has 2 connections idle in transaction, the longest for 31 s: that is more than the 30 s"
                " that others wait for one (pool_timeout)",
            }
        ],
    }


@pytest.mark.parametrize(
    ("verification", "last"),
    [
        (looked(), "HOLDS: every workload is within its share"),
        (looked(Sessions("api", "app", "shop", "idle", 665, 1)), "DOES NOT HOLD: "),
        (looked(tasks={"unknown": "a token"}), "DOES NOT HOLD: the budget itself has errors (unknown-tasks)"),
        (looked(named=False), "HOLDS as far as can be seen: this account may not see all sessions"),
        (looked(Sessions("api", "app", "shop", HIDDEN, 5, 0)), "HOLDS as far as can be seen: this role may not see"),
        (verify(Activity(max_connections=9, reserved=0, sessions=())), "NOTHING STUCK; with --budget"),
    ],
)
def test_the_last_line_says_no_more_than_could_be_seen(verification: Verification, last: str) -> None:
    assert verdict(verification).startswith(last)
    assert " ".join(FORMATS["text"](verification).split()).endswith(verdict(verification))


def test_names_that_a_client_chose_cannot_command_a_terminal() -> None:
    text = FORMATS["text"](looked(Sessions("\x1b[2J\x9b[bold]x", "a\nb", "shop", "idle", 20, 1)))
    assert all(line.isprintable() and len(line) <= WIDTH for line in text.splitlines())
    assert "�[2J�[bold]x" in text


def test_names_that_a_client_chose_are_plain_ascii_in_json() -> None:
    text = FORMATS["json"](looked(Sessions("\x1b[2J\x9b\u202e", "a", "shop", "idle", 20, 1)))
    assert text.isascii()
    assert all(line.isprintable() for line in text.splitlines())
