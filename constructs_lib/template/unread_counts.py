"""Numbers of workers and threads that stand in a command or a variable, and that no reader of a server understands."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from constructs_lib.limits import Unknown
from constructs_lib.template.arguments import count
from constructs_lib.template.environment import Variables
from constructs_lib.template.shell import computed
from constructs_lib.template.started import Count
from constructs_lib.template.wrappers import INTERPRETERS, base, hands_on

_WORKERS = re.compile(
    r"workers?|process(?:es)?|procs|children|instances|concurrency|autoscale|forks?|cluster|parallel(?:ism)?|nprocs?"
)
_THREADS = re.compile(r"threads?|connections|clients")
"""Words of an option or a variable that says how many of them there are."""
_OTHERS = """
    timeout memory mem size class name interval ttl port stack age lifetime life requests jitter tmp dir retries retry
    seconds delay priority grace idle min id type file log level buffer backlog limit batch prefetch mode env per
    nginx celery kafka redis ioredis http grpc s3 v8 gc
"""
_BESIDE = frozenset(_OTHERS.split())
"""Words for what is said beside the number, or of something that is no process of ours."""
_SHORT = ("-w", "-c", "-i", "-n", "-j")
"""Options of a count in some program: puma -w, sidekiq -c, pm2 -i, rq -n."""
_SEVERAL = re.compile(r"(?:[0-9]{1,3}:)?([0-9]{1,4})")
_RANGE = re.compile(r"(?:-t)?[0-9]{1,3}:[0-9]{1,3}")
"""As puma takes its threads."""
_ALL = {"max", "auto"}
_MORE = ("WORKERS", "PROCESSES", "PROCS", "NPROC", "NUMPROCS", "CHILDREN")
"""How a variable ends that says how many processes there are."""
_COUNTED = ("COUNT", "NUM", "NUMBER", "MAX")
_OPTIONS = re.compile(
    r"(?:GUNICORN|UWSGI|UVICORN|HYPERCORN|CELERYD?|PUMA|DRAMATIQ|WORKERS?|SERVER)(?:_\w+)?_(?:OPTS|OPTIONS|ARGS|FLAGS)"
)
"""How a variable is called that the script of an image may hand to a program as its options."""
_ONE = {
    **{name: {"1"} for name in ("PM2_INSTANCES", "JOB_CONCURRENCY", "SIDEKIQ_COUNT")},
    "WORKERS_PER_CORE": set[str](),
}
"""Variables that say how many there are in numbers of their own, such as 0 for one on every core: which mean 1."""


def unread_option(words: Sequence[str]) -> str | None:
    """Why a program that is not known here may start several processes; None where nothing says so."""
    if "--" in words and (handed := words[words.index("--") + 1 :]) and not handed[0].startswith("-"):
        return unread_option(handed)  # by wait-for-it and the like
    program, options = _program(words)
    for option, value in _options(options, short=program not in INTERPRETERS):
        if (option in _SHORT or _speaks(option, _WORKERS)) and _many(value):
            return f"{option} is given to a program whose options are not known here, and may be its number of workers"
    return None


def threads_of(words: Sequence[str], variables: Variables) -> Count:
    """The threads, or the connections served at once, of a process; None where nothing is said."""
    found = [
        count(value.rpartition(":")[2], option, variables)
        for option, value in _options(words, short=False)
        if _speaks(option, _THREADS) and _many(value)
    ]
    found += [count(word.rpartition(":")[2], "-t", variables) for word in words if _RANGE.fullmatch(word)]
    doubt = next((number for number in found if isinstance(number, Unknown)), None)
    return doubt or max((number for number in found if isinstance(number, int)), default=None)


def unread_variable(variables: Variables, *, options: bool) -> Unknown | None:
    """A variable that may say how many processes there are, where no server that is known has read it.

    Variables with `options` of a program count where it is not known which program is given them.
    """
    for name, value in variables.items():
        if name in _ONE:
            several = isinstance(value, Unknown) or value.strip() not in _ONE[name]
        else:
            several = _counts_processes(name) and (isinstance(value, Unknown) or _many(value))
        if several:
            return Unknown(f"{name} may be the number of processes, and is not understood")
        if options and isinstance(value, str) and _has_a_count(name, value):
            return Unknown(f"{name} may set the number of processes, and is not understood")
    return None


@lru_cache(4096)
def _counts_processes(name: str) -> bool:
    if name in {"HTTP_WORKERS", "PROCESS_COUNT"}:
        return True
    called = name.endswith(_MORE) or (name.endswith(_COUNTED) and "WORKER" in name)
    return called and _BESIDE.isdisjoint(name.lower().split("_"))


def _has_a_count(name: str, value: str) -> bool:
    return "-" in value and _OPTIONS.fullmatch(name) is not None and unread_option([name, *value.split()]) is not None


def _program(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The program behind what hands on to it, and its arguments."""
    for place, word in enumerate(words):
        if not word.startswith("-") and "=" not in word and not hands_on(word) and not word.isdecimal():
            return base(word), words[place + 1 :]
    return "", ()


def _options(words: Sequence[str], *, short: bool) -> Iterator[tuple[str, str]]:
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        if word.startswith("--"):
            option, apart, value = word.partition("=")
            yield option, value if apart else following
        elif short and word[:2] in _SHORT and word[:1] == "-":
            yield word[:2], word[2:].removeprefix("=") or following


def _speaks(option: str, what: re.Pattern[str]) -> bool:
    words = re.split(r"[^a-z0-9]+", option.lower())
    said = any(map(what.fullmatch, words))
    return said and (_BESIDE.isdisjoint(words) or "nproc" in words)  # --nproc-per-node is the number itself


def _many(value: str) -> bool:
    """Whether a value is a number above 1, or one that cannot be told."""
    number = _SEVERAL.fullmatch(value.strip())
    return int(number[1]) > 1 if number else value.lower() in _ALL or computed(value)
