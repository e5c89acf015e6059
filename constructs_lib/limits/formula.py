"""RDS parameter formulas: the text of a parameter's value, as a tree.

The grammar is the one of "Specifying DB parameters" in the Amazon RDS User Guide:

    value    = integer | formula | function
    function = ("GREATEST" | "LEAST" | "SUM") "(" value {"," value} ")" | "IF" "(" value "," value "," value ")"
    formula  = "{" (variable | log) ["*" integer] ["/" integer] "}"
    log      = "log" "(" variable ["*" integer] ["/" integer] ["," "2"] ")"

Names of variables are case-sensitive, names of functions are not. `log` appears in the default of Aurora MySQL; its
base is 2, which one AWS text writes out.
"""

from functools import lru_cache
from typing import NamedTuple, NoReturn, TypeAlias

VARIABLES = ("AllocatedStorage", "DBInstanceClassMemory", "DBInstanceVCPU", "EndPointPort", "TrueIfReplica")
LONGEST = 1000  # characters: the longest default that AWS documents has fewer than 100
DEEPEST = 20  # functions within functions: AWS documents none deeper than 2

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = frozenset("0123456789")
_SPACES = frozenset(" \t\r\n")


class FormulaError(ValueError):
    """A text is no parameter formula: `position` counts characters from 0, `expected` says what would fit there."""

    def __init__(self, *, text: str, position: int, expected: str) -> None:
        self.position = position
        self.expected = expected
        found = repr(text[position : position + 20]) if position < len(text) else "the end"
        super().__init__(f"expected {expected} at position {position}, found {found}")


class Integer(NamedTuple):
    """A number, as written."""

    value: int


class Scaled(NamedTuple):
    """A variable times an integer, divided by an integer: the only arithmetic there is."""

    variable: str
    times: int = 1
    divided_by: int = 1


class Log(NamedTuple):
    """The base-2 logarithm of a scaled variable, itself times an integer, divided by an integer."""

    of: Scaled
    times: int = 1
    divided_by: int = 1


class Call(NamedTuple):
    """A function, named in capitals, with its arguments."""

    function: str
    arguments: tuple["Formula", ...]


Formula: TypeAlias = Integer | Scaled | Log | Call


@lru_cache(maxsize=64)  # every trial of a class or a pool reads the engine's own formula again
def parse(text: str) -> Formula:
    """Read a parameter's value; raise FormulaError with the position where it stops being one."""
    reader = _Reader(text)
    if len(text) > LONGEST:
        reader.fail(f"at most {LONGEST} characters", LONGEST)
    formula = reader.value(depth=0)
    reader.end()
    return formula


class _Reader:
    """A recursive descent over the text, one method a rule."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def fail(self, expected: str, position: int | None = None) -> NoReturn:
        raise FormulaError(text=self._text, position=self._at if position is None else position, expected=expected)

    def end(self) -> None:
        if self._next():
            self.fail("nothing more")

    def value(self, *, depth: int) -> Formula:
        if depth > DEEPEST:
            self.fail(f"functions nested at most {DEEPEST} deep")
        first = self._next()
        if first == "{":
            return self._formula()
        if first in _LETTERS:
            return self._call(depth)
        if first != "-" and first not in _DIGITS:
            self.fail("an integer, a formula in braces or GREATEST, LEAST, SUM or IF")
        return Integer(self._integer(signed=True))

    def _call(self, depth: int) -> Call:
        start = self._at
        function = self._name().upper()
        if function not in {"GREATEST", "LEAST", "SUM", "IF"}:
            self.fail("GREATEST, LEAST, SUM or IF (arithmetic stands in braces)", start)
        self._take("(")
        arguments = [self.value(depth=depth + 1)]
        while self._next() == ",":
            self._take(",")
            arguments.append(self.value(depth=depth + 1))
        if function == "IF" and len(arguments) != 3:  # noqa: PLR2004 - condition, then, else
            self.fail("exactly 3 arguments to IF")
        self._take(")", or_else="',' or ')'")
        return Call(function=function, arguments=tuple(arguments))

    def _formula(self) -> Scaled | Log:
        self._take("{")
        start = self._at
        if self._name().lower() == "log":
            self._take("(")
            of = self._scaled()
            if self._next() == ",":
                self._take(",")
                base = self._skip()
                if self._integer() != 2:  # noqa: PLR2004 - the base
                    self.fail("2, the only base there is", base)
            self._take(")")
            times, divided_by = self._scale()
            formula: Scaled | Log = Log(of=of, times=times, divided_by=divided_by)
        else:
            self._at = start
            formula = self._scaled()
        self._take("}", or_else="'*', '/' or '}'")
        return formula

    def _scaled(self) -> Scaled:
        start = self._skip()
        variable = self._name()
        if variable not in VARIABLES:
            self.fail("one of " + ", ".join(VARIABLES), start)
        times, divided_by = self._scale()
        return Scaled(variable=variable, times=times, divided_by=divided_by)

    def _scale(self) -> tuple[int, int]:
        times = divided_by = 1
        if self._next() == "*":
            self._take("*")
            times = self._integer()
        if self._next() == "/":
            self._take("/")
            start = self._skip()
            divided_by = self._integer()
            if divided_by == 0:
                self.fail("a divisor other than 0", start)
        return times, divided_by

    def _integer(self, *, signed: bool = False) -> int:
        start = self._skip()
        if signed and self._next() == "-":
            self._at += 1
        digits = self._run(_DIGITS)
        if not digits:
            self.fail("an integer")
        return int(self._text[start : self._at])

    def _name(self) -> str:
        self._skip()
        return self._run(_LETTERS)

    def _run(self, allowed: frozenset[str]) -> str:
        start = self._at
        while self._at < len(self._text) and self._text[self._at] in allowed:
            self._at += 1
        return self._text[start : self._at]

    def _take(self, mark: str, *, or_else: str | None = None) -> None:
        if self._next() != mark:
            self.fail(or_else or repr(mark))
        self._at += 1

    def _skip(self) -> int:
        while self._at < len(self._text) and self._text[self._at] in _SPACES:
            self._at += 1
        return self._at

    def _next(self) -> str:
        self._skip()
        return self._text[self._at : self._at + 1]


def variables_of(formula: Formula) -> tuple[str, ...]:
    """List the variables that a formula uses, each once, in the order of their first use."""
    if isinstance(formula, Integer):
        return ()
    if isinstance(formula, Scaled):
        return (formula.variable,)
    if isinstance(formula, Log):
        return (formula.of.variable,)
    return tuple(dict.fromkeys(name for argument in formula.arguments for name in variables_of(argument)))
