"""When a tuning that the user's traffic keeps interrupting had better go on."""

from collections.abc import Iterable
from datetime import datetime, timedelta

USUALLY_QUIET = 3
"""The hour that is offered unless the history knows a quieter one; also of several that are as quiet, the nearest."""
_HOURS = 24


def quiet_hour(hours: Iterable[int]) -> int:
    """Return the hour of the day (0 to 23) with the fewest requests, given the hour in which each one ended."""
    requests = [0] * _HOURS
    for hour in hours:
        requests[hour] += 1
    return min(range(_HOURS), key=lambda hour: (requests[hour], _distance(hour)))


def next_time(now: datetime, hour: int) -> datetime:
    """Return when it is this hour of the day the next time, in the same time zone."""
    today = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)


def _distance(hour: int) -> int:
    """Return how many hours lie between this one and the usually quiet one, around the clock."""
    apart = abs(hour - USUALLY_QUIET)
    return min(apart, _HOURS - apart)
