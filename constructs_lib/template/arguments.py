"""The arguments of a program: the values of its options, and counts among them."""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache

from constructs_lib.budget.schema import MOST
from constructs_lib.limits import Unknown, largest_of
from constructs_lib.template.environment import Variables, variable
from constructs_lib.template.shell import COMPUTED, computed

_WITH_A_VALUE = """
    -A --app -b --bind -c --config --concurrency --autoscale -e --env -g --group -k --worker-class -l --log-level
    --loglevel -m -n --hostname --name -p --port --host --http --socket --pid --pidfile -P --pool -Q --queues
    -t --timeout --graceful-timeout --keep-alive --timeout-keep-alive -u --user --uid --gid -w --workers
    --processes --threads --chdir --root-path --access-logfile --error-logfile --log-file --log-config
    --forwarded-allow-ips --max-requests --max-requests-jitter --max-tasks-per-child --max-memory-per-child
    --prefetch-multiplier --broker --result-backend --worker-tmp-dir --certfile --keyfile --ssl-certfile
    --ssl-keyfile --uds --fd --limit-concurrency --limit-max-requests --backlog --worker-connections
    --time-limit --soft-time-limit --workdir --interface --module --wsgi-file --url --backend-store-uri
    --registry-store-uri --default-artifact-root --artifacts-destination --static-prefix --app-name
"""
_TAKING = frozenset(_WITH_A_VALUE.split())
"""Options behind which the next word is their value, and no option."""
_REFERENCE = re.compile(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?[-=][^{}]*)?\})")


def values(arguments: Sequence[str], names: Sequence[str], flags: str = "") -> Iterator[str]:
    """Every value that is given to an option: apart, after `=`, or right behind a short one.

    `flags` are the letters of short options without a value, which may stand before a short one: `-BEc4`.
    """
    for index, word in enumerate(arguments):
        if word[:1] != "-":
            continue
        following = arguments[index + 1] if index + 1 < len(arguments) else ""
        for name in names:
            if word == name:
                yield following
            elif word.startswith(f"{name}="):
                yield word.partition("=")[2]
            elif len(name) == 2 and (found := _cluster(name[1], flags).fullmatch(word)):  # noqa: PLR2004 - a dash and a letter
                yield found[1].removeprefix("=") or following


def given(arguments: Sequence[str], names: Sequence[str], flags: str = "") -> bool:
    """Whether an option is among the arguments."""
    return next(values(arguments, names, flags), None) is not None


def is_another(arguments: Sequence[str], commands: Collection[str]) -> bool:
    """Whether the command that stands among the arguments is certainly none of some."""
    first = next((word for word in arguments if not word.startswith("-")), "")
    return not computed(first) and not any(word in commands for word in arguments)


def stray(arguments: Sequence[str]) -> bool:
    """Whether an argument is computed that may be an option, or several."""
    return any(
        re.match(r"-*[$`\ufffd]", word) is not None and (index == 0 or arguments[index - 1] not in _TAKING)
        for index, word in enumerate(arguments)
    )


def most(texts: Sequence[str], what: str, variables: Variables) -> int | Unknown:
    """The largest of several counts, of which there is at least one: which of them counts, the program decides."""
    return largest_of([count(text, what, variables) for text in texts])


def count(text: str, what: str, variables: Variables) -> int | Unknown:
    """A count of at least 1."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) <= 7 and 1 <= int(text) <= MOST:  # noqa: PLR2004 - MOST has seven digits
        return int(text)
    if found := _REFERENCE.fullmatch(text):
        name = found[1] or found[2]
        value = variable(variables, name)
        reason = value.reason if isinstance(value, Unknown) else "which the template does not set"
        return Unknown(f"{what} is ${name}, {'which no shell replaces' if isinstance(value, str) else reason}")
    if COMPUTED in text:
        return Unknown(f"{what} is computed by an intrinsic function")
    return Unknown(f"{what} is {'computed by the shell' if computed(text) else 'no count of at least 1'}")


def first_setting(names: Sequence[str], variables: Variables) -> tuple[int | Unknown, str] | None:
    """The count that the first of several variables has, and which it is; None where none of them is set."""
    for name in names:
        value = variable(variables, name)
        if value is not None:
            found = count(value, name, variables) if isinstance(value, str) else Unknown(f"{name}: {value.reason}")
            return found, name
    return None


@cache
def _cluster(letter: str, flags: str) -> re.Pattern[str]:
    before = f"[{flags}]*" if flags else ""
    return re.compile(f"-{before}{letter}(.*)", re.DOTALL)
