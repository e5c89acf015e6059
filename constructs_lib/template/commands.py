"""What the command of a container starts: worker processes of a web server or a task queue, or a Celery worker."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from constructs_lib.budget.workloads.facts import CommandFacts, Fact
from constructs_lib.limits import Unknown
from constructs_lib.template import django
from constructs_lib.template.airflow_command import airflow
from constructs_lib.template.arguments import first_setting, values
from constructs_lib.template.celery_command import CONCURRENCY_SETTINGS, celery, multi, worker
from constructs_lib.template.environment import Environment, Variables
from constructs_lib.template.images import started_by
from constructs_lib.template.intrinsics import described, members
from constructs_lib.template.managers import manager_among
from constructs_lib.template.shell import (
    ASSIGNMENT,
    COMPUTED,
    DEEPEST,
    ShellError,
    arguments,
    assign,
    computed,
    jobs,
)
from constructs_lib.template.started import NOTHING, Started, all_of, doubted, one_of, unknown
from constructs_lib.template.task_queues import TASK_QUEUES
from constructs_lib.template.unread_counts import threads_of, unread_option, unread_variable
from constructs_lib.template.unresolved import REMOVED
from constructs_lib.template.web_servers import TOLD_BY, WEB_SERVERS, told
from constructs_lib.template.wrappers import (
    INTERPRETERS,
    QUIET,
    SERVERS,
    SHELLS,
    WRAPPERS,
    at_once,
    base,
    behind,
    hands_on,
    shown,
)
from constructs_lib.template.written import written

PROGRAMS: Mapping[str, Callable[[Sequence[str], Variables], Started]] = {
    **{name: server.started for name, server in WEB_SERVERS.items()},
    **{name: queue.started for name, queue in TASK_QUEUES.items()},
    "airflow": airflow,
    "celery": celery,
    "celeryd": worker,
    "celeryd-multi": multi,
}
"""By the name of the program: what it starts with these arguments."""
_SAYING = {*TOLD_BY, *CONCURRENCY_SETTINGS, *filter(None, (server.more for server in WEB_SERVERS.values()))}
"""The variables that say how many processes there are, whatever the command is."""
_DECLARING = {"export", "declare", "readonly", "local", "typeset"}
_NAMES = re.compile(rf"\b(?:{'|'.join(sorted(PROGRAMS))})(?![a-z])")
_COUNTS = ("-w", "--workers", "--processes", "--concurrency", "--autoscale")
_SHORT = ("-c", "-p")
"""Options of a count in some program, and of another number in others: only what is short is taken for a count."""


def command_facts(containers: Mapping[str, Mapping[str, Any]], variables: Mapping[str, Variables]) -> CommandFacts:
    """Read the commands of a task's containers, given by name, and the variables that decide beside them.

    Of several containers, the one that starts the most counts for each.
    """
    return facts_of(started_in(name, containers[name], variables.get(name, {})) for name in containers)


def facts_of(started: Iterable[Started]) -> CommandFacts:
    """The facts of several containers, or of one as it may be in several ways: what starts the most counts for each."""
    items = list(started)
    total = one_of(items)
    beside = [item.beside for item in items if item.beside is not None]
    facts = {
        key: None if value is None else Fact(value)
        for key, value in (
            ("processes", total.in_all),
            ("concurrency", total.concurrency),
            ("pool", total.pool),
            ("extra_connections", total.beats or None),
        )
    }
    facts["extra_connections"] = max(beside, key=lambda fact: fact.final, default=facts["extra_connections"])
    words = dict(total.words)
    if total.worker and "concurrency" in words:
        both = [words[key] for key in ("processes", "concurrency") if key in words]
        words["processes"] = " and ".join(both)
    return CommandFacts(words=words, only_workers=total.worker and not (total.program or total.web), **facts)


def started_in(name: str, definition: Mapping[str, Any], variables: Variables) -> Started:
    """What the container of a name starts."""
    where = f"container {name!r}"
    if isinstance(hidden := members(definition, f"{where} is not written out: it"), Unknown):
        return unknown(hidden.reason)
    words: list[str] = []
    for key in ("EntryPoint", "Command"):
        value = definition.get(key)
        if value is None or value == REMOVED:
            continue
        if not isinstance(value, list):
            # what is written there may hold a secret
            what = "a string, and ECS takes a list" if isinstance(value, str) else described(value)
            return unknown(f"{key} of {where} is {what}")
        words += [written(item) for item in value]
    if words and re.search(r"\s", words[0]):  # the image's own entry point is a shell
        words = ["sh", "-c", *words]
    found = _of_words(words, variables, 0) if words else started_by(definition, variables)
    started = _settings(found, variables)
    if started == NOTHING:
        return NOTHING
    return replace(
        started,
        # two containers side by side are what the budget multiplies by
        lasting=False,
        processes=_placed(started.processes, where),
        concurrency=_placed(started.concurrency, where),
        total=_placed(started.total, where),
        beside=_beside(started, where),
        words={key: f"{where} runs {said}" for key, said in started.words.items()},
    )


def _beside(started: Started, where: str) -> Fact | None:
    """What runs beside Celery workers, or instead of them, and may open more connections than are counted of those."""
    if started.server is not None:
        return Fact(Unknown(f"{started.server} in {where} is no Celery worker, and has pools of its own"), final=True)
    several = Unknown(f"several programs run at once in {where}, and one worker is counted")
    return Fact(several) if started.several else None


def _placed(number: int | Unknown | None, where: str) -> int | Unknown | None:
    return replace(number, reason=f"{number.reason} in {where}") if isinstance(number, Unknown) else number


def _settings(started: Started, variables: Variables) -> Started:
    """What the variables say where the command says nothing; a program that is not known need not ask for others."""
    words = dict(started.words)
    # what is said of others beside the variables is no number
    plain: Variables = {} if _SAYING.isdisjoint(variables) else dict(variables)
    for number, source in () if started.web or started.worker else _told(started, plain):
        own = started.processes
        if own is None or isinstance(number, Unknown) or (isinstance(own, int) and own < number):
            words["processes"] = f"{source}{number}"
            started = replace(started, processes=number, words=words)
    if started.processes is None and (started.program or not (started.worker or started.beats)):
        # a server that is known may read it in its configuration file
        unread = unread_variable(variables, options=not started.web)
        started = started if unread is None else replace(started, processes=unread)
    if not started.worker and started.concurrency is None and (found := first_setting(CONCURRENCY_SETTINGS, plain)):
        words["concurrency"] = f"with {found[1]}={found[0]}"
        started = replace(started, concurrency=found[0], words=words)
    return started


def _told(started: Started, variables: Variables) -> Iterator[tuple[int | Unknown, str]]:
    """The numbers of processes that variables say, also of a worker, where the image says what runs."""
    yield from told(variables)
    if not (started.program or started.beats) and (found := first_setting(CONCURRENCY_SETTINGS, variables)):
        yield found[0], f"with {found[1]}="


def _of_words(words: Sequence[str], variables: Variables, depth: int) -> Started:
    """What an argument vector starts: the one program that is known, behind what hands on to it."""
    own = Environment.of(variables)
    for place, word in enumerate(words):
        if assign(word, own, over=True):
            continue
        name = _called(words, place)
        if name in SHELLS and (script := _script_of(words, place)) is not None:
            started = _of_script(words[script], words[script + 1 :], own, depth + 1)
            if started == NOTHING and (several := at_once(words[:place])) is not None:
                return unknown(several)
            return behind(words[:place], name, started)
        if name in PROGRAMS:
            before, following = words[:place], words[place + 1 :]
            started = PROGRAMS[name](following, own)
            others = [item for at, item in enumerate(following) if item in PROGRAMS and words[place + at][:1] != "-"]
            if others and started != NOTHING:
                return doubted(started, f"{others[0]} is an argument of {name}, and may run as well")
            return behind(before, name, started)
    return _without_program(words, top=depth == 0)


def _without_program(words: Sequence[str], *, top: bool) -> Started:
    """What a command starts that names no program which is known here."""
    leading = [word for word in words if not ASSIGNMENT.fullmatch(word)]
    if not leading or base(leading[0]) in QUIET:
        return NOTHING
    if (reason := _hidden(words, leading)) is not None:
        return unknown(reason)
    if top and leading[0].startswith("-"):
        short = [value for value in values(leading, _SHORT) if re.fullmatch(r"[0-9]{1,3}", value)]
        if short or next(values(leading, _COUNTS), None) is not None:
            return unknown("the command has nothing but options, of a program that the image names")
    if (reason := unread_option(words)) is not None:
        return unknown(reason)
    first, alone = [base(word) for word in leading[:3]], django.runs_alone(leading)
    return Started(
        program=any(name in INTERPRETERS for name in first),
        server=next((name for name in first if name in SERVERS), None),
        threads=1 if alone else threads_of(words, {}),
        per_thread=alone,
    )


def _hidden(words: Sequence[str], leading: Sequence[str]) -> str | None:
    """Why a server may run that is not named as one; None where there is no sign of it."""
    handed_on = (word for word in leading if not re.fullmatch(r"-.*|[0-9]+[a-z]?", word) and not hands_on(word))
    if computed(next(handed_on, "")):
        return "what runs is computed"
    if (manager := manager_among(leading)) is not None:
        return f"{manager} starts what its own configuration says"
    if (several := at_once(leading)) is not None:
        return several
    if any(re.search(r"[\s`(]", word) and _NAMES.search(word) for word in words):
        return f"{shown(base(leading[0]))} may start a server that is named in its arguments"
    return None


def _of_script(text: str, rest: Sequence[str], variables: Variables, depth: int) -> Started:
    """What a shell's script starts; `rest` are the words behind it."""
    known = Environment.of(variables)
    known.update({str(place): word for place, word in enumerate(rest[:10])})
    try:
        together = jobs(text) if depth <= DEEPEST else []
    except ShellError as error:
        return unknown(f"the script is not understood: {error}") if _NAMES.search(text) else NOTHING
    if depth > DEEPEST and _NAMES.search(text):
        return unknown("the script is not understood: shells within shells")
    started = []
    for job in together:
        one_by_one = []
        for command in job:
            if command.words[0] == "shift" or command.words[:2] == ["set", "--"]:
                rest = [*rest[:1], COMPUTED]
            words = arguments(_declared(command.words, known), known, rest[1:])
            found = _of_words(words, known, depth) if words else NOTHING
            if command.looped and (found.web or found.worker):
                found = doubted(found, "a server is started in a loop")
            elif command.repeated and words and base(words[0]) not in QUIET:
                reason = "a program is started in the background by a loop"
                found = doubted(found, reason) if found.program else unknown(reason)
            one_by_one.append(found)
        started.append(one_of(one_by_one))
    return all_of(started)


