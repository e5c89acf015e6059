"""A script of the shell: which commands it runs, one after the other and at once."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from constructs_lib.limits import Unknown
from constructs_lib.template.environment import Environment, Variables, assigned_in, variable

LONGEST = 20_000
"""Characters of a script that are looked at; ECS takes a task definition of 64 KiB in all."""
COMPUTED = "\ufffd"
"""Stands for a piece of a command that an intrinsic function computes."""
DEEPEST = 4
"""Defaults within defaults, as in `${A:-${B:-2}}`, and shells within shells."""
_BLANK = re.compile(r"(?:[ \t\r]|\\\n)+|#[^\n]*")
_REDIRECTION = re.compile(r"[0-9]*(?:<<<|<<|<>|>>|>&|<&|>\||<|>)|&>>?")
_OPERATOR = re.compile(r"&&|\|\||;;&|;;|;&|\|&|[;&|()\n]")
_PLAIN = re.compile(r"[^ \t\r\n;&|()<>'\"\\$`]+")
_ENDS = frozenset(" \t\r\n;&|()<>")
_AT_ONCE = {"&", "|", "|&"}
_LEADING = {"if", "then", "elif", "else", "do", "!", "{", "}", "time", "fi", "esac", "in"}
_LOOPS = {"for", "while", "until", "select"}
_NO_COMMAND = {"for", "select", "case"}
"""What stands behind these is a list of words."""
_REFERENCE = re.compile(r"\$(?:([A-Za-z_]\w*|[0-9])|\{([A-Za-z_]\w*|[0-9])(?:(:?)[-=]([^{}]*))?\})")
ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(\+?)=(.*)", re.DOTALL)


_LITERAL = "\ue000"
"""Stands for a dollar sign that the shell does not look at."""


class ShellError(ValueError):
    """What in a script is not understood."""


class Quoted(str):
    """A word that stays one word, whatever its variables hold."""

    __slots__ = ()


class Command(NamedTuple):
    """The words of one command, without quotation marks and redirections; variables are not replaced yet."""

    words: list[str]
    looped: bool
    """Whether it is within a loop."""
    repeated: bool = False
    """Whether a loop starts it in the background, so that it may run several times at once."""


class _Jobs:
    """What a script was found to start at once."""

    def __init__(self) -> None:
        self.at_once: list[list[Command]] = [[]]
        self._awaitable: list[Command] = []
        """What a loop started in the background, as long as a `wait` may follow on it."""

    def add(self, words: list[str], *, looped: bool) -> None:
        """Take one more command."""
        self.at_once[-1].append(Command(words, looped))
        if words[0] == "wait":
            self._awaitable[:] = [command._replace(repeated=False) for command in self._awaitable]
        if not all(map(ASSIGNMENT.fullmatch, words)):
            self._awaitable = []

    def begin(self, *, repeated: bool) -> None:
        """Begin what runs at the same time; what came before it is `repeated` as far as it is within a loop."""
        if repeated:
            self._awaitable = self.at_once[-1]
            self._awaitable[:] = [command._replace(repeated=command.looped) for command in self._awaitable]
        self.at_once.append([])

    def behind(self, word: str) -> None:
        """Take a word of the shell's own: no `wait` behind a `done` is one in the loop."""
        if word == "done":
            self._awaitable = []


def jobs(text: str) -> list[list[Command]]:
    """What a script starts at once, each a sequence of commands that run one after the other.

    `&` and `|` begin a new sequence; what `;`, `&&`, `||` and the branches of an `if` or a `case` hold, runs one after
    the other or not at all.

    Raises:
        ShellError: with the words for what is not understood.

    """
    if len(text) > LONGEST:
        raise ShellError(f"it is longer than {LONGEST} characters")
    found = _Jobs()
    words: list[str] = []
    loops = 0
    before = ""
    for operator, word in (*_tokens(text), (";", "")):
        if not operator:
            words.append(word)
            before = word
            continue
        if operator == ")" and before == "(":
            raise ShellError("it defines a function")
        if operator == "(" and before.endswith("="):
            raise ShellError("it has an array")
        before = operator
        while words and words[0] in _LEADING | _LOOPS | {"done", "case"}:
            loops += (words[0] in _LOOPS) - (words[0] == "done")
            found.behind(words[0])
            named = ["read", words[1]] if words[0] in {"for", "select"} and len(words) > 1 else []
            words = named if words[0] in _NO_COMMAND else words[1:]
        if words and words[0] == "function":
            raise ShellError("it defines a function")
        if words:
            found.add(words, looped=loops > 0)
            words = []
        if operator in _AT_ONCE:
            found.begin(repeated=operator == "&" and loops > 0)
    return found.at_once


