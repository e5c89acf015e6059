"""What the server accepts is not known."""

from typing import Any

import pytest

from constructs_lib.limits import limit_query
from tests.budget.orders import entry, findings, only, planned


def test_a_limit_that_could_not_be_read_is_an_error_and_never_a_guess() -> None:
    made = planned({"api": entry(tasks=1)}, max_connections={"unknown": "Ref MaxConnections"})
    finding = only(made, "unknown-limit")
    assert (finding.severity.value, finding.subject) == ("error", "orders")
    assert finding.message == "max_connections of orders is unknown, so nothing can be shown to fit: Ref MaxConnections"
    assert finding.fix == (
        "correct what the reason names, or give max_connections as the server itself says it;"
        " it fits with max_connections=14 for orders, if it accepts that many or more"
    )
    assert not made.fits


@pytest.mark.parametrize(
    ("engine", "said"),
    [
        ("postgres", "as `SHOW max_connections` prints it"),
        ("mysql", f"as `{limit_query('mysql')}` prints it"),
        ("oracle-se2", f"as `{limit_query('oracle-se2')}` prints it"),
    ],
)
def test_the_server_is_asked_in_the_words_of_its_engine(engine: str, said: str) -> None:
    made = planned({}, engine=engine, max_connections={"unknown": "Ref MaxConnections"})
    assert said in only(made, "unknown-limit").fix
    assert ("SHOW" in said) == (engine == "postgres")


def test_an_unknown_class_is_an_error_and_a_declared_limit_makes_up_for_it() -> None:
    said: dict[str, Any] = {"engine": "postgres", "instance_class": "db.r99.large"}
    assert findings(planned({}, **said), "unknown-limit") == []
    made = planned({}, **said, max_connections={"unknown": "a token"})
    assert only(made, "unknown-limit").subject == "orders"


def test_an_unknown_percentage_is_an_error_of_the_proxy() -> None:
    front = {"database": "orders", "max_connections_percent": {"unknown": "Ref Percent"}}
    finding = only(planned({}, proxies={"front": front}), "unknown-limit")
    assert finding.subject == "front"
    assert finding.message == "the share of max_connections that front may open is unknown: Ref Percent"
