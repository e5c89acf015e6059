"""What the command of a container starts: worker processes of a web server, or a Celery worker."""

import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from constructs_lib.budget.schema import MOST
from constructs_lib.budget.workloads.celery import CeleryPool
from constructs_lib.budget.workloads.facts import CommandFacts, Fact
from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import described, mapping

Variables = Mapping[str, str | Unknown]
Count = int | Unknown | None

SHELLS = {"sh", "bash", "dash", "ash", "zsh", "ksh"}
DEEPEST_SHELL = 4
LONGEST = 20_000
"""Characters of a command that are looked at; ECS takes a task definition of 64 KiB in all."""
COMPUTED = "\ufffd"
"""Stands for a piece of a command that an intrinsic function computes."""
CONCURRENCY_SETTINGS = ("CELERY_WORKER_CONCURRENCY", "CELERYD_CONCURRENCY")


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What runs at once; None where nothing is said of it."""

    processes: Count = None
    concurrency: Count = None
    pool: CeleryPool | None = None
    beats: int = 0
    words: Mapping[str, str] = field(default_factory=dict)
    """Such as `gunicorn --workers 4`, by what they say: never an argument that could be a secret."""


NOTHING = Started()


def command_facts(containers: Mapping[str, Mapping[str, Any]], variables: Mapping[str, Variables]) -> CommandFacts:
    """Read the commands of a task's containers, given by name, and the variables that decide beside them.

    Of several containers, the one that starts the most counts for each.
    """
    started = [_of_container(name, containers[name], variables.get(name, {})) for name in containers]
    total = _one_of(started)
    facts = {
        key: None if value is None else Fact(value)
        for key, value in (
            ("processes", total.processes),
            ("concurrency", total.concurrency),
            ("pool", total.pool),
            ("extra_connections", total.beats or None),
        )
    }
    return CommandFacts(words=total.words, **facts)


def _of_container(name: str, definition: Mapping[str, Any], variables: Variables) -> Started:
    where = f"container {name!r}"
    words: list[str] = []
    for key in ("EntryPoint", "Command"):
        value = definition.get(key)
        if value is None or value == {"Ref": "AWS::NoValue"}:
            continue
        if not isinstance(value, list):
            # what is written there may hold a secret
            what = "a string, and ECS takes a list" if isinstance(value, str) else described(value)
            unreadable = Unknown(f"{key} of {where} is {what}")
            return Started(processes=unreadable, concurrency=unreadable)
        words += [_text(item) for item in value]
    started = _settings(_run(words, variables), variables)
    return Started(
        processes=_placed(started.processes, where),
        concurrency=_placed(started.concurrency, where),
        pool=started.pool,
        beats=started.beats,
        words={key: f"{where} runs {said}" for key, said in started.words.items()},
    )


def _placed(count: Count, where: str) -> Count:
    return Unknown(f"{count.reason} in {where}") if isinstance(count, Unknown) else count


def _settings(started: Started, variables: Variables) -> Started:
    """What the variables say where the command says nothing."""
    processes, concurrency, words = started.processes, started.concurrency, dict(started.words)
    if processes is None and "WEB_CONCURRENCY" in variables and "web" not in words:
        processes = _variable("WEB_CONCURRENCY", variables)
        words["processes"] = f"with WEB_CONCURRENCY={processes}"
    for name in CONCURRENCY_SETTINGS:
        if concurrency is None and name in variables:
            concurrency = _variable(name, variables)
            words["concurrency"] = f"with {name}={concurrency}"
    return Started(processes=processes, concurrency=concurrency, pool=started.pool, beats=started.beats, words=words)


def _variable(name: str, variables: Variables) -> int | Unknown:
    value = variables[name]
    return Unknown(f"{name}: {value.reason}") if isinstance(value, Unknown) else _number(value, name, variables)


def _run(words: Sequence[str], variables: Variables, depth: int = 0) -> Started:
    """What an argument vector starts; a shell's script is looked into."""
    for index, word in enumerate(words):
        name = word.rpartition("/")[2]
        if name in SHELLS and depth < DEEPEST_SHELL:
            for place in range(index + 1, len(words)):
                if not words[place].startswith(("-", "+")) and not re.fullmatch(r"[-+][a-zA-Z]*o", words[place - 1]):
                    break
                if re.fullmatch(r"-[a-zA-Z]*c[a-zA-Z]*", words[place]) and place + 1 < len(words):
                    script = _script(words[place + 1], variables, depth + 1)
                    # `exec "$@"` hands on to what follows
                    return _one_of([script, _run(words[place + 2 :], variables, depth + 1)])
        if name in PROGRAMS and (index == 0 or words[index - 1] not in {"install", "which", "-v"}):
            return PROGRAMS[name](words[index + 1 :], variables)
    return NOTHING


