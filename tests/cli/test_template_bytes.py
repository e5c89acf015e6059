"""However the bytes of a template are damaged: it is read or refused, quickly, and never in any other way."""

import random
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.cli.app_files import read_assemblies
from constructs_lib.cli.template_file import TemplateError
from constructs_lib.limits import Unknown
from constructs_lib.template.app import App
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.containers import environments
from constructs_lib.template.custom_resources import CUSTOM_RESOURCE, handler_of
from constructs_lib.template.databases import database_facts
from constructs_lib.template.fleets import EC2_FLEET, FLEETS, capacity
from constructs_lib.template.functions import FUNCTION, SERVERLESS_FUNCTION, function
from constructs_lib.template.intrinsics import reference
from constructs_lib.template.links import Target
from constructs_lib.template.proxies import proxy_facts
from constructs_lib.template.scheduled_tasks import RULE, SCHEDULE, rule_tasks, schedule_tasks
from constructs_lib.template.security_groups import INGRESS, SECURITY_GROUP, rule, security_group
from constructs_lib.template.services import task_facts

FIXTURES = Path(__file__).parent.parent / "template" / "fixtures"
FILES = sorted(path for path in FIXTURES.rglob("*") if path.is_file())
TURNS = 200
"""Of every file; the same ones each time."""
CHANCE = 0.3
"""That one file of an app is damaged."""
LONGEST_S = 5
SPLICES = (
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b"- ",
        b": ",
        b"&a ",
        b"*a",
        b"<<: *a",
        b"'",
        b'"',
        b"|",
        b">",
        b"? ",
        b"~",
        b"%",
        b"\n",
        b"\t",
    ),
    *(
        b"!Ref ",
        b"!If ",
        b"!Sub ",
        b"!GetAtt ",
        b"!ImportValue ",
        b"!Select ",
        b"!!python/none ",
        b"${",
        b"AWS::NoValue",
    ),
    *(b"Fn::If", b"Fn::Join", b"Condition", b"Parameters", b"Resources", b"null", b"-1", b"1e999", b".nan", b"9" * 400),
    *(b"\x00", b"\xff", b"\xe2\x80\xa8", b"\x1b[31m", b"---\n", b"...\n"),
)


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The content with up to five places changed: cut, doubled, moved, spliced or flipped."""
    for _ in range(chance.choice((1, 1, 2, 5))):
        at, other = chance.randrange(len(content) + 1), chance.randrange(len(content) + 1)
        start, end = min(at, other), min(max(at, other), min(at, other) + 80)
        content = chance.choice(
            (
                content[:start] + content[end:],
                content[:end] + content[start:end] * chance.choice((1, 1, 2, 40)) + content[end:],
                content[:at] + content[start:end] + content[at:],
                content[:at] + chance.choice(SPLICES) + content[at:],
                content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :],
            )
        )
    return content


def read_service(assembly: Assembly, at: Target, properties: Mapping[str, Any]) -> None:
    task_facts(properties, App.of(assembly).scaling.of(at.template, at.logical_id))
    environments(at.template.properties(reference(properties.get("TaskDefinition")) or "") or {})


READERS: dict[str, Callable[[Assembly, Target, Mapping[str, Any]], object]] = {
    "AWS::RDS::DBInstance": lambda _, at, read: database_facts(at.template, read, None),
    "AWS::RDS::DBCluster": lambda _, at, read: database_facts(at.template, read, None),
    "AWS::RDS::DBProxy": lambda _, at, read: proxy_facts(
        read, [group for _, group in at.template.of_type("AWS::RDS::DBProxyTargetGroup")]
    ),
    "AWS::ECS::Service": read_service,
    "AWS::ECS::TaskDefinition": lambda _, __, read: environments(read),
    SECURITY_GROUP: lambda _, __, read: security_group(read),
    INGRESS: lambda _, __, read: rule(read).opens(5432),
    FUNCTION: lambda _, __, read: function(read),
    SERVERLESS_FUNCTION: lambda _, at, read: function(read, at.template.serverless_defaults),
    CUSTOM_RESOURCE: lambda app, at, _: handler_of(app.links, at),
    RULE: lambda _, __, read: list(rule_tasks(read)),
    SCHEDULE: lambda _, __, read: list(schedule_tasks(read)),
    **{kind: lambda _, at, read: capacity(at.logical_id, EC2_FLEET, read) for kind in FLEETS},
}


def read_everything(assembly: Assembly) -> int:
    """Everything that is read of any template; how many resources there were."""
    count = 0
    for template in assembly.values():
        assert all(words.isprintable() for _, words in template.unread())
        for kind, logical_ids in template.kinds.items():
            for logical_id in logical_ids:
                properties = template.properties(logical_id)
                doubt = template.doubt(logical_id)
                assert doubt is None or doubt.reason.isprintable()
                if properties is not None:
                    count += 1
                    list(assembly.targets(template, properties))
                    for value in properties.values():
                        target = assembly.target(template, value)
                        assert not isinstance(target, Unknown) or target.reason.isprintable()
                    if kind in READERS:
                        READERS[kind](assembly, Target(template, logical_id, ""), properties)
    return count


def read_or_refused(path: Path) -> int | None:
    """How many resources there were; None where the file was refused."""
    started = time.process_time()
    refusal = ""
    count = None
    try:
        count = sum(read_everything(assembly) for assembly in read_assemblies(path))
    except TemplateError as error:
        refusal = str(error)
    assert time.process_time() - started < LONGEST_S
    assert refusal.isprintable(), ascii(refusal)
    assert refusal.startswith(str(path)) or count is not None
    return count


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_a_damaged_template_is_read_or_refused_with_one_line(file: Path, tmp_path: Path) -> None:
    chance = random.Random(file.name)  # noqa: S311 - the same damage each time
    content = file.read_bytes()
    written = tmp_path / file.name
    ends = []
    for _ in range(TURNS):
        written.write_bytes(damaged(content, chance))
        ends.append(read_or_refused(written))
    read = [count for count in ends if count]
    assert TURNS // 20 < len(read) < TURNS, "the damage is either fatal as a rule or never noticed"


def test_an_app_with_a_damaged_template_is_read_or_refused(tmp_path: Path) -> None:
    chance = random.Random("app")  # noqa: S311
    contents = {path.name: path.read_bytes() for path in FILES}
    ends = set()
    for _ in range(TURNS // 4):
        for name, content in contents.items():
            (tmp_path / name).write_bytes(damaged(content, chance) if chance.random() < CHANCE else content)
        ends.add(read_or_refused(tmp_path))
    assert len(ends) > 1
