"""Guessing is slowed down, and cannot fill the memory."""

from datetime import UTC, datetime, timedelta

from staff.throttle import Throttle

_NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
_WINDOW = timedelta(minutes=15)


class _Clock:
    now = _NOW

    def __call__(self) -> datetime:
        return self.now


def test_the_key_waits_for_the_rest_of_the_window_once_its_attempts_are_used_up() -> None:
    clock = _Clock()
    throttle = Throttle(2, _WINDOW, clock)
    throttle.attempt("ada")
    assert throttle.wait_s("ada") == 0
    throttle.attempt("ada")
    clock.now = _NOW + timedelta(minutes=5)
    assert throttle.wait_s("ada") == 600
    assert throttle.wait_s("grace") == 0


def test_a_new_window_begins_with_all_attempts() -> None:
    clock = _Clock()
    throttle = Throttle(1, _WINDOW, clock)
    throttle.attempt("ada")
    clock.now = _NOW + _WINDOW
    assert throttle.wait_s("ada") == 0
    throttle.attempt("ada")
    assert throttle.wait_s("ada") == _WINDOW.total_seconds()


def test_a_right_attempt_does_not_count_but_earlier_wrong_ones_do() -> None:
    throttle = Throttle(2, _WINDOW, _Clock())
    throttle.attempt("ada")
    throttle.attempt("ada")
    throttle.forgive("ada")
    assert throttle.wait_s("ada") == 0
    throttle.attempt("ada")
    assert throttle.wait_s("ada") > 0


def test_only_the_newest_keys_are_remembered() -> None:
    throttle = Throttle(1, _WINDOW, _Clock(), keys=3)
    for number in range(10):
        throttle.attempt(f"address {number}")
    held = [number for number in range(10) if throttle.wait_s(f"address {number}")]
    assert held == [7, 8, 9]
