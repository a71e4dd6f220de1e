"""The main memory, into which models are loaded where there is no GPU, and the swap."""

import warnings
from pathlib import Path

import psutil

from ollama_panel.core.snapshot import BudgetSource, MemoryKind
from ollama_panel.engine.host import cgroups
from ollama_panel.engine.host.gpu.reading import Memory
from ollama_panel.engine.host.processes import UNREADABLE


class MainMemory:
    """The memory that this process may have: the machine's, or what its container or unit is limited to.

    What is not available to a new process counts as used. `root` is the folder that has `proc` and `sys`.
    """

    def __init__(self, root: Path = cgroups.ROOT) -> None:
        self._root = root

    def read(self) -> Memory | None:
        """Return the current memory; None if it cannot be read now."""
        try:
            machine = psutil.virtual_memory()
        except UNREADABLE:
            return None
        limits = cgroups.read(self._root)
        total = machine.total if limits.memory is None else min(machine.total, limits.memory)
        available = min(total, machine.available)
        if limits.available is not None:
            available = min(available, limits.available)
        return Memory(MemoryKind.SYSTEM, total, total - available, source=BudgetSource.SYSTEM)


def swap() -> tuple[int, int] | None:
    """Return the bytes of swap in use and in total; None if they cannot be read."""
    try:
        with warnings.catch_warnings(action="ignore"):  # psutil warns where a container hides /proc/vmstat
            told = psutil.swap_memory()
    except UNREADABLE:
        return None
    return int(told.used), int(told.total)