def _declared(words: Sequence[str], variables: Environment) -> Sequence[str]:
    """The words of a command, none where it does nothing but set variables, which are noted."""
    head = words[0]
    if head in {".", "source", "eval", "let"}:
        if words[-1].endswith("/bin/activate"):  # of a virtual environment: it sets PATH
            return ()
        variables.doubt(Unknown("a file that the shell reads may set it"))
    elif head in {"read", "getopts", "mapfile", "printf", "unset"}:
        variables.update(dict.fromkeys(words[1:], Unknown(f"{head} of the shell may set it")))
    elif head in _DECLARING or all(ASSIGNMENT.fullmatch(word) for word in words):
        for word in words[1:] if head in _DECLARING else words:
            if not assign(word, variables) and computed(word):
                variables.doubt(Unknown("the shell computes which variables it sets"))
        return [word for word in words if ("`" in word or "$(" in word) and _NAMES.search(word)]
    return words


def _script_of(words: Sequence[str], place: int) -> int | None:
    """Where the script of a shell stands, which is the first word behind the options that have a `c` among them."""
    scripted = False
    for index in range(place + 1, len(words)):
        word = words[index]
        if not word.startswith(("-", "+")) and not re.fullmatch(r"[-+][a-zA-Z]*o", words[index - 1]):
            return index if scripted else None
        scripted = scripted or re.fullmatch(r"-[a-zA-Z]*c[a-zA-Z]*", word) is not None
    return None


def _called(words: Sequence[str], place: int) -> str:
    """The name of the program that a word may be: without its folder, its version, or the rest of a module's name."""
    word = words[place]
    if place and words[place - 1] == "-m":
        return word.partition(".")[0]
    if "/" in word and place and "/bin/" not in word and base(words[0]) not in WRAPPERS:
        return ""  # a folder of that name
    return base(word)
