"""The sensors of all cards of this machine, whether Ollama uses them or not."""

from collections.abc import Callable, Sequence
from pathlib import Path

from ollama_panel.core.telemetry import GpuReading, plausible

_PCI = Path("/sys/bus/pci/devices")


class Sensors:
    """Puts the drivers' readings together, and remembers the cards: one that is not told of any more is lost.

    A driver returns a reading of each card that it reaches. A card that has been taken out is forgotten. `pci` is the
    folder that has an entry for each card on the bus (Linux).
    """

    def __init__(self, drivers: Sequence[Callable[[], tuple[GpuReading, ...]]] = (), pci: Path = _PCI) -> None:
        self._drivers = drivers
        self._pci = pci
        self._known = dict[str, GpuReading]()
        self._on_bus = set[str]()

    def read(self) -> tuple[GpuReading, ...]:
        """Return a reading of each card, in an order that stays the same; blocks as long as the drivers do."""
        told = {gpu.id: plausible(gpu) for driver in self._drivers for gpu in driver()}
        on_bus = {name for name in told if (self._pci / name).exists()}
        out = {name for name in self._on_bus - on_bus if not (self._pci / name).exists()}
        self._on_bus = self._on_bus - out | on_bus
        self._known = {name: gpu for name, gpu in self._known.items() if name not in out} | told
        return tuple(told.get(name) or _unknown(gpu, lost=True) for name, gpu in self._known.items())

    def unknown(self) -> tuple[GpuReading, ...]:
        """Return the known cards without any value, for when no driver answers."""
        return tuple(_unknown(gpu) for gpu in self._known.values())


def _unknown(gpu: GpuReading, *, lost: bool = False) -> GpuReading:
    return GpuReading(gpu.id, gpu.name, gpu.vendor, unified=gpu.unified, lost=lost)
