import pytest

from storm.counters import Counters, percentile_s


def test_a_percentile_is_the_upper_edge_of_a_bucket_five_percent_wide() -> None:
    """Of 100 waits, 98 of 10 ms and 2 of 1 s: half did not exceed 10 ms, 99 % did not exceed 1 s."""
    counters = Counters()
    for wait_s in (*[0.01] * 98, *[1.0] * 2):
        counters.serve(wait_s)
    assert counters.served == 100
    assert percentile_s([counters.waits], 50) == pytest.approx(0.01, rel=0.06)
    assert percentile_s([counters.waits], 99) == pytest.approx(1.0, rel=0.06)


def test_percentiles_are_of_all_processes_together() -> None:
    """One of three waits is long: the median is short, and the last is the long one."""
    quick, slow = Counters(), Counters()
    quick.serve(0.001)
    quick.serve(0.001)
    slow.serve(10.0)
    assert percentile_s([quick.waits, slow.waits], 50) == pytest.approx(0.001, rel=0.06)
    assert percentile_s([quick.waits, slow.waits], 100) == pytest.approx(10.0, rel=0.06)


def test_of_no_request_there_is_no_wait() -> None:
    assert percentile_s([Counters().waits], 99) is None
    assert percentile_s([], 99) is None
