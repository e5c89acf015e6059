"""`python -m storm`: what it prints and how it ends, with rehearsals that are made up here."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from storm import __main__ as program
from storm.rehearsal import PHASES, Outcome, PhaseOutcome
from tests.storm.test_sizing import DEPLOYMENT


def ended(monkeypatch: pytest.MonkeyPatch, folder: Path, refused: int) -> int:
    """The exit status where the budget's rehearsal had so many refusals, and the plan's peak."""

    class Rehearsal:
        def __init__(self, _server: object, _deployment: object, sizing: Any, _load: object) -> None:
            self._sizing = sizing

        def run(self, **_: object) -> Outcome:
            phases = [
                PhaseOutcome(name=name, began_s=index, ended_s=index + 1, peak=84, refused=refused, served=1)
                for index, name in enumerate(PHASES)
            ]
            return Outcome(sizing=self._sizing, pool=self._sizing.size(DEPLOYMENT, "api"), phases=phases)

    @contextmanager
    def running(_slots: object) -> Iterator[None]:
        yield

    monkeypatch.setattr(program, "Rehearsal", Rehearsal)
    monkeypatch.setattr("storm.__main__.server.running", running)
    monkeypatch.setattr(program, "synthesized", lambda folder: folder)
    monkeypatch.setattr("storm.__main__.Deployment.of_template", lambda _: DEPLOYMENT)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["storm", "--markdown"])
    return program.main()


def test_the_storm_ends_with_0_only_where_the_budget_kept_its_word(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, tmp_path, refused=0) == 0
    assert "| budget | 5 + 2 | 0 | 0 | 0 | 84 |" in capsys.readouterr().out
    assert ended(monkeypatch, tmp_path, refused=1) == 1
    assert "The budget did not keep its word: 5 connections were refused" in capsys.readouterr().out


def test_the_picture_of_the_documentation_stays_as_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ended(monkeypatch, tmp_path, refused=0)
    assert [path.name for path in tmp_path.iterdir()] == ["storm.svg"]
