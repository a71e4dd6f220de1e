"""Apple silicon: the GPU shares the main memory.

macOS' own programs tell without privileges what no library does: `ioreg` the GPU's use, `vm_stat` what is compressed,
`sysctl` the limit that the user has set. Each takes some milliseconds, so that they are asked seldom.
"""

import plistlib
import re
import subprocess
from collections.abc import Callable
from xml.parsers.expat import ExpatError

import msgspec
import psutil

from ollama_panel.core.snapshot import BudgetSource, MemoryKind
from ollama_panel.engine import clock
from ollama_panel.engine.host.gpu.main_memory import swap
from ollama_panel.engine.host.gpu.reading import Memory
from ollama_panel.engine.host.processes import UNREADABLE

_IOREG = ("/usr/sbin/ioreg", "-a", "-r", "-d", "1", "-c", "IOAccelerator")
_VM_STAT = ("/usr/bin/vm_stat",)
_SYSCTL = ("/usr/sbin/sysctl", "-n", "iogpu.wired_limit_mb")
_TIMEOUT_S = 2.0
_USE_S = 4.0
"""For how long what the GPU uses, and what is compressed, is taken as read."""
_LIMIT_S = 60.0
"""For how long the limit is: people set it while programs run, but not often."""

_STATISTICS = ("In use system memory", "Device Utilization %")
_PAGE = re.compile(r"page size of (\d+) bytes")
_PAGES = re.compile(r"^Pages (active|wired down|occupied by compressor): +(\d+)\.$", re.MULTILINE)


class Accelerator(msgspec.Struct, frozen=True):
    """The GPU of a Mac: its name, the bytes of main memory that it uses now, and how busy it is, in percent."""

    name: str = ""
    used: int | None = None
    busy_percent: float | None = None


class UnifiedMemory:
    """The memory that CPU and GPU share; macOS lets the GPU use a part of it (`core.ollama.metal`).

    `gpu` is as of the last reading.
    """

    def __init__(self, now: Callable[[], float] = clock.wall) -> None:
        self._now = now
        self._use_read = self._limit_read = float("-inf")
        self.gpu = Accelerator()
        self._used: int | None = None
        self._limit: int | None = None

    def read(self) -> Memory | None:
        """Return the current memory."""
        try:
            memory = psutil.virtual_memory()
        except UNREADABLE:
            return None
        self._ask()
        swapped = swap()
        used = memory.total - memory.available if self._used is None else min(self._used, memory.total)
        return Memory(
            MemoryKind.UNIFIED,
            memory.total,
            used,
            self.gpu.name,
            limit=None if self._limit is None else min(self._limit, memory.total),
            source=BudgetSource.DRIVER if self._limit is None else BudgetSource.LIMIT,
            gpu_used=self.gpu.used,
            swap_used=swapped[0] if swapped else None,
        )

    def _ask(self) -> None:
        now = self._now()
        if not 0 <= now - self._use_read < _USE_S:
            self._use_read = now
            self.gpu = accelerator(output(_IOREG)) or Accelerator()
            self._used = used_bytes(output(_VM_STAT).decode(errors="replace"))
        if not 0 <= now - self._limit_read < _LIMIT_S:
            self._limit_read = now
            self._limit = wired_limit(output(_SYSCTL).decode(errors="replace"))


def find() -> UnifiedMemory | None:
    """Return the unified memory if there is a GPU that uses it: Ollama runs on the CPU of Macs with Intel's."""
    return UnifiedMemory() if accelerator(output(_IOREG)) is not None else None


def accelerator(output: bytes) -> Accelerator | None:
    """Return Apple's own GPU, from the property list that `ioreg` prints; None if it has no such entry.

    "Device Utilization %" is the whole GPU's; that of the renderer is 1 while a model keeps it busy. "In use system
    memory" is what the GPU has now, "Alloc system memory" more than that.
    """
    try:
        entries = plistlib.loads(output)
    except (plistlib.InvalidFileException, ValueError, ExpatError):  # the last where the program was cut off
        return None
    found = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    own = [entry for entry in found if _is_apples(entry)]
    if not own:
        return None
    told = own[0].get("PerformanceStatistics")
    used, busy = map(told.get, _STATISTICS) if isinstance(told, dict) else (None, None)
    return Accelerator(
        _text(own[0].get("model")),
        used if isinstance(used, int) and used >= 0 else None,
        float(busy) if isinstance(busy, int) else None,
    )


def used_bytes(text: str) -> int | None:
    """Return the used memory as Activity Monitor counts it, from what `vm_stat` prints; None if it is not there.

    psutil leaves out what is compressed. Pages are of 16 KiB on Apple silicon.
    """
    page, pages = _PAGE.search(text), dict(_PAGES.findall(text))
    return int(page[1]) * sum(map(int, pages.values())) if page and len(pages) == 3 else None


def wired_limit(text: str) -> int | None:
    """Return the bytes that the user lets the GPU use (`iogpu.wired_limit_mb`); None if that is left to macOS."""
    return (int(text) << 20) or None if text.strip().isdecimal() else None


def _is_apples(entry: dict[str, object]) -> bool:
    return _text(entry.get("model")).startswith("Apple") or _text(entry.get("IOClass")).startswith("AGX")


def _text(value: object) -> str:
    """Return a property as text: `ioreg` prints some as bytes that end with a zero."""
    return value.decode(errors="replace").rstrip("\0") if isinstance(value, bytes) else str(value or "")


def output(command: tuple[str, ...]) -> bytes:
    """Return what a program prints, nothing if it fails."""
    try:
        return subprocess.run(command, capture_output=True, timeout=_TIMEOUT_S, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return b""