def split(text: str) -> list[str]:
    """The words of one line, as the shell separates them.

    Raises:
        ShellError: with the words for what is not understood.

    """
    return [word.replace(_LITERAL, "$") for operator, word in _tokens(text[: LONGEST + 1]) if not operator]


def computed(word: str) -> bool:
    """Whether a part of a word is known to the shell or to the deployment alone."""
    return COMPUTED in word or "$" in word or "`" in word


def expanded(word: str, variables: Variables) -> str:
    """A word with the values of the variables that are known; the others stay as they are written."""

    def value(found: re.Match[str]) -> str:
        plain, braced, colon, default = found.groups()
        known = variable(variables, plain or braced)
        open_ = default is not None and known != default and (plain or braced) in assigned_in(variables)
        if open_ or isinstance(known, Unknown) or (known is None and default is None):
            return found[0]
        return (default or "") if known is None or (colon and not known) else known

    for _ in range(DEEPEST):
        if "$" not in word or (now := _REFERENCE.sub(value, word)) == word or len(now) > LONGEST:
            break
        word = now
    return word.replace(_LITERAL, "$")


def arguments(words: Sequence[str], variables: Variables, rest: Sequence[str]) -> list[str]:
    """The words of a command with the values of variables, which may be several words or none; `rest` is `$@`."""
    found: list[str] = []
    for word in words:
        if word in {"$@", "$*", "${@}", "${*}"}:
            found += rest
        else:
            value = expanded(word, variables)
            found += [value] if value == word or isinstance(word, Quoted) else value.split()
    return found


def assign(word: str, variables: Environment, *, over: bool = False) -> bool:
    """Note an assignment, and tell whether it is one; a second value beside a first is Unknown, unless it is `over`."""
    found = ASSIGNMENT.fullmatch(word)
    if found is None:
        return False
    name, added, written = found.groups()
    value: str | Unknown = expanded(written, variables)
    if added or (isinstance(value, str) and computed(value)):
        value = Unknown("the shell computes it")
    if not over and variables.get(name, value) != value:
        value = Unknown("it is set more than once")
    if not over and name not in variables:
        variables.assigned.add(name)
    variables[name] = value
    return True


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Operators, and words as `("", word)`; what a redirection leads to is left out."""
    place, to_file = 0, False
    while place < len(text):
        if blank := _BLANK.match(text, place):
            place = blank.end()
        elif redirection := _REDIRECTION.match(text, place):
            if redirection[0].endswith("<<"):
                raise ShellError("it has a here-document")
            place, to_file = redirection.end(), True
        elif operator := _OPERATOR.match(text, place):
            if to_file:
                raise ShellError("a command stands where a redirection leads to")
            place = operator.end()
            yield (operator[0] if operator[0] != "\n" else ";"), ""
        else:
            word, place = _word(text, place)
            if not to_file:
                yield "", word
            to_file = False


def _word(text: str, place: int) -> tuple[str, int]:
    start, pieces = place, list[str]()
    try:
        while place < len(text) and text[place] not in _ENDS:
            if text[place] == "'":
                end = text.index("'", place + 1)
                pieces.append(text[place + 1 : end].replace("$", _LITERAL))
                place = end + 1
            elif text[place] == '"':
                place += 1
                while text[place] != '"':
                    piece, place = _piece(text, place, '"\\$`\n')
                    pieces.append(piece)
                place += 1
            elif plain := _PLAIN.match(text, place):
                pieces.append(plain[0])
                place = plain.end()
            else:
                piece, place = _piece(text, place, None)
                pieces.append(piece)
    except (IndexError, ValueError):
        raise ShellError("a quotation is not closed") from None
    word = "".join(pieces)
    return (Quoted(word) if {"'", '"'} & set(text[start:place]) else word), place


def _piece(text: str, place: int, escapable: str | None) -> tuple[str, int]:
    """One character, or one substitution as a whole."""
    if text[place] == "\\" and (escapable is None or text[place + 1] in escapable):
        return text[place + 1].replace("\n", "").replace("$", _LITERAL), place + 2
    if text[place] == "`":
        end = text.index("`", place + 1) + 1
        return text[place:end], end
    if text.startswith(("$(", "${"), place):
        opens, closes = ("(", ")") if text[place + 1] == "(" else ("{", "}")
        end, depth = place + 2, 1
        while depth:
            depth += (text[end] == opens) - (text[end] == closes)
            end += 1
        return text[place:end], end
    return text[place], place + 1
