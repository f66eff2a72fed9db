"""Token buckets: fair, patient, and of bounded size."""

import pytest

from website.limits import TokenBuckets


class Seconds:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_passes_then_the_rate_holds() -> None:
    clock = Seconds()
    buckets = TokenBuckets(per_s=2, burst=3, monotonic=clock)
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 0]
    assert buckets.take("a") == pytest.approx(0.5)
    clock.now = 0.5
    assert buckets.take("a") == 0
    assert buckets.take("a") > 0


def test_a_refused_request_costs_nothing() -> None:
    clock = Seconds()
    buckets = TokenBuckets(per_s=1, burst=1, monotonic=clock)
    buckets.take("a")
    for _ in range(100):
        assert buckets.take("a") > 0
    clock.now = 1.0
    assert buckets.take("a") == 0


def test_one_key_does_not_pay_for_another() -> None:
    buckets = TokenBuckets(per_s=1, burst=1, monotonic=Seconds())
    assert (buckets.take("a"), buckets.take("b")) == (0, 0)
    assert buckets.take("a") > 0


def test_no_more_keys_are_remembered_than_allowed() -> None:
    buckets = TokenBuckets(per_s=1, burst=1, max_keys=10, monotonic=Seconds())
    for number in range(1000):
        buckets.take(str(number))
    assert len(buckets) == 10
    assert buckets.take("999") > 0
