"""Paths as reports show them."""

from pathlib import Path

import pytest

from constructs_lib.cli.shown_path import shown


def test_a_path_below_the_current_folder_is_shown_from_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown("cdk.out/app.json") == "cdk.out/app.json"
    assert shown(tmp_path / "cdk.out" / "app.json") == "cdk.out/app.json"
    assert shown("./app.json") == "app.json"


def test_any_other_path_is_shown_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert shown(tmp_path / "app.json") == (tmp_path / "app.json").as_posix()
