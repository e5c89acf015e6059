"""Which versions of the CDK a budget can be kept with."""

import importlib
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

import constructs_lib.cdk
from constructs_lib.cdk.cdk_version import FIRST, CdkVersionError, require_cdk

INSTALLED = "constructs_lib.cdk.cdk_version.version"


@pytest.mark.parametrize("found", ["2.9.0", "2.262.0", "2.270.99", "1.999.0", "0.0.0", ""])
def test_a_cdk_that_takes_an_acknowledgement_for_the_whole_app_is_refused(
    monkeypatch: pytest.MonkeyPatch, found: str
) -> None:
    monkeypatch.setattr(INSTALLED, lambda _: found)
    with pytest.raises(CdkVersionError, match=rf"needs aws-cdk-lib 2\.271 or newer, got {found}: .*; pip install"):
        require_cdk()


@pytest.mark.parametrize("found", ["2.271.0", "2.271.0rc1", "2.1000.0"])
def test_one_that_takes_it_for_its_construct_is_not(monkeypatch: pytest.MonkeyPatch, found: str) -> None:
    monkeypatch.setattr(INSTALLED, lambda _: found)
    require_cdk()


def test_whoever_imports_the_construct_without_the_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(INSTALLED, lambda _: "2.270.0")
    with pytest.raises(CdkVersionError, match=r"got 2\.270\.0: "):
        importlib.reload(constructs_lib.cdk)


def test_without_a_cdk_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(INSTALLED, missing)
    with pytest.raises(ModuleNotFoundError, match=r"needs aws-cdk-lib: pip install 'rds-connection-budget\[cdk\]'"):
        importlib.reload(constructs_lib.cdk)


def test_the_extra_asks_for_the_version_that_is_required() -> None:
    project = Path(__file__).parents[2] / "pyproject.toml"
    assert f'"aws-cdk-lib>={FIRST[0]}.{FIRST[1]},<3"' in project.read_text(encoding="utf-8")
