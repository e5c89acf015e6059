"""What a rule is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from constructs_lib.budget.finding import Finding, Severity, Subject
from constructs_lib.budget.fixes import WaysOut
from constructs_lib.budget.tally import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that can be wrong: its public name, how much it matters, and the check."""

    id: str
    severity: Severity
    title: str
    """What is wrong where the rule finds something."""
    why: str
    """Why that matters."""
    example: str
    """An instance of it with numbers."""
    remedy: str
    """What to change, in general; a finding's own fix has the numbers."""
    source: str
    """The page, by its title, that the rule rests on."""
    look: Callable[[Tally], Iterator[tuple[Subject, str, str | WaysOut]]]
    """Yields the subject, the message and the fix of each finding, in words or with its numbers."""

    def check(self, tally: Tally) -> Iterator[Finding]:
        """Every finding of this rule."""
        for subject, message, fix in self.look(tally):
            ways = fix if isinstance(fix, WaysOut) else WaysOut(fixes=(), otherwise=fix)
            yield Finding(
                id=self.id,
                severity=self.severity,
                subject=subject.name,
                kind=subject.kind,
                resource=subject.resource,
                named=subject.named,
                message=message,
                fix=ways.words,
                fixes=ways.fixes,
            )
