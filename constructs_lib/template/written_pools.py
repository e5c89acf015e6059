"""Where the pools and the processes of containers are written: in variables and commands, by the document's keys."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.app import App, properties_of
from constructs_lib.template.celery_command import CONCURRENCY_SETTINGS
from constructs_lib.template.commands import facts_of, started_in
from constructs_lib.template.environment import Environment, Variables
from constructs_lib.template.functions import SERVERLESS_FUNCTION
from constructs_lib.template.intrinsics import mapping
from constructs_lib.template.links import Target
from constructs_lib.template.parameter_defaults import Written
from constructs_lib.template.pool_names import kind_of, limit_in, speaks_of_a_pool
from constructs_lib.template.pool_settings import settings_of
from constructs_lib.template.shell import COMPUTED
from constructs_lib.template.template import Template
from constructs_lib.template.unresolved import DEEPEST, PLAIN
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
_ASKED = ("processes", "concurrency", "pool", "extra_connections")


def of_containers(definition: Target, names: Collection[str] | None, app: App) -> Found:
    """What the containers of these names say, or all, and the conditions that they are there by."""
    raw = computed(definition).get("ContainerDefinitions")
    if raw is None:
        return
    template = definition.template
    for container, known, conditions, there in _items(template, raw, _known(definition)):
        name = container.get("Name")
        if not there:
            entries = (_items(template, container.get(key)) for key in ("Environment", "Secrets"))
            if any(leads_to_a_database(str(entry.get("Name"))) for entry, *_ in chain.from_iterable(entries)):
                yield "containers", conditions
        elif not isinstance(name, str) or names is None or name in names:
            if conditions:
                yield "containers", conditions
            yield from _of_container(template, container, known, app.environments(definition).get(str(name), {}))


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


def _of_container(template: Template, raw: Json, known: Json, variables: Variables) -> Found:
    """What the variables and the commands of a container say."""
    commands = {key: raw[key] for key in ("EntryPoint", "Command") if raw.get(key) is not None}
    text = " ".join(written(word) for item in commands.values() for word in (item if isinstance(item, list) else ()))
    for entry, now, conditions, there in _items(template, raw.get("Environment"), known.get("Environment")):
        name, value = str(entry.get("Name")), entry.get("Value")
        if value.__class__ in PLAIN and not conditions:
            continue
        places = [*conditions, *([(template, value)] if there else [])]
        for key in _said_by(name, now.get("Value")):
            yield key, places
        if name in _COUNTS or (commands and name in text):
            without = Environment.of(variables)
            without[name] = Unknown("without it")
            yield from ((key, places) for key in _others(known, variables, known, without))
    for key, command in commands.items():
        if command is known.get(key):
            continue
        words = command if isinstance(command, list) else [command]
        said = known.get(key)
        # what a condition takes away moves the words behind it
        said = said if isinstance(said, list) and len(said) == len(words) else [said] * len(words)
        for place, word in enumerate(words):
            if word is not said[place]:
                rest = [*said[:place], COMPUTED, *said[place + 1 :]]
                keys = _others(known, variables, {**known, key: rest}, variables)
                keys += POOL if speaks_of_a_pool(written(said[place])) else ()
                yield from ((asked, [(template, word)]) for asked in keys)


def _said_by(name: str, value: object) -> Collection[str]:
    """The keys of a pool that a variable decides."""
    if keys := _named(name):
        return keys
    if not isinstance(value, str):
        return ()
    return POOL if limit_in(value) is not None else settings_of([{name: value}], ANY)


@lru_cache(4096)
def _named(name: str) -> Collection[str]:
    return POOL if name == "RAILS_MAX_THREADS" else _BY_KIND.get(kind_of(name.upper())[0], ())


def _others(container: Json, variables: Variables, other: Json, without: Variables) -> list[str]:
    """What a container would start otherwise if it were another."""
    one, two = (facts_of([started_in("", item, known)]) for item, known in ((container, variables), (other, without)))
    return [key for key in _ASKED if getattr(one, key) != getattr(two, key)]


def _known(definition: Target) -> object:
    return properties_of(definition).get("ContainerDefinitions")


def _items(
    template: Template, value: object, known: object = None, conditions: Sequence[Written] = (), *, there: bool = True
) -> Iterator[tuple[Json, Json, Sequence[Written], bool]]:
    """The objects of a list as it is written, each with what is known of it, unless the two are one.

    With them come the conditions that decide over each, and whether they keep it.
    """
    if len(conditions) > DEEPEST:
        return
    items = value if isinstance(value, list) else [value]
    aligned = known if isinstance(known, list) and len(known) == len(items) else [None] * len(items)
    for item, resolved in zip(items, aligned, strict=True):
        if item is resolved:
            continue
        choice = mapping(item).get("Fn::If")
        if not isinstance(choice, list) or len(choice) != 3 or not isinstance(choice[0], str):  # noqa: PLR2004 - condition and branches
            if entry := mapping(item):
                found = template.resolver.value(item) if resolved is None else resolved
                yield entry, mapping(found), conditions, there
            continue
        verdict = template.resolver.condition(choice[0])
        by = (*conditions, (template, {"Condition": choice[0]}))
        for branch, takes in zip(choice[1:], (True, False), strict=True):
            taken = there and (isinstance(verdict, Unknown) or verdict is takes)
            yield from _items(template, branch, None, by, there=taken)
