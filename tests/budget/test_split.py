"""How a share becomes pool_size and max_overflow."""

import pytest

from constructs_lib.budget.split import DEFAULT_SPLIT, PoolSize, Split


@pytest.mark.parametrize(
    ("split", "share", "pool_size", "max_overflow"),
    [
        ("70/30", 167, 116, 50),  # 116.9 and 50.1
        ("70/30", 159, 111, 47),  # 111.3 and 47.7
        ("70/30", 100, 70, 30),
        ("60/40", 167, 100, 66),  # 100.2 and 66.8
        ("80/20", 167, 133, 33),  # 133.6 and 33.4
        ("100/0", 167, 167, 0),
        ("70/30", 3, 2, 0),  # 2.1 and 0.9
        ("70/30", 2, 1, 0),  # 1.4 and 0.6
    ],
)
def test_both_parts_of_a_share_are_rounded_down(split: str, share: int, pool_size: int, max_overflow: int) -> None:
    assert Split.parse(split).divide(share) == PoolSize(pool_size, max_overflow)


@pytest.mark.parametrize(("split", "share"), [("70/30", 1), ("1/99", 1), ("1/99", 50), ("30/70", 3)])
def test_a_pool_keeps_at_least_one_connection_and_its_overflow_gives_way(split: str, share: int) -> None:
    size = Split.parse(split).divide(share)
    assert size.pool_size == 1 or split == "30/70"
    assert size.ceiling <= share


def test_no_split_of_any_share_exceeds_it_or_leaves_two_connections_unused() -> None:
    for percent in range(1, 101):
        for share in range(1, 200):
            size = Split(percent).divide(share)
            assert size.pool_size >= 1
            assert size.max_overflow >= 0
            assert share - 1 <= size.ceiling <= share


def test_the_articles_other_formula_which_overcommits_is_not_ours() -> None:
    """Half of the pool as overflow is 116 + 58 = 174 where the share is 167."""
    assert DEFAULT_SPLIT.divide(167).max_overflow != 116 // 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "must be two whole percentages"),
        ("70", "must be two whole percentages"),
        ("70/30/0", "must be two whole percentages"),
        ("70 / 30", "must be two whole percentages"),
        ("70.0/30.0", "must be two whole percentages"),
        ("-70/170", "must be two whole percentages"),
        ("七十/三十", "must be two whole percentages"),
        ("²/98", "must be two whole percentages"),
        ("0070/0030", "must be two whole percentages"),
        ("70/20", "must add up to 100"),
        ("0/100", "with at least 1 for pool_size"),
    ],
)
def test_a_split_is_two_whole_percentages_of_a_whole(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Split.parse(text)


def test_a_split_is_written_as_it_is_read() -> None:
    for text in ("70/30", "100/0", "1/99"):
        assert str(Split.parse(text)) == text


@pytest.mark.parametrize(
    ("size", "unbounded"),
    [
        (PoolSize(0, 10), True),
        (PoolSize(0, 0), True),
        (PoolSize(5, -1), True),
        (PoolSize(1, 0), False),
        (PoolSize(5, 10), False),
    ],
)
def test_what_sqlalchemy_reads_as_no_limit_is_no_limit(size: PoolSize, unbounded: bool) -> None:  # noqa: FBT001 - a row
    assert size.unbounded is unbounded
