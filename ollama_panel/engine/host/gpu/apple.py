"""Apple silicon: the GPU shares the main memory; `ioreg` shows without privileges whether there is such a GPU."""

import plistlib
import subprocess

import psutil

from ollama_panel.core.snapshot import MemoryKind
from ollama_panel.engine.host.gpu.reading import Memory
from ollama_panel.engine.host.processes import UNREADABLE

_IOREG = ("/usr/sbin/ioreg", "-a", "-r", "-d", "1", "-c", "IOAccelerator")
_TIMEOUT_S = 2.0


class UnifiedMemory:
    """The memory that CPU and GPU share; macOS lets the GPU use up to about three quarters of it."""

    def read(self) -> Memory | None:
        """Return the current memory."""
        try:
            memory = psutil.virtual_memory()
        except UNREADABLE:
            return None
        return Memory(MemoryKind.UNIFIED, memory.total, memory.total - memory.available)


def find() -> UnifiedMemory | None:
    """Return the unified memory if there is a GPU that uses it."""
    try:
        output = subprocess.run(_IOREG, capture_output=True, timeout=_TIMEOUT_S, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    return UnifiedMemory() if gpu_bytes(output) is not None else None


def gpu_bytes(output: bytes) -> int | None:
    """Return the bytes in use by the GPU, from the property list that `ioreg` prints; None if it has no such entry."""
    try:
        entries = plistlib.loads(output)
    except (plistlib.InvalidFileException, ValueError):
        return None
    used = [entry.get("PerformanceStatistics", {}).get("In use system memory") for entry in entries]
    return max((value for value in used if isinstance(value, int)), default=None)
