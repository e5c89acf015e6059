"""Reading the environment of a container before the template is written."""

from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_rds as rds

from constructs_lib.cdk.rendered_container import environment_of
from constructs_lib.limits import Unknown
from tests.cdk.shop import IMAGE, Shop
from tests.cdk.synthesis import synthesize

pytestmark = pytest.mark.synth


@pytest.fixture
def container(shop: Shop) -> ecs.ContainerDefinition:
    """A container of all that an environment can hold."""
    secret = rds.DatabaseSecret(shop, "Secret", username="shop")
    parameter = cdk.CfnParameter(shop, "Region")
    return shop.task("Api", []).add_container(
        "web",
        image=IMAGE,
        environment={"PLAIN": "5", "TOKEN": parameter.value_as_string, "LAZY": cdk.Lazy.string(_Seven())},
        secrets={"SECRET": ecs.Secret.from_secrets_manager(secret, "password")},
        port_mappings=[ecs.PortMapping(container_port=80)],
    )


@jsii.implements(cdk.IStableStringProducer)
class _Seven:
    def produce(self) -> str:
        return "7"


EXPECTED = {
    "PLAIN": "5",
    "TOKEN": Unknown("its value is Ref Region"),
    "LAZY": "7",
    "SECRET": Unknown("it is a secret"),
}


def test_plain_values_are_read_and_the_others_are_unknown(container: ecs.ContainerDefinition) -> None:
    assert environment_of(container) == EXPECTED


def test_the_pinned_jsii_is_asked_for_a_reference_not_for_sixty_properties(
    container: ecs.ContainerDefinition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quick way lies below jsii's public interface: an upgrade that closes it is to be noticed here."""

    def refuse(_: object) -> None:
        raise AssertionError("the typed way was taken")

    monkeypatch.setattr(ecs.ContainerDefinition, "render_container_definition", refuse)

    assert environment_of(container) == EXPECTED


def test_without_the_reference_the_typed_way_gives_the_same(
    container: ecs.ContainerDefinition, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = type(jsii.kernel).invoke.__wrapped__  # type: ignore[attr-defined]  # a decorator of jsii's own
    decorated = type(jsii.kernel).invoke

    def invoke(*arguments: Any) -> Any:
        return decorated(*arguments)

    assert plain is not None
    monkeypatch.setattr(type(jsii.kernel), "invoke", invoke)

    assert environment_of(container) == EXPECTED


def test_an_empty_environment_is_read_as_empty(shop: Shop) -> None:
    container = shop.task("Api", []).add_container("web", image=IMAGE)

    assert environment_of(container) == {}


def test_reading_freezes_nothing(app: cdk.App, container: ecs.ContainerDefinition) -> None:
    environment_of(container)
    container.add_environment("LATE", "9")
    container.add_port_mappings(ecs.PortMapping(container_port=81))

    assert environment_of(container)["LATE"] == "9"
    synthesis = synthesize(app)
    assert synthesis.variables()["LATE"] == "9"
    assert "'ContainerPort': 81" in str(synthesis.template())
