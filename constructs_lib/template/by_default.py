"""The numbers of a document that rest on parameters which nothing was given for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Any, TypeVar

from constructs_lib.budget.database import Database
from constructs_lib.budget.proxy import Proxy
from constructs_lib.budget.source import Source
from constructs_lib.budget.workloads import Function, Task, TaskWorkload
from constructs_lib.template.app import App
from constructs_lib.template.functions import FUNCTIONS
from constructs_lib.template.identifiers import CLUSTER, INSTANCE, PROXY
from constructs_lib.template.intrinsics import mapping
from constructs_lib.template.links import Target
from constructs_lib.template.members import SERVICE
from constructs_lib.template.names import readable_name
from constructs_lib.template.parameter_defaults import ParameterDefaults, Written
from constructs_lib.template.parameters import STORED
from constructs_lib.template.scheduled_tasks import RULE, SCHEDULE
from constructs_lib.template.template import Template
from constructs_lib.template.used_tasks import used_by_service
from constructs_lib.template.written_numbers import WrittenNumbers, condition
from constructs_lib.template.written_pools import of_containers, of_function

E = TypeVar("E", Database, Proxy, Function, Task)
_COUNTING = (SERVICE, *FUNCTIONS, RULE, SCHEDULE, CLUSTER, INSTANCE, PROXY)
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

    def _places(self, item: Entry, target: Target, home: str) -> Iterable[tuple[str, Sequence[Written]]]:
        if isinstance(item, Database):
            return self._numbers.of_database(target).items()
        if isinstance(item, Proxy):
            return self._numbers.of_proxy(target, self._app.located(item.endpoint, home)).items()
        if isinstance(item, Function):
            return chain(of_function(target), [("reserved_concurrency", condition(target))])
        if isinstance(item, Task):
            numbers, definitions = self._numbers.of_task(target), [target]
        else:
            numbers, declared = self._numbers.of_service(target), self._app.located(item.task_definition, home)
            definitions = [*used_by_service(self._app, target).definitions] if declared is None else [declared]
        pools = (of_containers(found, item.containers, self._app, self._defaults) for found in definitions)
        return chain(numbers.items(), *pools)


def absent(app: App) -> Iterator[tuple[Template, tuple[str, ...], Sequence[str]]]:
    """What may count and is not there, by the parameters whose defaults take it away; template by template."""
    defaults = ParameterDefaults(app.links)
    for template in app.all:
        found: dict[tuple[str, ...], list[str]] = {}
        for logical_id in chain.from_iterable(template.kinds.get(kind, ()) for kind in _COUNTING):
            if template.properties(logical_id) is None:
                names = defaults.behind(condition(Target(template, logical_id, "")))
                found.setdefault(_in_order(names), []).append(readable_name(template, logical_id))
        yield from ((template, names, missing) for names, missing in found.items() if names)


@lru_cache(256)
def _in_order(names: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(names))
