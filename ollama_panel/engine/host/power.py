"""Where the machine has its power from."""

from contextlib import suppress

import psutil


def on_battery() -> bool | None:
    """Return whether the machine runs on its battery, None if it has none or does not tell."""
    with suppress(OSError, AttributeError, ValueError):  # no such sensors on this system, or a file that is no number
        battery = psutil.sensors_battery()
        if battery is not None and battery.power_plugged is not None:
            return not battery.power_plugged
    return None
