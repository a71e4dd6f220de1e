"""No GPU: models are loaded into the main memory."""

import psutil

from ollama_panel.core.snapshot import MemoryKind
from ollama_panel.engine.host.gpu.reading import Memory
from ollama_panel.engine.host.processes import UNREADABLE


class MainMemory:
    """The machine's memory; what is not available to a new process counts as used."""

    def read(self) -> Memory | None:
        """Return the current memory."""
        try:
            memory = psutil.virtual_memory()
        except UNREADABLE:
            return None
        return Memory(MemoryKind.SYSTEM, memory.total, memory.total - memory.available)
