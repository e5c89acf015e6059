"""What this distribution promises: names that people import, and the command that they run."""

import subprocess
import sys
from importlib.metadata import distribution, entry_points
from importlib.resources import files

import pytest

import constructs_lib
from constructs_lib import limits, runtime
from constructs_lib.runtime.engine_plugin import NAME, EnginePlugin


def test_the_package_exports_the_construct_and_nothing_else() -> None:
    assert constructs_lib.__all__ == ["ConnectionBudget"]
    public = {name for name in vars(constructs_lib) if not name.startswith("_")}
    modules = {name for name in public if f"constructs_lib.{name}" in sys.modules}
    assert public - modules - {"TYPE_CHECKING", "ConnectionBudget"} == set()


def test_a_name_that_there_is_not_is_an_attribute_error_and_loads_nothing() -> None:
    with pytest.raises(AttributeError, match="module 'constructs_lib' has no attribute 'ConnectionBudgets'"):
        _ = constructs_lib.ConnectionBudgets


@pytest.mark.synth
def test_the_construct_is_loaded_when_it_is_used() -> None:
    program = """
import sys
import constructs_lib
assert "aws_cdk" not in sys.modules
from constructs_lib import ConnectionBudget
assert "aws_cdk" in sys.modules
from constructs_lib.cdk import ConnectionBudget as same
assert ConnectionBudget is same
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_limits_export_what_they_list() -> None:
    public = {
        name
        for name, value in vars(limits).items()
        if not name.startswith("_") and getattr(value, "__module__", "").startswith("constructs_lib.limits")
    }
    assert set(limits.__all__) == public


def test_the_limits_are_pinned() -> None:
    """Removing one of these is a breaking change."""
    assert {
        "Basis",
        "FormulaError",
        "Limit",
        "Reserved",
        "Server",
        "Unknown",
        "class_names",
        "current_classes",
        "family_classes",
        "limit_of",
        "memory_bytes_of",
        "nearest_classes",
        "reserved_slots",
    } <= set(limits.__all__)


def test_the_runtime_exports_what_it_lists_and_every_name_resolves() -> None:
    assert list(runtime._HOME) == runtime.__all__
    for name, home in runtime._HOME.items():
        assert getattr(runtime, name).__module__ == f"constructs_lib.runtime.{home}"
    assert set(runtime.__all__) <= set(dir(runtime))
    with pytest.raises(AttributeError, match=r"module 'constructs_lib\.runtime' has no attribute 'engine_option'"):
        _ = runtime.engine_option


def test_the_runtime_is_pinned() -> None:
    """Removing one of these is a breaking change."""
    assert {
        "ServerCheckError",
        "Settings",
        "SettingsError",
        "asyncpg_pool_options",
        "authenticate_with_iam",
        "check_server",
        "check_server_async",
        "create_async_engine",
        "create_engine",
        "dispose_after_fork",
        "django_database_options",
        "engine_options",
        "psycopg_pool_options",
        "read_settings",
        "warm",
        "warm_async",
    } <= set(runtime.__all__)


def test_the_distribution_is_typed_and_needs_no_other() -> None:
    assert files("constructs_lib").joinpath("py.typed").is_file()
    required = distribution("rds-connection-budget").requires or []
    assert [line for line in required if "extra ==" not in line] == []


def test_the_extras_are_those_that_the_messages_name() -> None:
    metadata = distribution("rds-connection-budget").metadata
    assert {"cdk", "cli", "aws", "server", "runtime"} <= set(metadata.get_all("Provides-Extra") or [])


def test_the_console_script_resolves_to_the_command_line() -> None:
    (script,) = entry_points(group="console_scripts", name="connection-budget")
    assert script.value == "constructs_lib.cli.__main__:main"
    assert callable(script.load())


def test_sqlalchemy_finds_the_plugin_by_its_name() -> None:
    (plugin,) = entry_points(group="sqlalchemy.plugins", name="connection_budget")
    assert plugin.load() is EnginePlugin
    assert plugin.name == NAME
