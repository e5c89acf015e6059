"""IAM authentication at a small server."""

from tests.budget.orders import entry, findings, only, planned


def test_iam_tokens_at_a_burstable_class_are_worth_knowing() -> None:
    made = planned({"api": entry(iam_auth=True)}, instance_class="db.t4g.micro")
    finding = only(made, "iam-memory")
    assert (finding.severity.value, finding.subject) == ("info", "orders")
    assert "api connect to orders with IAM tokens" in finding.message


def test_elsewhere_or_without_tokens_there_is_nothing_to_say() -> None:
    assert findings(planned({"api": entry(iam_auth=True)}, instance_class="db.r6g.large"), "iam-memory") == []
    assert findings(planned({"api": entry()}, instance_class="db.t4g.micro"), "iam-memory") == []
