"""NVIDIA: read through nvidia-ml-py (module `pynvml`), which can be imported without a driver."""

from collections.abc import Iterator
from typing import Any

from ollama_panel.core.snapshot import MemoryKind
from ollama_panel.engine.host.gpu.main_memory import MainMemory
from ollama_panel.engine.host.gpu.reading import CardMemory, Memory, of_cards, pci_address

try:
    import pynvml
except ImportError:  # a package for machines without such a card may omit it
    pynvml = None


class NvidiaCard:
    """All NVIDIA cards together: Ollama splits models between them."""

    def __init__(self, handles: list[Any], name: str) -> None:
        self._handles = handles
        self._name = name

    def read(self) -> Memory | None:
        """Return the current memory."""
        try:
            cards = tuple(_card(handle) for handle in self._handles)
        except pynvml.NVMLError:
            return None
        return of_cards(cards, self._name, _busy(self._handles))


class NvidiaUnified:
    """A chip that shares the main memory (GB10, Jetson), of which NVML does not tell: models may use all of it."""

    def __init__(self, handles: list[Any], name: str) -> None:
        self._handles = handles
        self._name = name
        self._main = MainMemory()

    def read(self) -> Memory | None:
        """Return the current memory."""
        main = self._main.read()
        if main is None:
            return None
        return Memory(MemoryKind.UNIFIED, main.total, main.used, self._name, busy_percent=_busy(self._handles))


def find() -> NvidiaCard | NvidiaUnified | None:
    """Return the cards, or None without a card, a driver or the library."""
    if pynvml is None:
        return None
    try:
        pynvml.nvmlInit()
        all_of_them = [pynvml.nvmlDeviceGetHandleByIndex(index) for index in range(pynvml.nvmlDeviceGetCount())]
        handles = list(_usable(all_of_them))
        name = str(pynvml.nvmlDeviceGetName(all_of_them[0])) if handles else ""
        own = [handle for handle in handles if _has_own_memory(handle)]
    except pynvml.NVMLError:
        return None
    if own:
        return NvidiaCard(own, name)
    return NvidiaUnified(handles, name) if handles else None


def _usable(handles: list[Any]) -> Iterator[Any]:
    """Yield what a CUDA program sees: the whole cards, or of divided ones (MIG) the first instance.

    A program can use one instance only, however many there are (NVIDIA's MIG user guide, "CUDA Device Enumeration").
    """
    whole = [handle for handle in handles if not _is_divided(handle)]
    yield from whole
    if not whole:
        yield from [instance for handle in handles for instance in _instances(handle)][:1]


def _is_divided(handle: Any) -> bool:
    try:
        current, _ = pynvml.nvmlDeviceGetMigMode(handle)
    except (pynvml.NVMLError, AttributeError):  # most cards cannot; earlier versions of the library do not know it
        return False
    return bool(current)


def _instances(handle: Any) -> Iterator[Any]:
    for index in range(pynvml.nvmlDeviceGetMaxMigDeviceCount(handle)):
        try:
            yield pynvml.nvmlDeviceGetMigDeviceHandleByIndex(handle, index)
        except pynvml.NVMLError:  # a place where no instance is
            continue


def _has_own_memory(handle: Any) -> bool:
    try:
        _card(handle)
    except pynvml.NVMLError_NotSupported:
        return False
    return True


def _card(handle: Any) -> CardMemory:
    """Read a card. The first version of the call counts what the driver reserves as used."""
    try:
        memory = pynvml.nvmlDeviceGetMemoryInfo(handle, pynvml.nvmlMemory_v2)
        reserved = int(memory.reserved)
    except (pynvml.NVMLError, AttributeError):  # a driver before 510, or an earlier library
        memory, reserved = pynvml.nvmlDeviceGetMemoryInfo(handle), 0
    return CardMemory(int(memory.total), int(memory.used), reserved, _address(handle))


def _address(handle: Any) -> str:
    try:
        bus = pynvml.nvmlDeviceGetPciInfo(handle).busId
    except (pynvml.NVMLError, AttributeError):  # an instance of a divided card may have none
        return ""
    return pci_address(bus.decode() if isinstance(bus, bytes) else str(bus))


def _busy(handles: list[Any]) -> float | None:
    """Return how busy the busiest card is, in percent."""
    try:
        return max(float(pynvml.nvmlDeviceGetUtilizationRates(handle).gpu) for handle in handles)
    except (pynvml.NVMLError, AttributeError):  # an instance of a divided card does not tell
        return None
