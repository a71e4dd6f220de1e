"""Reads the memory that models are loaded into, and the sensors of the cards, with one module for each kind of GPU."""

import sys
from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec

from ollama_panel.core.telemetry import GpuReading
from ollama_panel.engine.driver_thread import DriverThread
from ollama_panel.engine.host.gpu import amd, apple, main_memory, nvidia, nvidia_smi, nvml
from ollama_panel.engine.host.gpu.reading import Memory
from ollama_panel.engine.host.gpu.sensors import Sensors
from ollama_panel.engine.host.gpu.sensors_amd import AmdSensors
from ollama_panel.engine.host.gpu.sensors_apple import AppleSensors
from ollama_panel.engine.host.gpu.sensors_intel import IntelSensors
from ollama_panel.engine.host.gpu.sensors_nvidia import NvidiaSensors
from ollama_panel.engine.host.gpu.use_nvidia import NvidiaUse

__all__ = ["Card", "Cards", "Memory", "Sensors", "find_cards"]


class Card(Protocol):
    """One kind of memory. `read` may block for some milliseconds, and returns None if the card has disappeared."""

    def read(self) -> Memory | None:
        """Return the current memory."""
        ...


def _unknown() -> None:
    return None


class Cards(msgspec.Struct, frozen=True):
    """The memory of this machine: `gpu` is None if models run on the CPU, and `memory` is then the main memory.

    `sensors` tell of all cards, also of those on which no models run. `use` returns for each card the percent of it
    that each process uses, None if no driver tells.
    """

    gpu: Card | None
    memory: Card
    sensors: Sensors = msgspec.field(default_factory=Sensors)
    use: Callable[[], tuple[Mapping[int, float], ...] | None] = _unknown

    @classmethod
    def find(cls) -> "Cards":
        """Detect a GPU: NVIDIA, then AMD, then Apple; blocks for up to some seconds."""
        library = nvml.Library()
        card = nvidia.find(library)
        program = None if card else nvidia_smi.find()
        mac = apple.find() if sys.platform == "darwin" else None
        gpu: Card | None = card or program or amd.find() or mac
        drivers = [program.readings if program else NvidiaSensors(library).read, AmdSensors().read, IntelSensors().read]
        if mac is not None:
            drivers.append(AppleSensors(mac).read)
        use = NvidiaUse(library).read if card else _unknown
        return cls(gpu, gpu or main_memory.MainMemory(), Sensors(drivers), use)

    def read(self, *, on_gpu: bool | None = None) -> Memory | None:
        """Return the current memory; the main memory if models do not run on the GPU. May block, see `Card`."""
        return (main_memory.MainMemory() if on_gpu is False else self.memory).read()


async def find_cards() -> Cards:
    """Return what `Cards.find` finds; if a driver hangs, a machine whose cards are found when it answers after all.

    Until then models are taken to run where the servers' logs say, in main memory if they do not.
    """
    thread = DriverThread("cards")
    try:
        return await thread.call(Cards.find)
    except TimeoutError:
        return Cards(None, main_memory.MainMemory(), Sensors([_Late().read]))
    finally:
        thread.close()


class _Late:
    """The cards of a driver that did not answer at the start."""

    def __init__(self) -> None:
        self._cards: Cards | None = None

    def read(self) -> tuple[GpuReading, ...]:
        self._cards = self._cards or Cards.find()
        return self._cards.sensors.read()
