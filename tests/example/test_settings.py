"""The switches of the command line."""

import pytest
from aws_cdk import App

from example.settings import Settings

pytestmark = pytest.mark.synth


@pytest.mark.parametrize(
    ("context", "proxy", "overcommit"),
    [
        ({}, False, False),
        ({"proxy": "true"}, True, False),
        ({"overcommit": "true"}, False, True),
        ({"proxy": "true", "overcommit": "true"}, True, True),
        ({"proxy": "false", "overcommit": "false"}, False, False),
    ],
    ids=str,
)
def test_a_switch_is_off_unless_it_is_true(context: dict[str, str], *, proxy: bool, overcommit: bool) -> None:
    settings = Settings.from_context(App(context=context).node)

    assert settings == Settings(proxy=proxy, overcommit=overcommit)


@pytest.mark.parametrize("value", ["yes", "TRUE", "1", "", True, 1], ids=repr)
@pytest.mark.parametrize("switch", ["proxy", "overcommit"])
def test_any_other_value_is_refused(switch: str, value: object) -> None:
    """A switch that is silently off would show the wrong budget."""
    with pytest.raises(ValueError, match=rf'^context {switch!r} must be "true" or "false", got .*-c {switch}=true$'):
        Settings.from_context(App(context={switch: value}).node)
