"""Whether Windows saves power, by `GetSystemPowerStatus` (winbase.h): `SystemStatusFlag` is 1 with battery saver."""

import ctypes
from typing import Any

_NAMES = ("ac_line_status", "battery_flag", "battery_life_percent", "system_status_flag")


class _Status(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_ubyte) for name in _NAMES),
        ("battery_life_time", ctypes.c_ulong),
        ("battery_full_life_time", ctypes.c_ulong),
    )


def saves_power(kernel: Any = None) -> bool | None:
    """Return whether battery saver is on, None if Windows does not tell. `kernel` is its kernel32."""
    status = _Status()
    library = kernel or getattr(ctypes, "windll").kernel32  # noqa: B009 - there is none elsewhere
    if not library.GetSystemPowerStatus(ctypes.byref(status)):
        return None
    return bool(status.system_status_flag == 1)
