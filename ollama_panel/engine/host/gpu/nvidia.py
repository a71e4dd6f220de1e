"""NVIDIA: the driver's own library through nvidia-ml-py (module `pynvml`), which loads without a driver too."""

from typing import Any

from ollama_panel.engine.host.gpu.reading import Memory

try:
    import pynvml
except ImportError:  # a packager may leave it out where there is no such card
    pynvml = None


class NvidiaCard:
    """All cards together: Ollama spreads models over them."""

    def __init__(self, handles: list[Any], name: str) -> None:
        self._handles = handles
        self._name = name

    def read(self) -> Memory | None:
        """Return the memory as it is now."""
        try:
            readings = [pynvml.nvmlDeviceGetMemoryInfo(handle) for handle in self._handles]
        except pynvml.NVMLError:
            return None
        return Memory(self._name, sum(int(one.total) for one in readings), sum(int(one.used) for one in readings))


def find() -> NvidiaCard | None:
    """Return the cards, None without a card, a driver or the library."""
    if pynvml is None:
        return None
    try:
        pynvml.nvmlInit()
        handles = [pynvml.nvmlDeviceGetHandleByIndex(index) for index in range(pynvml.nvmlDeviceGetCount())]
        name = str(pynvml.nvmlDeviceGetName(handles[0])) if handles else ""
    except pynvml.NVMLError:
        return None
    return NvidiaCard(handles, name) if handles else None
