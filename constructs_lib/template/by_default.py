"""The numbers of a document that rest on parameters which nothing was given for."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

from constructs_lib.budget.database import Database
from constructs_lib.budget.proxy import Proxy
from constructs_lib.budget.source import Source
from constructs_lib.budget.workloads import Function, Task, TaskWorkload
from constructs_lib.template.app import App
from constructs_lib.template.intrinsics import mapping
from constructs_lib.template.links import Target
from constructs_lib.template.parameter_defaults import ParameterDefaults, Written
from constructs_lib.template.parameters import STORED
from constructs_lib.template.used_tasks import used_by_service
from constructs_lib.template.written_numbers import WrittenNumbers, computed
from constructs_lib.template.written_pools import of_containers, of_function

E = TypeVar("E", Database, Proxy, Function, Task)
Entry = Database | Proxy | Function | Task | TaskWorkload


class ByDefault:
    """Says of each entry which of its values were computed from parameters at their defaults."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._numbers = WrittenNumbers(app)
        self._defaults = ParameterDefaults(app.links)
        self._any = any(
            "Default" in (declared := mapping(item)) and not str(declared.get("Type")).startswith(STORED)
            for template in app.all
            for item in template.parameters.values()
        )

    def marks(self, item: Entry, target: Target, home: str) -> dict[str, Any]:
        """What an entry is to be changed by, as it stands for a resource whose properties have been read."""
        if not self._any:
            return {}
        found: dict[str, frozenset[str]] = {}
        for key, written in self._places(item, target, home):
            if written and (names := self._defaults.behind(written)):
                found[key] = found[key] | names if key in found else names
        if not found:
            return {}
        defaults = {key: _in_order(names) for key, names in found.items()}
        return {"defaults": defaults, "given": {**item.given, "defaults": Source.READ}}

    def marked(self, item: E, home: str) -> E:
        """The entry with its marks."""
        target = self._app.located(item.resource, home) if self._any else None
        changes = {} if target is None else self.marks(item, target, home)
        return replace(item, **changes) if changes else item

    def _places(self, item: Entry, target: Target, home: str) -> Iterator[tuple[str, Sequence[Written]]]:
        app = self._app
        if isinstance(item, Database):
            yield from self._numbers.of_database(target).items()
        elif isinstance(item, Proxy):
            yield from self._numbers.of_proxy(target).items()
        elif isinstance(item, Function):
            yield from of_function(target)
        elif isinstance(item, Task):
            yield from self._numbers.of_task(target).items()
            yield from of_containers(target, item.containers, app, self._defaults)
        else:
            yield from self._numbers.of_service(target).items()
            if (choice := computed(target).get("TaskDefinition")) is not None:
                yield "containers", [(target.template, choice)]
            declared = app.located(item.task_definition, home)
            for definition in used_by_service(app, target).definitions if declared is None else [declared]:
                yield from of_containers(definition, item.containers, app, self._defaults)


@lru_cache(256)
def _in_order(names: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(names))
