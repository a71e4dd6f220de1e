"""When an interrupted tuning had better go on."""

from datetime import UTC, datetime

import pytest

from ollama_panel.core.tuning.quiet import next_time, quiet_hour


@pytest.mark.parametrize(
    ("hours", "quiet"),
    [
        ((), 3),
        ((3,), 2),
        ((3, 2), 4),
        ((0, 1, 2, 3, 4, 5, 6), 7),
        (tuple(range(24)) * 2 + (*range(13), *range(14, 24)), 13),
    ],
)
def test_the_hour_with_the_fewest_requests_is_quiet_and_of_several_the_nearest_to_three(
    hours: tuple[int, ...], quiet: int
) -> None:
    assert quiet_hour(hours) == quiet


def test_a_time_of_the_day_that_has_passed_comes_tomorrow() -> None:
    evening, night = datetime(2026, 11, 30, 22, 15, tzinfo=UTC), datetime(2026, 12, 1, 2, 59, tzinfo=UTC)
    assert next_time(evening, 3) == datetime(2026, 12, 1, 3, tzinfo=UTC)
    assert next_time(night, 3) == datetime(2026, 12, 1, 3, tzinfo=UTC)
    assert next_time(datetime(2026, 12, 1, 3, tzinfo=UTC), 3) == datetime(2026, 12, 2, 3, tzinfo=UTC)
