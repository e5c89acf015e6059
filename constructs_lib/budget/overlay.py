"""What a person adds to a document that was discovered: the same shape, entry by entry."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from constructs_lib.budget import schema
from constructs_lib.budget.document import SCHEMA, Document
from constructs_lib.budget.route import check_route, server_of
from constructs_lib.budget.schema import DocumentError
from constructs_lib.budget.source import Source
from constructs_lib.budget.workloads import KINDS, Reservation

PARTS = ("databases", "proxies", "workloads")
_REFERENCES = {"databases": "database", "proxies": "proxy"}
"""The key by which other entries name an entry of a part."""
_EITHER = {"database": "proxy", "proxy": "database"}
_CLOSE = 0.75
_POOL = ("pool_size", "max_overflow")
_COUNTED: Mapping[str, int] = {"engines_per_process": 1, "result_backend": False}
"""What adds to a workload's pools, with what it is where nothing is said."""
_WRITTEN = ("construct_path", "defaults", "evidence", "overruled")
"""What says how an entry came to be there, which nobody but this package knows: a budget's path would make what was
only discovered one that may have been acknowledged, and without its marks a default would pass for a number given."""
READ, ASSUMED = Source.READ.value, Source.ASSUMED.value


def overlaid(discovered: Mapping[str, Any], overlay: object) -> tuple[dict[str, Any], dict[str, str]]:
    """The discovered document with the overlay's word in it, and hints about names that look like a slip, by place.

    An entry of the same name, or whose `resource` names the same logical id, adds its keys and replaces those that were
    discovered; `null` takes one away. Every other entry is one more. Raises DocumentError.
    """
    said = schema.mapping(overlay, "document")
    if said.get("schema", SCHEMA) != SCHEMA or isinstance(said.get("schema"), bool):
        raise DocumentError("schema", f"must be {SCHEMA}, got {schema.shown(said['schema'])}")
    known = {"schema": None, **dict.fromkeys(PARTS)}
    for key in said:
        if key not in known:
            raise schema.unknown_key("document", key, known)
    result: dict[str, Any] = {"schema": SCHEMA, **{part: dict(discovered[part]) for part in PARTS}}
    hints: dict[str, str] = {}
    for part in PARTS:
        taken: set[str] = set()
        for name, entry in schema.mapping(said.get(part, {}), part).items():
            added = schema.mapping(entry, f"{part}.{name}")
            _refuse_written(added, f"{part}.{name}")
            same = _same(name, added, result, part)
            if same is None:
                hints |= _hint(part, name, discovered[part])
                result[part][name] = dict(added)
                continue
            if same in taken:
                raise DocumentError(
                    f"{part}.{name}.resource", f"is that of {same!r}, which is an entry of its own: make one of the two"
                )
            taken.add(name)
            joined = _joined(result[part][same], added, f"{part}.{name}")
            check_route(result[part][same], joined, f"{part}.{name}", result)
            result[part] = {
                (name if key == same else key): (joined if key == same else item) for key, item in result[part].items()
            }
            if same != name:
                _rename(result, part, same, name)
    _check_used(said, discovered, result)
    return result, hints


def _refuse_written(added: Mapping[str, object], place: str) -> None:
    for key in _WRITTEN:
        if key in added:
            raise DocumentError(
                f"{place}.{key}",
                f"must not be given beside templates, got {schema.shown(added[key])}: only what reads a budget or the"
                f" templates writes it; leave {key} out",
            )


def _check_used(said: Mapping[str, Any], discovered: Mapping[str, Any], result: Mapping[str, Any]) -> None:
    """Refuse a server or a proxy that is one more and that nothing leads to: it was meant to be one that is there."""
    named = [(key, entry.get(key)) for part in PARTS for entry in result[part].values() for key in _REFERENCES.values()]
    led_to = {(key, name) for key, name in named if isinstance(name, str)}
    for part, key in _REFERENCES.items():
        for name, entry in said.get(part, {}).items():
            if (key, name) in led_to or name in discovered[part] or len(result[part]) == len(discovered[part]):
                continue
            if part == "proxies" and "resource" in entry:
                continue  # it counts in full, whether or not anything here connects through it
            close = _closest(name, discovered[part])
            there = f"did you mean {close!r}?" if close else f"there are: {', '.join(discovered[part]) or 'none'}"
            raise DocumentError(
                f"{part}.{name}", f"nothing of this name was discovered, and nothing here connects to it; {there}"
            )


