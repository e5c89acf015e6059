"""What importing a layer loads: nobody waits for the CDK, for Node or for boto3 who does not use them."""

import subprocess
import sys

import pytest

HEAVY = {"aws_cdk", "constructs", "jsii", "boto3", "botocore", "sqlalchemy", "psycopg"}
PURE = (
    "constructs_lib",
    "constructs_lib.limits",
    "constructs_lib.budget.plan",
    "constructs_lib.template.reread",
    "constructs_lib.report.formats",
)
TERMINAL = {"rich", "click"}
RUNTIME_MS = 20


def loaded_by(module: str) -> set[str]:
    """The top-level packages that a fresh interpreter has loaded after importing one module."""
    program = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


@pytest.mark.parametrize("module", [*PURE, "constructs_lib.cli.commands", "constructs_lib.cli.__main__"])
def test_a_layer_without_aws_loads_neither_the_cdk_nor_boto3_nor_sqlalchemy(module: str) -> None:
    assert not loaded_by(module) & HEAVY


@pytest.mark.parametrize("module", PURE)
def test_a_pure_layer_loads_nothing_for_a_terminal(module: str) -> None:
    assert not loaded_by(module) & TERMINAL


def test_using_the_plan_command_loads_no_cdk_either() -> None:
    program = """
import sys
from click.testing import CliRunner
from constructs_lib.cli.commands import commands
document = '{"schema": 1, "databases": {"orders": {"max_connections": 99}}}'
result = CliRunner().invoke(commands, ["plan", "-"], input=document)
assert result.exit_code == 0, result.output
assert "constructs_lib.template.template" not in sys.modules, "a document is no template"
print(*{name.partition(".")[0] for name in sys.modules})
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not set(run.stdout.split()) & HEAVY


FUNCTIONS = "from constructs_lib.runtime import create_async_engine, create_engine, engine_options"
ENGINE = {"constructs_lib.budget", "constructs_lib.budget.variables", "constructs_lib.runtime.engine"}


@pytest.mark.parametrize(("statement", "more"), [("import constructs_lib.runtime", set()), (FUNCTIONS, ENGINE)])
def test_the_runtime_is_imported_in_20_ms_and_loads_nothing_that_an_application_may_not_have(
    statement: str, more: set[str]
) -> None:
    """The best of five, in the processor's time: what else the machine does is not the package's fault."""
    program = f"""
import sys, time
before, start = set(sys.modules), time.process_time()
{statement}
print((time.process_time() - start) * 1000)
print(*(set(sys.modules) - before))
"""
    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.splitlines()
        for _ in range(5)
    ]
    assert min(float(milliseconds) for milliseconds, _ in runs) < RUNTIME_MS
    of_python = {"__future__", "importlib", "importlib._bootstrap", "importlib._bootstrap_external", "warnings"}
    expected = {"constructs_lib", "constructs_lib.runtime", *more}
    assert all(set(loaded.split()) - of_python == expected for _, loaded in runs)


def test_using_the_runtime_loads_no_cdk_no_boto3_and_without_an_engine_no_sqlalchemy() -> None:
    program = """
import sys
from constructs_lib import runtime
for name in runtime.__all__:
    getattr(runtime, name)
names = ("POOL_SIZE", "MAX_OVERFLOW", "POOL_TIMEOUT", "POOL_RECYCLE", "APPLICATION_NAME")
environ = {"DB_POOL_PRE_PING": "true", **{f"DB_{name}": "1" for name in names}}
runtime.asyncpg_pool_options(environ=environ), runtime.django_database_options(environ=environ)
runtime.psycopg_pool_options(environ=environ), runtime.read_settings(environ=environ)
assert "sqlalchemy" not in sys.modules, "other pools do without"
for driver in ("psycopg", "psycopg2", "asyncpg", "pymysql", "aiomysql"):
    runtime.engine_options(environ=environ, driver=driver)
print(*{name.partition(".")[0] for name in sys.modules})
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not set(run.stdout.split()) & (
        (HEAVY - {"sqlalchemy"}) | TERMINAL | {"asyncpg", "celery", "django", "pymysql"}
    )
