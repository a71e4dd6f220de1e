"""NVIDIA's memory, read through NVML."""

from collections.abc import Iterator
from typing import Any

from ollama_panel.core.snapshot import MemoryKind
from ollama_panel.engine.host.gpu.main_memory import MainMemory
from ollama_panel.engine.host.gpu.nvml import CardGoneError, Library, ask, memory_info, shares_memory, text
from ollama_panel.engine.host.gpu.reading import CardMemory, Memory, of_cards, pci_address


class NvidiaCard:
    """All NVIDIA cards together: Ollama splits models between them."""

    def __init__(self, library: Library, name: str) -> None:
        self._library = library
        self._name = name

    def read(self) -> Memory | None:
        """Return the current memory."""
        try:
            told = tuple(filter(None, map(card_memory, _usable(self._library.handles()))))
        except CardGoneError:
            self._library.failed()
            return None
        return of_cards(told, self._name) if told else None


class NvidiaUnified:
    """A chip that shares the main memory (GB10, Jetson), of which NVML does not tell: models may use all of it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._main = MainMemory()

    def read(self) -> Memory | None:
        """Return the current memory."""
        main = self._main.read()
        return main and Memory(MemoryKind.UNIFIED, main.total, main.used, self._name)


def find(library: Library | None = None) -> NvidiaCard | NvidiaUnified | None:
    """Return the cards, or None without a card, a driver or the library."""
    library = library or Library()
    try:
        all_of_them = library.handles()
        handles = list(_usable(all_of_them))
        name = text(ask("nvmlDeviceGetName", all_of_them[0])) if handles else ""
        if any(card_memory(handle) is not None for handle in handles):
            return NvidiaCard(library, name)
        return NvidiaUnified(name) if any(map(shares_memory, handles)) else None
    except CardGoneError:
        return None


def card_memory(handle: Any) -> CardMemory | None:
    """Return a card's own memory, None if it has none or does not tell of it. Raises CardGoneError."""
    memory = memory_info(handle)
    if memory is None:
        return None
    return CardMemory(int(memory.total), int(memory.used), int(getattr(memory, "reserved", 0)), address(handle))


def address(handle: Any) -> str:
    """Return a card's PCI address, "" if it has none, as an instance of a divided card may. Raises CardGoneError."""
    info = ask("nvmlDeviceGetPciInfo", handle)
    return "" if info is None else pci_address(text(info.busId))


def _usable(handles: list[Any]) -> Iterator[Any]:
    """Yield what a CUDA program sees: the whole cards, or of divided ones (MIG) the first instance.

    A program can use one instance only, however many there are (NVIDIA's MIG user guide, "CUDA Device Enumeration").
    """
    whole = [handle for handle in handles if not _is_divided(handle)]
    yield from whole
    if not whole:
        yield from [instance for handle in handles for instance in _instances(handle)][:1]


def _is_divided(handle: Any) -> bool:
    modes = ask("nvmlDeviceGetMigMode", handle)  # most cards cannot
    return bool(modes and modes[0])


def _instances(handle: Any) -> Iterator[Any]:
    for index in range(ask("nvmlDeviceGetMaxMigDeviceCount", handle) or 0):
        instance = ask("nvmlDeviceGetMigDeviceHandleByIndex", handle, index)
        if instance is not None:  # else no instance is at this place
            yield instance
