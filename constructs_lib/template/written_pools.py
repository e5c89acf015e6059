"""Where the pools and the processes of containers are written: in variables and commands, by the document's keys."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.app import App
from constructs_lib.template.celery_command import CONCURRENCY_SETTINGS
from constructs_lib.template.commands import facts_of, started_in
from constructs_lib.template.environment import Environment, Variables
from constructs_lib.template.functions import SERVERLESS_FUNCTION
from constructs_lib.template.intrinsics import in_words, mapping
from constructs_lib.template.links import Target
from constructs_lib.template.parameter_defaults import ParameterDefaults, Written
from constructs_lib.template.pool_names import kind_of, limit_in, speaks_of_a_pool
from constructs_lib.template.pool_settings import settings_of
from constructs_lib.template.shell import COMPUTED
from constructs_lib.template.substitution import names
from constructs_lib.template.template import Template
from constructs_lib.template.unresolved import DEEPEST, PLAIN, REMOVED
from constructs_lib.template.variable_labels import ANY, leads_to_a_database
from constructs_lib.template.web_servers import WEB_SERVERS
from constructs_lib.template.written import written
from constructs_lib.template.written_numbers import at, computed, properties, within

Json = Mapping[str, Any]
Found = Iterator[tuple[str, Sequence[Written]]]
"""A key of the document, and what its value was computed from; a key may come several times."""
POOL = ("pool_size", "max_overflow")
_BY_KIND = {"most": POOL, "limit": POOL, "class": POOL, "pool_size": POOL[:1], "max_overflow": POOL[1:]}
_COUNTS = {"WEB_CONCURRENCY", *CONCURRENCY_SETTINGS}.union(
    *({*server.settings, *([server.more] if server.more else [])} for server in WEB_SERVERS.values())
)
"""The variables that say how many processes there are."""
MOST_QUESTIONS = 50
"""After which a container's command is taken to rest on whatever else is computed in it."""
_ASKED = ("processes", "concurrency", "pool", "extra_connections")


def of_containers(definition: Target, called: Collection[str] | None, app: App, defaults: ParameterDefaults) -> Found:
    """What rests on defaults in the containers of these names, or in all, and whether they are there."""
    raw = computed(definition, ("ContainerDefinitions",)).get("ContainerDefinitions")
    if raw is None:
        return
    template, resolved = definition.template, definition.properties.get("ContainerDefinitions")
    yield from _waiting(template, raw)
    for container, known, conditions, there in _items(template, raw, resolved):
        name = container.get("Name")
        if not there:
            entries = (_items(template, container.get(key)) for key in ("Environment", "Secrets"))
            if any(leads_to_a_database(str(entry.get("Name"))) for entry, *_ in chain.from_iterable(entries)):
                yield "containers", conditions
        elif not isinstance(name, str) or called is None or name in called:
            if conditions:
                yield "containers", conditions
            yield from _Container(template, container, known, lambda: app.environments(definition), defaults).found()


def _waiting(template: Template, raw: object) -> Found:
    """What decides of containers that never run at once which of them counts: what they wait for, and their pools."""
    if any("DependsOn" in container for container, *_ in _items(template, raw)):
        for container, *_ in _items(template, raw):
            yield "containers", [(template, container.get(key)) for key in ("DependsOn", "Environment", "Command")]


def of_function(function: Target) -> Found:
    """What the variables of a function say, and its reserved concurrency."""
    own = within(properties(function), "Environment", "Variables")
    yield "reserved_concurrency", [at(function, "ReservedConcurrentExecutions")]
    shared: object = None
    if function.template.kind(function.logical_id) == SERVERLESS_FUNCTION:
        general = within(function.template.content, "Globals", "Function")
        shared = within(general, "Environment", "Variables")
        if "ReservedConcurrentExecutions" not in properties(function):
            yield "reserved_concurrency", [(function.template, within(general, "ReservedConcurrentExecutions"))]
    for name, value in {**mapping(shared), **mapping(own)}.items():
        if value.__class__ not in PLAIN:
            for key in _said_by(name, function.template.resolver.value(value)):
                yield key, [(function.template, value)]


