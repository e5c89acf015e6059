"""Reading one template."""

import json
from pathlib import Path

import pytest

from constructs_lib.cli.app_files import read_assemblies
from constructs_lib.cli.template_file import LARGEST_BYTES, TemplateError
from tests.cli.template_files import SERVICE, refusal, write


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        (
            "a.json",
            '{"Resources": {',
            ": line 1 column 16: not JSON: Expecting property name enclosed in double quotes",
        ),
        ("a.json", '{"Resources": {"A": NaN}}', ": NaN is not a number that JSON has"),
        ("a.json", '{"Resources": {"A": ' + "9" * 5000 + "}}", ": a number of thousands of digits"),
        ("a.json", "[" * 100_000, ": nested too deeply"),
        ("a.yaml", "Resources: [", ": line 2 column 1: not YAML: did not find expected node content"),
        ("a.yaml", "just text", ": no CloudFormation template: it has no Resources"),
        ("a.yaml", "", ": no CloudFormation template: it has no Resources"),
        ("a.json", "[]", ": no CloudFormation template: it has no Resources"),
        ("gone/a.json", None, ": No such file or directory"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(
    tmp_path: Path, name: str, content: str | None, reason: str
) -> None:
    if content is not None:
        write(tmp_path, {name: content})
    assert refusal(tmp_path / name) == reason


def test_a_broken_template_in_a_folder_is_refused_and_other_broken_files_are_not(tmp_path: Path) -> None:
    write(tmp_path, {"good.json": SERVICE, "chart.yaml": "{{ if AWS::x }}\na: [", "latin.yaml": "x"})
    (tmp_path / "latin.yaml").write_bytes(b"AWS:: \xe9")
    assert [list(app) for app in read_assemblies(tmp_path)] == [["good.json"]]
    write(tmp_path, {"bad.yaml": "AWSTemplateFormatVersion: 2010-09-09\nResources:\n  A: [AWS::x"})
    assert refusal(tmp_path).startswith("/bad.yaml: line 4 column 1: not YAML: ")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bad.json", '{"Resources": {"Db": {"Type": "AWS::RDS::DBInstance",}}}'),
        ("bad.json", '{\n "Resources" : {"Db": {"Type": "AWS::RDS::DBInstance"}}'),
        ("bad.yaml", "Resources:\n  Db: {Type: AWS::RDS::DBInstance"),
        ("bad.yaml", "\ufeffResources:\n  Db: {Type: AWS::RDS::DBInstance"),
        ("bad.yaml", '# x\n"Resources":\n\tDb: {Type: AWS::RDS::DBInstance}'),
    ],
)
def test_no_broken_template_is_passed_over_in_a_folder(tmp_path: Path, name: str, content: str) -> None:
    write(tmp_path, {"good.json": SERVICE, name: content})
    assert refusal(tmp_path).startswith(f"/{name}: line ")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("other.json", r'{"Resources": {"Api": {"Type": "AWS\u003a\u003AECS::Service"}}}'),
        ("other.json", r'{"Resources": {"Api": {"Type": "\u0041WS::ECS::Service"}}}'),
        ("other.yaml", r'Resources: {Api: {Type: "AWS\x3a\x3aECS::Service"}}'),
        ("other.yaml", r'Resources: {Api: {Type: "AWS:\U0000003aECS::Service"}}'),
        ("other.yaml", 'Resources: {Api: {Type: "AWS:\\\n  :ECS::Service"}}'),
        ("other.yaml", 'Resources: {Api: {Type: "AWS:\\\r\n  :ECS::Service"}}'),
    ],
)
def test_a_template_of_a_folder_is_found_however_its_types_are_written(tmp_path: Path, name: str, content: str) -> None:
    assert b"AWS::E" not in content.encode()
    write(tmp_path, {"good.json": SERVICE})
    (tmp_path / name).write_bytes(content.encode())
    (app,) = read_assemblies(tmp_path)
    assert list(app[name].kinds) == ["AWS::ECS::Service"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize(("name", "content"), [("other.json", json.dumps(SERVICE)), ("other.yaml", "A: AWS::x")])
def test_a_file_in_another_encoding_is_refused_in_a_folder_as_it_is_alone(
    tmp_path: Path, name: str, content: str, encoding: str
) -> None:
    write(tmp_path, {"good.json": SERVICE, "not-aws.json": "x"})
    (tmp_path / "not-aws.json").write_bytes("latin".encode(encoding))
    (app,) = read_assemblies(tmp_path)
    assert list(app) == ["good.json"]
    (tmp_path / name).write_bytes((b"\xfe\xff" if encoding == "utf-16-be" else b"") + content.encode(encoding))
    reason = refusal(tmp_path)
    assert reason.removeprefix(f"/{name}") == refusal(tmp_path / name)
    if encoding in {"utf-16", "utf-16-be", "utf-32"}:
        assert reason == f"/{name}: not UTF-8 at byte 0"


def test_a_template_that_is_all_loops_is_one_of_its_folder(tmp_path: Path) -> None:
    write(
        tmp_path, {"good.json": SERVICE, "loops.json": {"Resources": {"Fn::ForEach::Api": ["N", ["A"], {"AWS::x": 1}]}}}
    )
    (app,) = read_assemblies(tmp_path)
    assert list(app) == ["good.json", "loops.json"]


def test_a_file_of_extreme_size_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with path.open("wb") as stream:
        stream.truncate(LARGEST_BYTES + 1)
    assert refusal(path) == f": larger than {LARGEST_BYTES} bytes"


def test_json_with_a_byte_order_mark_and_json_in_a_yaml_file_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(SERVICE).encode())
    write(tmp_path, {"b.yaml": json.dumps(SERVICE)})
    for name in ("a.json", "b.yaml"):
        (app,) = read_assemblies(tmp_path / name)
        assert app[name].properties("Api") == {"DesiredCount": 2}


