"""NVIDIA: read through nvidia-ml-py (module `pynvml`), which can be imported without a driver."""

from typing import Any

from ollama_panel.core.snapshot import MemoryKind
from ollama_panel.engine.host.gpu.reading import Memory

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
            readings = [pynvml.nvmlDeviceGetMemoryInfo(handle) for handle in self._handles]
        except pynvml.NVMLError:
            return None
        total, used = sum(int(one.total) for one in readings), sum(int(one.used) for one in readings)
        return Memory(MemoryKind.GPU, total, used, self._name)


def find() -> NvidiaCard | None:
    """Return the cards, or None without a card, a driver or the library."""
    if pynvml is None:
        return None
    try:
        pynvml.nvmlInit()
        handles = [pynvml.nvmlDeviceGetHandleByIndex(index) for index in range(pynvml.nvmlDeviceGetCount())]
        name = str(pynvml.nvmlDeviceGetName(handles[0])) if handles else ""
    except pynvml.NVMLError:
        return None
    return NvidiaCard(handles, name) if handles else None
