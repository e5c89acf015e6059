"""An app in a folder of its own, and what its synth leaves behind."""

from collections.abc import Callable
from pathlib import Path

import aws_cdk as cdk
import pytest

from tests.cdk.shop import Shop, new_app
from tests.cdk.synthesis import Synthesis, synthesize


@pytest.fixture
def app(tmp_path: Path) -> cdk.App:
    return new_app(tmp_path / "cdk.out")


@pytest.fixture
def shop(app: cdk.App) -> Shop:
    return Shop(app)


@pytest.fixture
def synth(app: cdk.App) -> Callable[..., Synthesis]:
    """Synthesizes the app of the other fixtures."""

    def run(*, force: bool = False) -> Synthesis:
        return synthesize(app, force=force)

    return run
