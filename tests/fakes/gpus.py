"""The drivers and programs of machines that tests do not run on."""

import plistlib
import subprocess
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from ollama_panel.engine.host.gpu import Card, Memory, amd, nvidia_smi

GIB = 1 << 30

MAC = {
    "ioreg": plistlib.dumps(
        [
            {
                "model": b"Apple M2\0",
                "PerformanceStatistics": {
                    "In use system memory (driver)": 0,
                    "In use system memory": 5 * GIB,
                    "Device Utilization %": 71,
                },
            }
        ]
    ),
    "vm_stat": "Mach Virtual Memory Statistics: (page size of 16384 bytes)\nPages active:  65536.\n"
    "Pages wired down:  65536.\nPages occupied by compressor:  65536.\nPages stored in compressor:  99999.\n",
    "sysctl": "0\n",
}
"""What the programs of a Mac print."""


def read(card: Card | None) -> Memory:
    assert card is not None
    memory = card.read()
    assert memory is not None
    return memory


def main(monkeypatch: pytest.MonkeyPatch, *, total: int, available: int) -> None:
    """Let the machine have that much main memory, and a GiB in its swap."""
    memory = SimpleNamespace(total=total, available=available)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    monkeypatch.setattr(psutil, "swap_memory", lambda: SimpleNamespace(used=GIB, total=2 * GIB))


def programs(monkeypatch: pytest.MonkeyPatch, **outputs: str | bytes) -> list[str]:
    """Let only these programs be installed, and print these texts; return the commands that are given from now on."""
    commands = list[str]()

    def run(command: tuple[str, ...], **_: object) -> SimpleNamespace:
        output = outputs.get(Path(command[0]).name.replace("-", "_"))
        if output is None:
            raise FileNotFoundError(command[0])
        commands.append(" ".join(command))
        return SimpleNamespace(stdout=output if isinstance(output, bytes) else output.encode())

    monkeypatch.setattr(subprocess, "run", run)
    for module in (amd, nvidia_smi):
        monkeypatch.setattr(module, "which", lambda name: name if name.replace("-", "_") in outputs else None)
    return commands


class FakeDriver:
    """As much of pynvml as is used: `cards` are total and used bytes, None for memory that is shared."""

    nvmlMemory_v2 = 2  # noqa: N815 (NVML's name)

    class NVMLError(Exception):
        """The driver's error."""

    class NVMLError_NotSupported(NVMLError):  # noqa: N801, N818
        """There is nothing to tell."""

    def __init__(self, *cards: tuple[int, int] | None, old: bool = False, divided: tuple[int, ...] | None = None):
        self.cards = cards
        self.old = old
        self.divided = divided
        self.lost = False

    def nvmlInit(self) -> None:  # noqa: N802
        if not self.cards:
            raise self.NVMLError

    def nvmlDeviceGetCount(self) -> int:  # noqa: N802
        return len(self.cards)

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:  # noqa: N802
        return index

    def nvmlDeviceGetName(self, handle: int) -> str:  # noqa: N802
        return f"Card {handle}"

    def nvmlDeviceGetPciInfo(self, handle: int) -> SimpleNamespace:  # noqa: N802
        return SimpleNamespace(busId=f"00000000:0{handle}:00.0".encode())

    def nvmlDeviceGetMigMode(self, handle: int) -> list[int]:  # noqa: N802
        if self.divided is None:
            raise self.NVMLError_NotSupported
        return [1, 1]

    def nvmlDeviceGetMaxMigDeviceCount(self, _: int) -> int:  # noqa: N802
        return 7

    def nvmlDeviceGetMigDeviceHandleByIndex(self, handle: int, index: int) -> int:  # noqa: N802
        if not self.divided or index not in self.divided:
            raise self.NVMLError
        return 100 + index

    def nvmlDeviceGetMemoryInfo(self, handle: int, version: int = 0) -> SimpleNamespace:  # noqa: N802
        if self.lost or (version and self.old):
            raise self.NVMLError
        memory = (20 * GIB, GIB) if handle >= 100 else self.cards[handle]
        if memory is None:
            raise self.NVMLError_NotSupported
        total, used = memory
        reserved = GIB // 2
        if version:
            return SimpleNamespace(total=total, used=used, reserved=reserved)
        return SimpleNamespace(total=total, used=used + reserved)