class _Container:
    """A container as it is written, and as it is known; asked no more often than is quick what decides over it."""

    def __init__(
        self,
        template: Template,
        raw: Json,
        known: Json,
        environments: Callable[[], Mapping[str, Variables]],
        defaults: ParameterDefaults,
    ) -> None:
        self._template, self._raw, self._known = template, raw, known
        self._environments, self._defaults = environments, defaults
        self._questions = iter(range(MOST_QUESTIONS))

    def found(self) -> Found:
        """What its variables and its commands say."""
        commands = {key: self._raw[key] for key in ("EntryPoint", "Command") if key in self._raw}
        words = [word for item in commands.values() if isinstance(item, list) for word in item]
        yield from self._in_variables(" ".join(map(written, words)))
        for key, command in commands.items():
            yield from self._in_command(key, command)

    def _in_variables(self, text: str) -> Found:
        for entry, now, conditions, there in _items(
            self._template, self._raw.get("Environment"), self._known.get("Environment")
        ):
            name = str(entry.get("Name"))
            keys, counted = _said_by(name, now.get("Value")), name in _COUNTS or name in text
            if not keys and not counted:
                continue
            places = [*conditions, *([(self._template, entry.get("Value"))] if there else [])]
            if not self._defaults.behind(places):
                continue
            yield from ((key, places) for key in keys)
            if counted:
                without = Environment.of(self._variables)
                without[name] = Unknown("without it")
                yield from ((key, places) for key in self._decided(self._known, without))

    def _in_command(self, key: str, command: object) -> Found:
        words = command if isinstance(command, list) else [command]
        said = self._known.get(key)
        # what a condition takes away moves the words behind it
        said = said if isinstance(said, list) and len(said) == len(words) else [said] * len(words)
        for place, word in enumerate(words):
            for piece, without in _pieces(word) if word is not said[place] else ():
                places = [(self._template, piece)]
                if self._defaults.behind(places):
                    rest = [*said[:place], self._template.resolver.value(without), *said[place + 1 :]]
                    keys = [*self._decided({**self._known, key: rest}, self._variables)]
                    keys += POOL if speaks_of_a_pool(written(said[place])) else ()
                    yield from ((asked, places) for asked in keys)

    @property
    def _variables(self) -> Variables:
        return self._environments().get(in_words(self._known.get("Name")), {})

    def _decided(self, without: Json, variables: Variables) -> Collection[str]:
        """What it would start otherwise."""
        if next(self._questions, None) is None:
            return _ASKED
        one, two = (
            facts_of([started_in("", *item)]) for item in ((self._known, self._variables), (without, variables))
        )
        return [key for key in _ASKED if getattr(one, key) != getattr(two, key)]


def _pieces(word: object) -> Iterator[tuple[object, object]]:
    """What a word is put together from, each with the word as it would be without it."""
    join, sub = mapping(word).get("Fn::Join"), mapping(word).get("Fn::Sub")
    if isinstance(join, list) and len(join) == 2 and isinstance(join[1], list):  # noqa: PLR2004 - separator and parts
        separator, parts = join
        for place, part in enumerate(parts):
            if part.__class__ not in PLAIN:
                yield part, {"Fn::Join": [separator, [*parts[:place], COMPUTED, *parts[place + 1 :]]]}
        return
    text, own = (*sub, None)[:2] if isinstance(sub, list) and sub else (sub, None)
    if not isinstance(text, str):
        yield word, COMPUTED
        return
    values = mapping(own)
    for name in dict.fromkeys(names(text)):
        yield values.get(name, {"Ref": name}), {"Fn::Sub": [text, {**values, name: COMPUTED}]}


def _said_by(name: str, value: object) -> Collection[str]:
    """The keys of a pool that a variable decides."""
    return _named(name) or (POOL if isinstance(value, str) and limit_in(value) is not None else ())


@lru_cache(4096)
def _named(name: str) -> Collection[str]:
    if name == "RAILS_MAX_THREADS":
        return POOL
    return _BY_KIND.get(kind_of(name.upper())[0]) or tuple(settings_of([{name: "1"}], ANY))


def _items(
    template: Template, value: object, known: object = None, conditions: Sequence[Written] = (), *, there: bool = True
) -> list[tuple[Json, Json, Sequence[Written], bool]]:
    """The objects of a list as it is written, each with what is known of it, unless the two are one.

    With them come the conditions that decide over each, and whether they keep it.
    """
    items = value if isinstance(value, list) else [value]
    if isinstance(known, list) and len(known) == len(items):
        pairs = [pair for pair in zip(items, known, strict=True) if pair[0] is not pair[1]]
    else:  # a condition takes some away
        pairs = [(item, template.resolver.value(item)) for item in items]
    found: list[tuple[Json, Json, Sequence[Written], bool]] = []
    for item, resolved in pairs:
        if not isinstance(item, dict) or item == REMOVED:
            continue
        choice = item.get("Fn::If")
        if not isinstance(choice, list):
            found.append((item, mapping(resolved), conditions, there))
        elif len(choice) == 3 and isinstance(choice[0], str) and len(conditions) < DEEPEST:  # noqa: PLR2004 - condition and branches
            verdict = template.resolver.condition(choice[0])
            by = (*conditions, (template, {"Condition": choice[0]}))
            for branch, takes in zip(choice[1:], (True, False), strict=True):
                taken = there and (isinstance(verdict, Unknown) or verdict is takes)
                found += _items(template, branch, None, by, there=taken)
    return found