def left_out(discovered: Mapping[str, Any], result: Mapping[str, Any]) -> Iterator[DocumentError]:
    """The containers that were seen to connect to a server and that no entry of their kind counts there any more."""
    counted: dict[tuple[object, ...], list[Any]] = {}
    for entry in result["workloads"].values():
        counted.setdefault(_counted_as(entry, result), []).append(entry.get("containers"))
    # what was discovered comes first and in its order, whatever it is called now
    for item, (name, entry) in zip(discovered["workloads"].values(), result["workloads"].items(), strict=False):
        named = counted[_counted_as(entry, result)]
        if None in named:
            continue  # an entry that names none counts them all, as a reservation does
        for container in item.get("containers", ()):
            if not any(container in containers for containers in named):
                how = f" by {item['evidence']}" if "evidence" in item else ""
                got = schema.shown(", ".join(entry["containers"]))
                yield DocumentError(
                    f"workloads.{name}.containers",
                    f"must have {container!a}, which connects{how}, got {got}: add it, or make the entry a reservation"
                    " of as many connections as you answer for (kind: reserved)",
                )


def _counted_as(entry: Mapping[str, Any], document: Mapping[str, Any]) -> tuple[object, ...]:
    """The resource of an entry, what it is, and the server that it counts at."""
    resource = entry.get("resource", {})
    proxy = document["proxies"].get(entry.get("proxy"), {})
    server = entry.get("database", proxy.get("database"))
    return resource.get("logical_id"), resource.get("template"), entry.get("kind"), server


def overruled(content: object, document: Document) -> Iterator[tuple[str, str]]:
    """The places of an overlay that do not count, as the template has a larger number or another server, and why."""
    said = schema.mapping(content, "document")
    for name, entry in schema.mapping(said.get("databases", {}), "databases").items():
        given = document.databases[name].given if name in document.databases else {}
        for key, value in schema.mapping(entry, name).items():
            if given.get(key) is Source.READ and isinstance(value, (str, int, float)):
                read = schema.shown(schema.plain(getattr(document.databases[name], key)))
                words = f"{schema.shown(value)} is not the {read} of the template, which counts"
                yield f"databases.{name}.{key}", words
    for name, entry in schema.mapping(said.get("workloads", {}), "workloads").items():
        workload = document.workloads.get(name)
        for key, value in schema.mapping(entry, name).items():
            counts = getattr(workload, key, None)
            if not isinstance(value, int) or not isinstance(counts, int) or key in getattr(workload, "overruled", {}):
                continue
            if value < counts:
                yield f"workloads.{name}.{key}", f"{value} is less than the {counts} of the template, which counts"


def _same(name: str, added: Mapping[str, object], document: Mapping[str, Any], part: str) -> str | None:
    """The discovered entry that an entry of the overlay speaks of: by its name, its resource, or its logical id."""
    present = document[part]
    if name in present:
        return name
    resource = added.get("resource")
    wanted = resource if isinstance(resource, Mapping) else {"logical_id": name}
    found = [key for key, item in present.items() if _names(wanted, item.get("resource"))]
    server = server_of(added, document)
    there = [key for key in found if server_of(present[key], document) == server]
    if added.get("kind") == Reservation.kind and server is not None:
        found = there  # beside what is counted elsewhere it is one more
    elif there:
        found = there
    if len(found) > 1:
        templates = {present[key]["resource"].get("template") for key in found}
        # which tells those of one template no better apart
        how = "name its template as well" if len(templates) == len(found) else "call the entry by one of these names"
        where = f"{part}.{name}.resource" if wanted is resource else f"{part}.{name}"
        raise DocumentError(where, f"may be any of {', '.join(map(repr, found))}: {how}")
    return found[0] if found else None


def _names(wanted: Mapping[str, object], resource: object) -> bool:
    return isinstance(resource, Mapping) and all(resource.get(key) == value for key, value in wanted.items())


