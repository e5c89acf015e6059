"""The things that a live server can show, by the names that `verify` gives them."""

from dataclasses import dataclass

from constructs_lib.budget.finding import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One thing that a live server shows; its id is one of `SIGNS`."""

    id: str
    severity: Severity
    subject: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What such a name stands for, and what to do about it."""

    id: str
    title: str
    when: str
    remedy: str


LOWER, LEAK, STRANGER, OVERFLOW = (
    "limit-lower-than-budgeted",
    "leak",
    "unbudgeted-client",
    "overflow-in-use",
)
SIGNS = (
    Sign(
        id=LOWER,
        title="the server, a role or a database accepts less than the budget counts on",
        when=(
            "an error where max_connections is below the budget's, where what is left after the server's own reserved"
            " slots and the administrative reserve is below the worst case, or where a role or database has a limit"
            " below what its workloads may open; a warning where that depends on who uses the role"
        ),
        remedy=(
            "give the server's limit to the budget (connection-budget lookup --from-server), or raise it: the parameter"
            " group needs a reboot, ALTER ROLE … CONNECTION LIMIT does not"
        ),
    ),
    Sign(
        id=LEAK,
        title="a workload holds more than its pools can account for",
        when=(
            "an error beyond its worst case while deploying, or where a transaction has been idle for longer than"
            " pool_timeout; a warning beyond what it opens scaled out, which is a deployment, or a leak"
        ),
        remedy=(
            "a warning should end with the deployment; else look for engines made for each request, tasks that"
            " no budget counts, connections kept by a parent of forked processes, and transactions that nobody ends"
        ),
    ),
    Sign(
        id=STRANGER,
        title="whoever is connected under a name that the budget does not have",
        when=(
            "a warning while all of them together stay within what is set aside (the administrative reserve, and"
            " reservations that nobody connects as), an error beyond. A reservation is known by its name"
        ),
        remedy=(
            "add_reservation with the client's application_name as its name, or give the workload's connections their"
            " DB_APPLICATION_NAME"
        ),
    ),
    Sign(
        id=OVERFLOW,
        title="a workload has more connections than its steady pools keep",
        when="an information: overflow is in use, or more tasks run than the desired ones; both are in the budget",
        remedy="nothing; where it is so all day, pools are too small for the load, or the desired count is",
    ),
)
