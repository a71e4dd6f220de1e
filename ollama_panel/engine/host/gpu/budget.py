"""How much of a memory models may use, and who says so."""

import platform as machine
import sys

from ollama_panel.core.ollama.metal import lent_by_macos
from ollama_panel.core.snapshot import Budget, BudgetSource, MemoryKind
from ollama_panel.engine.host.gpu.reading import Memory


def budget_of(memory: Memory, platform: str = sys.platform) -> Budget:
    """Return what models may use of a memory.

    A GPU that shares the main memory has as much as its limit leaves, and as nobody else uses.
    """
    total, source = memory.limit, memory.source
    if total is None and memory.kind is MemoryKind.UNIFIED and platform == "darwin":
        total, source = lent_by_macos(memory.total, machine.mac_ver()[0]), BudgetSource.MACOS
    if total is None:
        total = memory.total - memory.reserved
    return Budget(total, max(0, min(total - (memory.gpu_used or 0), memory.free)), source)