def _script(text: str, variables: Variables, depth: int) -> Started:
    """What a shell's script starts: side by side what `&` and `|` join, one after the other what `;` and `&&` do."""
    known = dict(variables)
    at_once: list[list[Started]] = [[]]
    segment: list[str] = []
    for token in [*_tokens(text), ";"]:
        if not token or token.strip("();&|<>"):
            segment.append(token)
        elif not set(token) & set("<>"):
            at_once[-1].append(_run(_assigned(segment, known), known, depth))
            segment = []
            if set(token.replace("&&", "").replace("||", "")) & set("&|"):
                at_once.append([])
    return _all_of([_one_of(group) for group in at_once])


def _assigned(segment: list[str], variables: dict[str, str | Unknown]) -> list[str]:
    """The words of a command after its assignments, which are noted."""
    for index, word in enumerate(segment):
        name, sign, value = word.partition("=")
        if sign and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
            variables[name] = value
        elif word not in {"export", "env", "exec"}:
            return segment[index:]
    return []


def _tokens(text: str) -> list[str]:
    text = text[:LONGEST].replace("\\\n", " ").replace("\n", " ; ")
    lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    try:
        return list(lexer)
    except ValueError:  # a quotation that is not closed
        return text.replace(";", " ; ").replace("&", " & ").replace("|", " | ").split()


def _web(program: str, options: Sequence[str], *settings: str) -> Callable[[Sequence[str], Variables], Started]:
    """A server that starts worker processes, by its options, then by its own variables, then by WEB_CONCURRENCY."""

    def read(arguments: Sequence[str], variables: Variables) -> Started:
        said = _option(arguments, options)
        source = options[-1]
        if said is None and program == "gunicorn" and isinstance(more := variables.get("GUNICORN_CMD_ARGS"), str):
            said, source = _option(_tokens(more), options), f"GUNICORN_CMD_ARGS {options[-1]}"
        if said is not None:
            count: Count = _number(said, f"{source} of {program}", variables)
            return Started(processes=count, words={"processes": f"{program} {source} {count}", "web": program})
        for name in settings:
            if name in variables:
                count = _variable(name, variables)
                return Started(processes=count, words={"processes": f"{program} with {name}={count}", "web": program})
        return Started(words={"web": program})

    return read


def _celery(arguments: Sequence[str], variables: Variables) -> Started:
    """`celery worker`, also with an embedded beat, and `celery beat`."""
    if "beat" in arguments and "worker" not in arguments:
        return Started(beats=1)
    if "multi" in arguments[:3]:
        several = Unknown("celery multi starts several workers")
        return Started(concurrency=several)
    if "worker" not in arguments:
        return NOTHING
    words: dict[str, str] = {}
    concurrency: Count = None
    autoscale, said = _option(arguments, ("--autoscale",)), _option(arguments, ("-c", "--concurrency"))
    if autoscale is not None:
        # Celery itself takes the larger of the two, in whichever order they stand
        bounds = [_number(part, "--autoscale of celery", variables) for part in autoscale.split(",", 1)]
        unknown = next((bound for bound in bounds if isinstance(bound, Unknown)), None)
        concurrency = unknown or max(bound for bound in bounds if isinstance(bound, int))
        words["concurrency"] = f"celery worker --autoscale {concurrency}"
    elif said is not None:
        concurrency = _number(said, "--concurrency of celery", variables)
        words["concurrency"] = f"celery worker --concurrency {concurrency}"
    pool = _option(arguments, ("-P", "--pool"))
    known = next((item for item in CeleryPool if item.value == pool), None)
    if pool == "processes":
        known = CeleryPool.PREFORK
    if known is not None:
        words["pool"] = f"celery worker --pool {known.value}"
    beat = any(word == "--beat" or re.fullmatch(r"-[EB]*B[EB]*", word) for word in arguments)
    return Started(concurrency=concurrency, pool=known, beats=int(beat), words=words)


