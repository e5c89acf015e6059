"""The facts file on disk."""

import json
from pathlib import Path

import pytest

from constructs_lib.limits.facts import Facts, ServerFacts
from constructs_lib.lookups.facts_file import read_facts, rendered, write_facts
from constructs_lib.lookups.failure import LookupFailedError

ORDERS = ServerFacts(looked_up="2026-11-22", engine="postgres", max_connections=683)
SHOP = ServerFacts(looked_up="2026-11-21", engine="mysql", max_connections=630)
FACTS = Facts(looked_up="2026-11-22", servers={"shop": SHOP, "orders": ORDERS})

TEXT = """{
  "looked_up": "2026-11-22",
  "schema": 1,
  "servers": {
    "orders": {
      "engine": "postgres",
      "looked_up": "2026-11-22",
      "max_connections": 683,
      "pending_reboot": false,
      "role": "instance"
    },
    "shop": {
      "engine": "mysql",
      "looked_up": "2026-11-21",
      "max_connections": 630,
      "pending_reboot": false,
      "role": "instance"
    }
  }
}
"""


def test_the_file_is_sorted_and_ends_with_a_newline(tmp_path: Path) -> None:
    write_facts(tmp_path / "facts.json", FACTS)
    assert (tmp_path / "facts.json").read_bytes().decode() == TEXT


def test_reading_and_writing_again_changes_no_byte(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    write_facts(path, FACTS)
    facts = read_facts(path)
    assert facts == FACTS
    assert rendered(FACTS) == rendered(facts)


def test_a_file_that_is_not_there_yet_is_no_fault(tmp_path: Path) -> None:
    assert read_facts(tmp_path / "facts.json") is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "line 1 column 1: not JSON"),
        (b'{"schema": 1,\n "looked_up"', "line 2 column 13: not JSON"),
        (b"\xff\xfe", "not a facts file"),
        (b"[" * 100_000, "not a facts file"),
        (b"1" * 5000, "not a facts file"),
        (
            b'{"schema": 1, "looked_up": "2026-11-22", "servers": {"o": {"engine": 1}}}',
            "servers.o.engine: must be 1 to",
        ),
    ],
)
def test_a_file_that_is_none_of_ours_is_named_and_left_alone(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "facts.json"
    path.write_bytes(content)
    with pytest.raises(LookupFailedError) as caught:
        read_facts(path)
    assert str(caught.value).startswith(f"{path}: {words}")
    assert path.read_bytes() == content


def test_a_place_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    with pytest.raises(LookupFailedError, match=r": Is a directory$"):
        read_facts(tmp_path)
    with pytest.raises(LookupFailedError, match=r"facts.json: No such file or directory$"):
        write_facts(tmp_path / "none" / "facts.json", FACTS)


def test_facts_that_would_not_read_back_are_not_written(tmp_path: Path) -> None:
    absurd = Facts(looked_up="2026-11-22", servers={"o": ServerFacts(looked_up="2026-11-22", engine="", cluster="c")})
    with pytest.raises(LookupFailedError, match=r"beyond what a facts file holds: servers\.o\.engine"):
        write_facts(tmp_path / "facts.json", absurd)
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_json_that_others_read() -> None:
    assert json.loads(TEXT) == FACTS.to_json()
