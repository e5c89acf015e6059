"""One sum of a change against one number."""

import pytest

from constructs_lib.budget.tally import tally
from constructs_lib.budget.transition.bound import Bound, Term
from constructs_lib.budget.transition.side import Side
from constructs_lib.limits import Unknown
from tests.budget.orders import document, entry


def side(peak: int) -> Side:
    """So many reserved, of 670."""
    return Side(sums=tally(document({"report": entry(kind="reserved", connections=peak)})).databases["orders"])


def bound(total: int | Unknown, accepts: int | Unknown, old: Side | None) -> Bound:
    terms = (Term(name="api", connections=total, arithmetic="so many"),)
    return Bound(kind="databases", name="orders", accepts=accepts, accepts_words="", terms=terms, old=old, new=None)


@pytest.mark.parametrize(
    ("total", "accepts", "no_worse"),
    [
        (800, 670, True),
        (799, 670, True),
        (801, 670, False),
        (800, 671, True),
        (800, 669, False),
        (Unknown("Fn::If"), 670, False),
        (800, Unknown("Fn::If"), False),
    ],
)
def test_no_more_connections_of_no_fewer_are_no_worse(
    total: int | Unknown, accepts: int | Unknown, *, no_worse: bool
) -> None:
    """Than 800 of 670."""
    assert bound(total, accepts, side(800)).no_worse is no_worse


def test_what_was_not_there_before_or_held_is_worse_where_it_does_not_hold() -> None:
    """671 of 670, which had nobody, and which had 670."""
    assert not bound(671, 670, None).no_worse
    assert not bound(671, 670, side(670)).no_worse


def test_many_terms_are_summed_up_in_one() -> None:
    """6 are spelt out, largest first; 2 + 1 are left."""
    terms = tuple(Term(name=f"w{n}", connections=n, arithmetic=str(n)) for n in range(1, 9))
    many = Bound(kind="databases", name="orders", accepts=36, accepts_words="36", terms=terms, old=None, new=None)
    assert many.arithmetic == "w8 8, w7 7, w6 6, w5 5, w4 4, w3 3, 2 more 3"
    assert many.holds
