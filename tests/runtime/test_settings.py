"""The variables as they are read, and what is said of those that cannot be."""

import os
from typing import Any

import pytest

from constructs_lib.budget.plan import Plan
from constructs_lib.runtime import SettingsError, read_settings
from tests.budget.orders import entry, planned
from tests.runtime.container import container


def refusal(**changed: str | None) -> str:
    with pytest.raises(SettingsError) as caught:
        read_settings(environ=container(**changed))
    text = str(caught.value)
    assert "\n" not in text
    return text


def written(plan: Plan, name: str) -> dict[str, str]:
    return dict(plan.environments()[name])


def test_what_the_budget_writes_is_what_the_application_reads() -> None:
    """670 among 4 pools: 167, of which 116 are kept and 50 overflow. An IAM token makes the recycling 800 s."""
    plan = planned({"api": entry(tasks=4, pool_timeout=12, iam_auth=True, env_prefix="ORDERS_")})
    read = read_settings("ORDERS_", written(plan, "api"))
    assert (read.pool_size, read.max_overflow, read.ceiling) == (116, 50, 166)
    assert (read.pool_timeout_s, read.pool_recycle_s, read.pool_pre_ping) == (12, 800, True)
    assert (read.application_name, read.iam_auth, read.behind_pooler, read.pooled) == ("api", True, False, True)
    assert read.statement_timeout_s is None


def test_a_workload_behind_a_proxy_is_told_so() -> None:
    """Half of the proxy's idle client timeout of 600 s."""
    plan = planned(
        {"api": entry(proxy="front", tasks=4)}, proxies={"front": {"database": "orders", "idle_client_timeout": 600}}
    )
    read = read_settings(environ=written(plan, "api"))
    assert (read.behind_pooler, read.pool_recycle_s) == (True, 300)


def test_the_environment_of_the_process_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("DB_")]:
        monkeypatch.delenv(name)
    with pytest.raises(SettingsError):
        read_settings()
    for name, value in container().items():
        monkeypatch.setenv(name, value)
    assert read_settings() == read_settings(environ=container())


def test_every_variable_that_is_missing_is_named_at_once_with_who_should_set_it() -> None:
    text = refusal(DB_POOL_SIZE=None, DB_POOL_RECYCLE=" ")
    assert text.startswith(
        "DB_POOL_SIZE, DB_POOL_RECYCLE are not set: ConnectionBudget writes DB_* into the containers"
    )
    assert refusal(DB_APPLICATION_NAME=None).startswith("DB_APPLICATION_NAME is not set: ")


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("DB_POOL_SIZE", "0", "a whole number from 1 to 1000000 (0 would be no limit), got '0'"),
        ("DB_POOL_SIZE", "-5", "a whole number from 1 to 1000000 (0 would be no limit), got '-5'"),
        ("DB_POOL_SIZE", "٣", "a whole number from 1 to 1000000 (0 would be no limit), got '\\u0663'"),
        ("DB_POOL_SIZE", "5.0", "a whole number from 1 to 1000000 (0 would be no limit), got '5.0'"),
        ("DB_POOL_SIZE", "1_0", "a whole number from 1 to 1000000 (0 would be no limit), got '1_0'"),
        (
            "DB_POOL_SIZE",
            "9" * 5000,
            "a whole number from 1 to 1000000 (0 would be no limit), got a text of 5000 characters",
        ),
        ("DB_MAX_OVERFLOW", "-1", "a whole number from 0 to 1000000 (-1 would be no limit), got '-1'"),
        ("DB_POOL_TIMEOUT", "0", "a whole number from 1 to 86400, got '0'"),
        ("DB_POOL_RECYCLE", "-1", "a whole number from 1 to 86400, got '-1'"),
        ("DB_POOL_PRE_PING", "yes", "true or false, got 'yes'"),
        ("DB_IAM_AUTH", "1", "true or false, got '1'"),
        ("DB_BEHIND_POOLER", "TRUE", "true or false, got 'TRUE'"),
        ("DB_STATEMENT_TIMEOUT", "30s", "a whole number from 1 to 86400, got '30s'"),
        ("DB_POOL_CLASS", "StaticPool", "NullPool or not be set at all, got 'StaticPool'"),
        ("DB_APPLICATION_NAME", "a\0b", "printable or not be set at all, got a text of 3 characters"),
        ("DB_POOL_SIZE", "NaN", "a whole number from 1 to 1000000 (0 would be no limit), got 'NaN'"),
        ("DB_POOL_SIZE", "1e9", "a whole number from 1 to 1000000 (0 would be no limit), got '1e9'"),
        ("DB_POOL_SIZE", "1000001", "a whole number from 1 to 1000000 (0 would be no limit), got '1000001'"),
        ("DB_POOL_SIZE", "x", "a whole number from 1 to 1000000 (0 would be no limit), got a text of one character"),
    ],
)
def test_a_value_that_makes_no_sense_is_named_with_what_is_allowed(name: str, value: str, allowed: str) -> None:
    text = refusal(**{name: value})
    assert text.startswith(f"{name} must be {allowed}: ")


@pytest.mark.parametrize("secret", ["postgresql://app:hunter-two@db/x", "hunter2", "a1b2c3", "12345678abcd", "-hunter"])
def test_a_secret_by_mistake_is_not_quoted(secret: str) -> None:
    for name in container(DB_IAM_AUTH="", DB_BEHIND_POOLER="", DB_STATEMENT_TIMEOUT="", DB_POOL_CLASS=""):
        if name != "DB_APPLICATION_NAME":
            assert f"got a text of {len(secret)} characters: " in refusal(**{name: secret})
    assert secret not in refusal(DB_APPLICATION_NAME=f"{secret}\0")


def test_a_variable_that_the_budget_never_writes_is_not_left_to_it() -> None:
    for name, value in (("DB_STATEMENT_TIMEOUT", "30s"), ("DB_POOL_CLASS", "StaticPool")):
        text = refusal(**{name: value})
        assert text.endswith(": the budget never writes this variable: correct it, or remove it")
    assert "leave the variable to ConnectionBudget" in refusal(DB_POOL_SIZE="0")


def test_a_number_where_text_belongs_is_refused_by_its_type() -> None:
    environ: Any = {**container(), "DB_POOL_SIZE": 4}
    with pytest.raises(SettingsError, match=r"DB_POOL_SIZE must be text, .* got int: put it into quotes"):
        read_settings(environ=environ)


def test_null_pool_needs_the_name_only() -> None:
    read = read_settings(environ={"DB_POOL_CLASS": "NullPool", "DB_APPLICATION_NAME": "job"})
    assert (read.pooled, read.pool_size, read.max_overflow, read.application_name) == (False, 0, 0, "job")


def test_with_iam_tokens_a_shorter_time_stays_and_a_longer_one_is_800_seconds() -> None:
    assert read_settings(environ=container(DB_IAM_AUTH="true")).pool_recycle_s == 800
    assert read_settings(environ=container(DB_IAM_AUTH="true", DB_POOL_RECYCLE="60")).pool_recycle_s == 60
    assert read_settings(environ=container(DB_IAM_AUTH="false")).pool_recycle_s == 1800
