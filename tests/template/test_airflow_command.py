"""What the commands of Airflow start."""

from typing import Any

import pytest

from constructs_lib.limits import Unknown
from tests.template.test_commands import processes

LOCAL = {"AIRFLOW__CORE__EXECUTOR": "LocalExecutor"}


@pytest.mark.parametrize(
    ("command", "variables", "count"),
    [
        ("airflow webserver", {}, 4),
        ("airflow webserver -w 2", {}, 2),
        ("airflow webserver", {"AIRFLOW__WEBSERVER__WORKERS": "3"}, 3),
        ("airflow api-server --workers 2", {}, 2),
        ("airflow scheduler", LOCAL, 33),
        ("airflow scheduler", {**LOCAL, "AIRFLOW__CORE__PARALLELISM": "8"}, 9),
        ("airflow scheduler", {"AIRFLOW__CORE__EXECUTOR": "CeleryExecutor,LocalExecutor"}, 33),
        ("airflow scheduler", {"AIRFLOW__CORE__EXECUTOR": "CeleryExecutor"}, None),
        ("airflow db migrate", {}, None),
        ("airflow triggerer", {}, None),
    ],
)
def test_a_command_starts_what_is_documented_of_it(command: str, variables: Any, count: int | None) -> None:
    """The scheduler is a process beside the 32, or the 8, in which a local executor runs tasks."""
    assert processes(command.split(), **variables) == count


@pytest.mark.parametrize(
    ("command", "variables", "reason"),
    [
        ("airflow scheduler", {}, "AIRFLOW__CORE__EXECUTOR is not set, and with LocalExecutor the scheduler starts"),
        (
            "airflow scheduler",
            {"AIRFLOW__CORE__EXECUTOR": Unknown("it is a secret")},
            "cannot be read, for it is a sec",
        ),
        ("airflow scheduler", {**LOCAL, "AIRFLOW__CORE__PARALLELISM": "0"}, "AIRFLOW__CORE__PARALLELISM is no count"),
        ("airflow standalone", {}, "airflow standalone starts several programs"),
        ("airflow webserver $ARGS", {}, "an argument of airflow webserver is computed, and may set --workers"),
        ("airflow $ROLE", {}, "what airflow runs is computed"),
        ("mlflow server $ARGS", {}, "an argument of mlflow is computed, and may set --workers"),
    ],
)
def test_what_nobody_can_know_is_unknown(command: str, variables: Any, reason: str) -> None:
    found = processes(command.split(), **variables)
    assert isinstance(found, Unknown)
    assert reason in found.reason


@pytest.mark.parametrize(
    ("command", "count"),
    [
        ("mlflow server --host 0.0.0.0", 4),
        ("mlflow server -w 2", 2),
        ("mlflow ui", 4),
        ("mlflow server --backend-store-uri $URI --default-artifact-root $ROOT", 4),
        ("mlflow gc", None),
    ],
)
def test_mlflow_starts_four_workers_where_nothing_is_said(command: str, count: int | None) -> None:
    assert processes(command.split()) == count
    assert processes(["mlflow", "server", "--gunicorn-opts", "--workers 8 --timeout 30"]) == 8