PROGRAMS: Mapping[str, Callable[[Sequence[str], Variables], Started]] = {
    "gunicorn": _web("gunicorn", ("-w", "--workers"), "WEB_CONCURRENCY"),
    "uvicorn": _web("uvicorn", ("--workers",), "UVICORN_WORKERS", "WEB_CONCURRENCY"),
    "fastapi": _web("fastapi", ("--workers",), "WEB_CONCURRENCY"),
    "hypercorn": _web("hypercorn", ("-w", "--workers")),
    "granian": _web("granian", ("--workers",), "GRANIAN_WORKERS"),
    "uwsgi": _web("uwsgi", ("-p", "--workers", "--processes"), "UWSGI_WORKERS", "UWSGI_PROCESSES"),
    "celery": _celery,
}


def _option(arguments: Sequence[str], names: Sequence[str]) -> str | None:
    """The last value that is given to an option: apart, after `=`, or right behind a short one."""
    found = None
    for index, word in enumerate(arguments):
        for name in names:
            if word == name:
                found = arguments[index + 1] if index + 1 < len(arguments) else ""
            elif word.startswith(f"{name}="):
                found = word.partition("=")[2]
            elif len(name) == 2 and word.startswith(name):  # noqa: PLR2004 - a dash and a letter
                found = word[2:]
    return found


def _number(text: str, what: str, variables: Variables, depth: int = 0) -> int | Unknown:
    """A count of at least 1, through variables of the shell."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) <= 7 and 1 <= int(text) <= MOST:  # noqa: PLR2004 - MOST has seven digits
        return int(text)
    if (found := _REFERENCE.fullmatch(text)) and depth < DEEPEST_SHELL:
        plain, braced, default = found.groups()
        name = plain or braced
        value: str | Unknown | None = variables.get(name, default)
        if isinstance(value, str):
            return _number(value or default or "", f"{what}, ${name},", variables, depth + 1)
        return Unknown(f"{what} is ${name}, {'which the template does not set' if value is None else value.reason}")
    if COMPUTED in text:
        return Unknown(f"{what} is computed by an intrinsic function")
    return Unknown(f"{what} is {'computed by the shell' if text[:1] in {'$', '`'} else 'no count of at least 1'}")


_REFERENCE = re.compile(r"\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)(?::?-([^{}]*))?\})")


def _text(value: object, depth: int = 0) -> str:
    """A word as far as it is written out."""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= MOST:
        return str(value)
    join = mapping(value).get("Fn::Join")
    if isinstance(join, list) and len(join) == 2 and isinstance(join[1], list) and depth < DEEPEST_SHELL:  # noqa: PLR2004 - separator and pieces
        separator = join[0] if isinstance(join[0], str) else COMPUTED
        return separator.join(_text(item, depth + 1) for item in join[1])
    substituted = mapping(value).get("Fn::Sub")
    if isinstance(substituted, list) and substituted:
        substituted = substituted[0]
    if isinstance(substituted, str):
        return re.sub(r"\$\{!([^}]*)\}", r"${\1}", re.sub(r"\$\{[^!}][^}]*\}", COMPUTED, substituted))
    return COMPUTED


def _one_of(items: Sequence[Started]) -> Started:
    """The most that any of them starts, as where one runs after the other."""
    return _combined(items, [item.processes for item in items], max)


def _all_of(items: Sequence[Started]) -> Started:
    """What all of them start together; a server whose workers nobody counted has one, where others are counted."""
    return _combined(items, [item.processes or (1 if "web" in item.words else None) for item in items], sum)


def _combined(items: Sequence[Started], processes: Sequence[Count], fold: Callable[[Iterator[int]], int]) -> Started:
    pools = {item.pool for item in items if item.pool is not None}
    words: dict[str, str] = {}
    for item in items:
        for key, said in item.words.items():
            words[key] = f"{words[key]} and {said}" if key in words and words[key] != said else said
    said_nowhere = all(item.processes is None for item in items)
    return Started(
        processes=None if said_nowhere else _folded(processes, fold),
        concurrency=_folded([item.concurrency for item in items], fold),
        pool=CeleryPool.PREFORK if len(pools) > 1 else next(iter(pools), None),
        beats=fold(iter([item.beats for item in items] or [0])),
        words=words,
    )


def _folded(counts: Sequence[Count], fold: Callable[[Iterator[int]], int]) -> Count:
    known = [count for count in counts if isinstance(count, int)]
    unknown = next((count for count in counts if isinstance(count, Unknown)), None)
    total = fold(iter(known)) if known else None
    if unknown is None and total is not None and total > MOST:
        return Unknown(f"the command starts more than {MOST} processes")
    return unknown or total