@pytest.mark.parametrize("name", ["a\u202eb", "a\x07b", "a\ud800b", " ", "", "a" * 256])
@pytest.mark.parametrize("folder", [False, True])
def test_a_name_that_nobody_can_print_is_refused_with_its_file(tmp_path: Path, name: str, folder: bool) -> None:  # noqa: FBT001 - a row
    path = tmp_path / "app.json"
    tasks = {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": [{"Name": name}]}}
    for resources, words in (
        ({name: {"Type": "AWS::ECS::Cluster"}}, "a logical id must be of"),
        ({"Tasks": tasks}, "Tasks: the name of a container must be of"),
    ):
        path.write_text(json.dumps({"Resources": resources}))
        with pytest.raises(TemplateError) as raised:
            read_assemblies(tmp_path if folder else path)
        assert str(raised.value).startswith(f"{path}: {words}")
        assert str(raised.value).isprintable()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "app.json",
            '{"Resources": {"A": {"Type": "AWS::ECS::Service", "Type": "AWS::ECS::Cluster"}}}',
            "the key 'Type' stands twice in one object",
        ),
        (
            "app.yaml",
            "Resources:\n  A: {Type: x, Type: y, Type: z}\n  A: {Type: AWS::ECS::Cluster}\n",
            "line 2 column 16: the key 'Type' stands twice in one mapping, and 2 more like it",
        ),
    ],
)
def test_of_a_key_that_stands_twice_the_later_one_counts_and_its_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: str, words: str
) -> None:
    (tmp_path / name).write_text(content)
    (app,) = read_assemblies(tmp_path / name)
    assert list(app[name].kinds) == ["AWS::ECS::Cluster"]
    said = f"{tmp_path / name}: {words}: the later one counts, as in CloudFormation; remove one of them"
    assert capsys.readouterr().err == f"connection-budget: {said}\n"
