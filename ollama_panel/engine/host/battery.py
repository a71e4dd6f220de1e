"""Whether the machine runs on its battery: models are slower then."""

import psutil

from ollama_panel.engine.host.processes import UNREADABLE


def on_battery() -> bool | None:
    """Return whether the machine runs on its battery; None if it has none, or does not tell."""
    read = getattr(psutil, "sensors_battery", None)  # psutil has it on Linux, macOS, Windows and FreeBSD alone
    try:
        battery = read() if read is not None else None
    except UNREADABLE:
        return None
    return None if battery is None or battery.power_plugged is None else not battery.power_plugged