def _joined(discovered: Mapping[str, Any], added: Mapping[str, Any], place: str) -> dict[str, Any]:
    entry = dict(discovered)
    sources = dict(entry.pop("sources", {}))
    kind = added.get("kind")
    if isinstance(kind, str) and kind in KINDS and kind != entry.get("kind"):
        entry = {key: value for key, value in entry.items() if key in KINDS[kind].fields}
    for key, value in added.items():
        if key == "resource" and "resource" in entry:
            continue  # it names the entry; the discovered one also has the template
        if value is None:
            entry.pop(key, None)
        else:
            entry[key] = value
            entry.pop(_EITHER.get(key, ""), None)
            sources.pop(key, None)
    guessed = "database" in added and discovered.get("sources", {}).get("database") == ASSUMED
    if guessed or any(entry.get(key) != discovered.get(key) for key in _EITHER):
        entry.pop("evidence", None)  # which led to where the templates let it connect, or to where it was assumed to
    _refuse_smaller(discovered, entry, place)
    _refuse_prefix(added, entry, place)
    sources |= dict(schema.mapping(added.get("sources", {}), "sources"))
    kept = {key: source for key, source in sources.items() if key in entry}
    entry.pop("sources", None)
    return {**entry, **({"sources": kept} if kept else {})}


def _refuse_smaller(discovered: Mapping[str, Any], entry: Mapping[str, Any], place: str) -> None:
    """What the templates have of pools cannot be talked down: they are what is deployed."""
    sources = discovered.get("sources", {})
    for key, least in _COUNTED.items() if entry.get("kind") != Reservation.kind else ():
        had, has = discovered.get(key, least), entry.get(key, least)
        if sources.get(key) == READ and type(had) is type(has) and has < had:
            raise DocumentError(
                f"{place}.{key}",
                f"must not be less than what the templates show, {schema.shown(had)}, got {schema.shown(has)}: change"
                f" what the containers are given, or leave {key} out",
            )
    now: list[Any] = [entry.get(key) for key in _POOL]
    before: list[Any] = [discovered.get(key) for key in _POOL]
    if entry.get("kind") != discovered.get("kind") or now == before or not all(type(part) is int for part in now):
        return
    read = [part for key, part in zip(_POOL, before, strict=True) if sources.get(key) == READ]
    if not read:
        return
    if all(type(part) is int for part in before):
        known, words = sum(before), f"{before[0]} + {before[1]}"
        unbounded = before[0] == 0 or before[1] == -1
    else:  # of what nobody can read in full, what is known
        known = sum(_known(part) for part in read)
        words, unbounded = f"{known} or more", False
    if unbounded or sum(now) < known:
        raise DocumentError(
            f"{place}.pool_size",
            f"must not be less than the templates give the containers, {words}, got {now[0]} +"
            f" {now[1]}: change the containers' variables, or leave pool_size and max_overflow out",
        )


def _known(part: object) -> int:
    """What is known of a size as documents have it."""
    if isinstance(part, Mapping):
        return int(part.get("at_least", 0))
    return part if isinstance(part, int) else 0


def _refuse_prefix(added: Mapping[str, Any], entry: Mapping[str, Any], place: str) -> None:
    """A prefix says which variables are to have what the budget chooses: of a fixed size it would say nothing."""
    celery = entry.get("kind") == "celery"
    if added.get("env_prefix") is None or not (celery or any(key in entry for key in _POOL)):
        return
    instead = "pool_size and max_overflow as the containers have them, or null for both, and the budget chooses them"
    raise DocumentError(
        f"{place}.env_prefix",
        "must be left out where the budget does not choose the pool, for it names the variables of what is chosen, got"
        f" {schema.shown(added['env_prefix'])}: give {'concurrency and pool' if celery else instead}",
    )


def _rename(document: dict[str, Any], part: str, old: str, new: str) -> None:
    key = _REFERENCES.get(part)
    for other in PARTS:
        for name, entry in document[other].items():
            if key is not None and entry.get(key) == old:
                document[other][name] = {**entry, key: new}


def _hint(part: str, name: str, discovered: Mapping[str, Any]) -> dict[str, str]:
    close = _closest(name, discovered)
    return {f"{part}.{name}": f"did you mean {close!r}?"} if close else {}


def _closest(name: str, names: Iterable[str]) -> str | None:
    """The name that another one is a slip of; case alone is always one."""
    folded = {item.lower(): item for item in names}
    parts = [item for lower, item in folded.items() if lower.startswith(f"{name.lower()} (")]
    if parts:  # of a service that is several workloads, each has what it is in brackets
        return parts[0]
    close = get_close_matches(name.lower(), list(folded), n=1, cutoff=_CLOSE)
    return folded[close[0]] if close else None
