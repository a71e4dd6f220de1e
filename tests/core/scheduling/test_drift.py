"""A model that has become slower than its tuning measured it."""

from ollama_panel.core.scheduling.drift import Drift

SECOND = 1_000_000


def run(drift: Drift, speed: float, seconds: int, start: int = 0) -> int:
    for second in range(start + 1, start + seconds + 1, 2):
        drift.sample(speed, second * SECOND)
    return start + seconds


def test_a_fifth_less_for_a_minute_is_told_and_is_over_after_a_good_minute() -> None:
    drift = Drift()
    now = run(drift, 1.0, 60)
    assert drift.since is None
    now = run(drift, 0.7, 60, now)
    assert drift.since is None, "half of it is not yet a minute"
    now = run(drift, 0.7, 60, now)
    assert drift.since is not None
    now = run(drift, 0.85, 300, now)
    assert drift.since is not None, "neither slow nor well: it stays, so that it does not come and go"
    now = run(drift, 1.0, 120, now)
    assert (drift.since, drift.again) == (None, False)


def test_two_fifths_less_for_ten_minutes_asks_for_another_tuning() -> None:
    drift = Drift()
    now = run(drift, 0.5, 300)
    assert (drift.since is not None, drift.again) == (True, False)
    run(drift, 0.5, 400, now)
    assert drift.again


def test_a_pause_begins_the_minute_anew() -> None:
    drift = Drift()
    now = run(drift, 0.5, 40)
    run(drift, 0.5, 30, now + 3600)
    assert drift.since is None


def test_other_traffic_leaves_what_is_told_as_it_is() -> None:
    drift = Drift()
    now = run(drift, 0.7, 120)
    drift.interrupt()
    assert drift.since is not None
    now = run(drift, 1.0, 40, now)
    drift.interrupt()
    run(drift, 1.0, 40, now)
    assert drift.since is not None, "not yet a good minute of the same traffic"


def test_of_many_answers_a_second_a_few_are_looked_at() -> None:
    drift = Drift()
    for number in range(100_000):
        drift.sample(0.7, number * 1000)
    assert len(drift.samples) <= 61
    assert drift.speed == 0.7


def test_few_slow_answers_tell_nothing() -> None:
    drift = Drift()
    for minute in range(10):
        drift.sample(0.3, minute * 40 * SECOND)
    assert drift.since is None
