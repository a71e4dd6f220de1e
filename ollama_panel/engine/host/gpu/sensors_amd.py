"""What the amdgpu driver's files tell of each AMD card (kernel documentation, "AMDGPU driver: GPU power/thermal").

Reading most of them wakes a card that sleeps, so that of such a one only the memory is read.
"""

import re
from pathlib import Path

import msgspec

from ollama_panel.core.telemetry import GpuReading, GpuVendor, Throttle
from ollama_panel.engine.host.gpu import sysfs
from ollama_panel.engine.host.gpu.amd import SMALL
from ollama_panel.engine.host.gpu.amd_metrics import throttles_in
from ollama_panel.engine.host.gpu.reading import pci_address

_VENDOR = "0x1002"
_NAMES = Path("/usr/share/libdrm/amdgpu.ids")
"""The names of the cards, which Mesa's library has; a line is `744C, C8, AMD Radeon RX 7900 XTX`."""

_CURRENT_CLOCK = re.compile(r"(\d+)\s*mhz\s*\*", re.IGNORECASE)


class AmdSensors:
    """The cards that the driver tells of. `folder` has the cards, `names` is the file of their names."""

    def __init__(self, folder: Path = sysfs.DRM, names: Path = _NAMES) -> None:
        self._folder = folder
        self._names = names
        self._known = dict[Path, str]()

    def read(self) -> tuple[GpuReading, ...]:
        """Return a reading of each card."""
        return tuple(
            self._reading(device)
            for device in sysfs.cards(self._folder, _VENDOR)
            if (device / "mem_info_vram_total").exists()
        )

    def _reading(self, device: Path) -> GpuReading:
        if device not in self._known:
            self._known[device] = name_of(device, self._names)
        used, total, unified = _memory(device)
        known = GpuReading(
            id=pci_address(device.resolve().name) or device.parent.name,
            name=self._known[device],
            vendor=GpuVendor.AMD,
            memory_used=used,
            memory_total=total,
            unified=unified,
        )
        asleep = sysfs.text(device / "power/runtime_status") == "suspended"
        return known if asleep else _awake(known, device)


def name_of(device: Path, names: Path = _NAMES) -> str:
    """Return the name of a card, "" if nothing tells it."""
    if own := sysfs.text(device / "product_name"):
        return own
    numbers = (sysfs.text(device / file).removeprefix("0x").upper() for file in ("device", "revision"))
    wanted = ",".join(number.lstrip("0") for number in numbers)
    for line in sysfs.text(names).splitlines():
        chip, _, rest = line.partition(",")
        revision, _, name = rest.partition(",")
        if f"{chip.strip().lstrip('0')},{revision.strip().lstrip('0')}" == wanted:
            return name.strip()
    return ""


def _memory(device: Path) -> tuple[int | None, int | None, bool]:
    """Return what is used and what there is; a GPU inside the processor borrows main memory (GTT), which is added."""
    used, total = (sysfs.size(device / f"mem_info_vram_{kind}") for kind in ("used", "total"))
    if total is None or used is None or total >= SMALL:
        return used, total, False
    lent_used, lent = (sysfs.size(device / f"mem_info_gtt_{kind}") for kind in ("used", "total"))
    if lent is None or lent_used is None:
        return None, None, True
    return used + lent_used, total + lent, True


def _awake(known: GpuReading, device: Path) -> GpuReading:
    sensors = sysfs.hwmon(device)
    return msgspec.structs.replace(
        known,
        utilization_percent=sysfs.number(device / "gpu_busy_percent"),
        temperature_c=sysfs.temperature(sensors, "edge", "junction"),
        power_w=sysfs.first(*(sysfs.number(sensors / f"power1_{kind}", 1e6) for kind in ("average", "input"))),
        power_limit_w=sysfs.number(sensors / "power1_cap", 1e6) or None,  # 0 where there is none
        clock_graphics_mhz=_clock(device, sensors, "sclk"),
        clock_memory_mhz=_clock(device, sensors, "mclk"),
        throttles=_throttles(device),
    )


def _clock(device: Path, sensors: Path, name: str) -> float | None:
    """Return a clock in MHz: that of the sensors, or the level that is marked in the list of those there are."""
    for label in sensors.glob("freq*_label"):
        if sysfs.text(label) == name:
            found = sysfs.number(sensors / label.name.replace("_label", "_input"), 1e6)
            if found is not None:
                return found
    marked = _CURRENT_CLOCK.search(sysfs.text(device / f"pp_dpm_{name}"))
    return float(marked[1]) if marked else None


def _throttles(device: Path) -> frozenset[Throttle] | None:
    try:
        return throttles_in((device / "gpu_metrics").read_bytes())
    except OSError:
        return None
