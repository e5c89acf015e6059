"""A recycle that is fixed beyond a timeout."""

import pytest

from tests.budget.orders import entry, findings, only, planned

PROXIES = {"front": {"database": "orders", "idle_client_timeout": 600, "max_connections_percent": 90}}


def test_a_recycle_as_long_as_the_proxys_idle_timeout_is_found() -> None:
    made = planned({"api": entry(proxy="front", pool_recycle=600)}, proxies=PROXIES)
    finding = only(made, "recycle-beyond-timeout")
    assert (finding.severity.value, finding.subject) == ("warning", "api")
    assert "keeps a connection for 600 s" in finding.message
    assert "the idle client timeout of front is 600 s" in finding.message
    assert finding.fix.startswith("pool_recycle=300 for api")
    assert made.to_json()["workloads"]["api"]["pool_recycle"] == 600


def test_the_fix_stays_below_the_shortest_of_several() -> None:
    """Half of 350 s."""
    made = planned({"api": entry(proxy="front", pool_recycle=900, idle_timeout=350)}, proxies=PROXIES)
    assert only(made, "recycle-beyond-timeout").fix.startswith("pool_recycle=175 for api")


def test_with_iam_tokens_a_recycle_is_at_most_800_s() -> None:
    made = planned({"api": entry(iam_auth=True, pool_recycle=3600)})
    finding = only(made, "recycle-beyond-timeout")
    assert "opens it with an IAM token" in finding.message
    assert finding.fix.startswith("pool_recycle=800 for api")
    for keys in ({"iam_auth": True, "pool_recycle": 800}, {"pool_recycle": 3600}, {"iam_auth": True}):
        assert findings(planned({"api": entry(**keys)}), "recycle-beyond-timeout") == []


@pytest.mark.parametrize("keys", [{"pool_recycle": 599}, {"idle_timeout": 20}, {}])
def test_one_below_it_and_one_that_is_chosen_are_not(keys: dict[str, int]) -> None:
    assert findings(planned({"api": entry(proxy="front", **keys)}, proxies=PROXIES), "recycle-beyond-timeout") == []
