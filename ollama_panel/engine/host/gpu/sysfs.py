"""Files of the kernel that have one value each, as those of the graphics drivers in `/sys/class/drm`."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

DRM = Path("/sys/class/drm")
_CARD = re.compile(r"card\d+")
_UNREADABLE = (OSError, ValueError, OverflowError)


def cards(folder: Path, vendor: str) -> Iterator[Path]:
    """Yield the devices of the cards of a vendor (its number on the PCI bus, `0x1002`), in the order of their names."""
    for file in sorted(folder.glob("card*/device/vendor")):
        if _CARD.fullmatch(file.parts[-3]) and text(file) == vendor:
            yield file.parent


def text(file: Path) -> str:
    """Return what is in a file, "" if it cannot be read."""
    with suppress(*_UNREADABLE):
        return file.read_text().strip()
    return ""


def number(file: Path, unit: float = 1) -> float | None:
    """Return the number in a file in another unit (`unit` of the file's make one), None if it cannot be read."""
    with suppress(*_UNREADABLE):
        return int(file.read_text(), 0) / unit
    return None


def size(file: Path) -> int | None:
    """Return the bytes that a file tells, None if it cannot be read."""
    found = number(file)
    return None if found is None else int(found)


def first(*values: float | None) -> float | None:
    """Return the first value that is known."""
    return next((value for value in values if value is not None), None)


def hwmon(device: Path) -> Path:
    """Return the folder of a device's sensors; one that does not exist if it has none."""
    return next(iter(sorted(device.glob("hwmon/hwmon*"))), device / "hwmon")


def temperature(sensors: Path, *labels: str) -> float | None:
    """Return the temperature (degrees Celsius) that has the first of the labels there is, or the first one's."""
    files = sorted(sensors.glob("temp*_input"))
    named = {text(file.with_name(file.name.replace("_input", "_label"))): file for file in reversed(files)}
    chosen = [named[label] for label in labels if label in named] or files
    return number(chosen[0], 1e3) if chosen else None
