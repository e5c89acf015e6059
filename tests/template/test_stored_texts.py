"""Pool sizes in the text of a template's own secrets and stored parameters."""

from typing import Any

import pytest

from tests.template.app_templates import resource
from tests.template.reachable_shop import container
from tests.template.test_discover import peaks, with_api

_URL = {"Fn::Sub": "postgres://u:p@${Db.Endpoint.Address}/x?connection_limit=45"}


def _secret(text: Any) -> Any:
    return resource("AWS::SecretsManager::Secret", SecretString=text)


def _parameter(text: Any) -> Any:
    return resource("AWS::SSM::Parameter", Name="/shop/url", Type="String", Value=text)


@pytest.mark.parametrize(
    ("stored", "given"),
    [
        (_secret(_URL), {"Ref": "Stored"}),
        (
            _secret({"Fn::Sub": '{"url": "postgres://${Db.Endpoint.Address}/x?pool=45"}'}),
            {"Fn::Sub": "${Stored}:url::"},
        ),
        (_parameter(_URL), {"Ref": "Stored"}),
        (_parameter(_URL), "/shop/url"),
    ],
)
def test_a_size_in_a_text_that_the_template_stores_is_that_of_the_pool(stored: Any, given: Any) -> None:
    """2 tasks × 200 % × 1 process × 45 = 180."""
    assert peaks(with_api(container(secrets={"DATABASE_URL": given}), Stored=stored)) == {"Api": 180}


def test_a_variable_that_names_the_secret_gets_its_pool_as_well() -> None:
    """2 tasks × 200 % × 1 process × 45 = 180."""
    assert peaks(with_api(container(DB_SECRET_ARN={"Ref": "Stored"}), Stored=_secret(_URL))) == {"Api": 180}


def test_a_stored_size_that_is_not_understood_is_no_number() -> None:
    stored = _secret({"Fn::Sub": "postgres://${Db.Endpoint.Address}/x?pool_size=45"})
    assert peaks(with_api(container(secrets={"DATABASE_URL": {"Ref": "Stored"}}), Stored=stored)) == {"Api": None}


def test_a_stored_text_that_says_nothing_of_a_pool_leaves_what_is_assumed() -> None:
    """2 tasks × 200 % × 1 process × (5 + 10) = 60."""
    for text in ("postgres://${Db.Endpoint.Address}/x", "postgres://${Db.Endpoint.Address}/maximal"):
        stored = _secret({"Fn::Sub": text})
        assert peaks(with_api(container(secrets={"DATABASE_URL": {"Ref": "Stored"}}), Stored=stored)) == {"Api": 60}
