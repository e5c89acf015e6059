"""What may stand before a program on its line: what hands on to it, and what does something else with its name."""

import re
from collections.abc import Sequence

from constructs_lib.template.arguments import values
from constructs_lib.template.shell import ASSIGNMENT, computed
from constructs_lib.template.started import NOTHING, Started, doubted

SHELLS = {"sh", "bash", "dash", "ash", "zsh", "ksh"}
_RUNTIMES = {"python", "pypy", "node", "java", "ruby", "php", "dotnet"}
SERVERS = {"daphne", "waitress-serve", "runserver"}
"""Web servers of one process; the last is Django's own, a subcommand of manage.py."""
INTERPRETERS = _RUNTIMES | SERVERS | {"flask"}
"""What is one process, whatever it runs."""
_HANDING_ON = """
    exec command env nohup nice ionice time timeout setsid stdbuf sudo gosu su-exec setpriv chpst tini dumb-init
    catatonit poetry pipenv pdm uv hatch rye conda micromamba dotenv doppler chamber infisical ddtrace-run
    newrelic-admin opentelemetry-instrument sentry-instrument aws-vault envconsul wait-for-it dockerize watchmedo
    watchfiles coverage strace docker-entrypoint entrypoint init
    bundle
"""
_PREFIXES = set(_HANDING_ON.split())
WRAPPERS = SHELLS | _RUNTIMES | _PREFIXES
"""What hands on to one program, which it starts once; so do the scripts of an image, whose names end in .sh."""
_MULTIPLIERS = {"xargs", "parallel", "eval", "watch", "find", "seq", "for", "while"}
_AT_ONCE = {"parallel", "concurrently", "mpirun", "mpiexec", "srun", "horovodrun"}
"""What starts several programs at once, or one several times."""
_NAMING = """
    echo printf pip pip3 which type hash apt apt-get apk yum dnf test [ [[ ls rm cd mkdir touch cat grep sed
    chown chmod pkill killall pgrep trap true false : sleep wait
    tail head curl wget nc read break continue
"""
QUIET = set(_NAMING.split())
"""What may speak of a program and starts none."""


def behind(before: Sequence[str], name: str, started: Started) -> Started:
    """What a program starts behind the words that stand before it."""
    leading = [base(word) for word in before if not ASSIGNMENT.fullmatch(word)]
    if not leading or started == NOTHING:
        return started
    head = leading[0]
    if head in QUIET or (head == "command" and before[-1] in {"-v", "-V"}):
        return NOTHING
    once = head in WRAPPERS or head.endswith((".sh", "entrypoint"))
    if once and not _MULTIPLIERS & set(leading) and not any(map(computed, leading)):
        return started
    return doubted(started, f"{name} stands behind {shown(head)}, which may start it more than once")


def at_once(words: Sequence[str]) -> str | None:
    """Why what stands behind some words may run several times at once, whatever it is; None where it does not."""
    first = [base(word) for word in words[:3]]
    if not first or first[0] in INTERPRETERS:
        return None
    for name in first:
        limits = values(words, ("-P", "--max-procs")) if name == "xargs" else iter("*" if name in _AT_ONCE else "")
        if any(limit != "1" for limit in limits):
            return f"{name} may start several programs at once"
    return None


def hands_on(word: str) -> bool:
    """Whether a word stands before the program itself, and runs nothing of its own."""
    return base(word) in _PREFIXES


def base(word: str) -> str:
    """The name of a program without its folder and its version."""
    return re.sub(r"(?<=[a-z])[0-9.]+$", "", word.rpartition("/")[2])


def shown(head: str) -> str:
    """The name of a program as a message shows it."""
    return head if re.fullmatch(r"[\w.-]{1,40}", head, re.ASCII) else "a command"
