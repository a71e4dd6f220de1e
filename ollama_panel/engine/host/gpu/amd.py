"""AMD on Linux: read from the amdgpu driver's sysfs files (kernel documentation, "GPU memory usage information").

They do not tell the cards' names: `rocm-smi` does, where it is installed.
"""

import json
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from shutil import which

from ollama_panel.core.snapshot import MemoryKind
from ollama_panel.engine.host.gpu.main_memory import MainMemory
from ollama_panel.engine.host.gpu.reading import CardMemory, Memory, of_cards, pci_address

_CARDS = Path("/sys/class/drm")
_TIMEOUT_S = 2.0
SMALL = 4 << 30
"""A GPU with less memory of its own is one inside the processor (APU): their part of the main memory is 0.5 to 2 GiB,
if nobody has given them more."""


class AmdCards:
    """All cards together: Ollama splits models between them."""

    def __init__(self, devices: Sequence[Path], name: str = "") -> None:
        self._devices = devices
        self._name = name

    def read(self) -> Memory | None:
        """Return the current memory."""
        try:
            cards = tuple(CardMemory(*_pair(one, "vram"), address=_address(one)) for one in self._devices)
        except (OSError, ValueError):
            return None
        return of_cards(cards, self._name)


class AmdApu:
    """A GPU inside the processor, with little memory of its own: it borrows main memory (GTT), which is added."""

    def __init__(self, device: Path, name: str = "") -> None:
        self._device = device
        self._name = name
        self._main = MainMemory()

    def read(self) -> Memory | None:
        """Return the current memory. What it could borrow is in use, too, as far as the main memory is."""
        try:
            own, own_used = _pair(self._device, "vram")
            shared, shared_used = _pair(self._device, "gtt")
        except (OSError, ValueError):
            return None
        main = self._main.read()
        lent = shared - shared_used if main is None else min(shared - shared_used, main.free)
        return Memory(MemoryKind.UNIFIED, own + shared, own_used + shared - lent, self._name)


def find(cards: Path = _CARDS) -> AmdCards | AmdApu | None:
    """Return the cards, or the APU if there is no card. What it borrows does not count beside a card's own memory."""
    sizes = dict[Path, int]()
    for file in sorted(cards.glob("card*/device/mem_info_vram_total")):
        with suppress(OSError, ValueError):
            sizes[file.parent] = _pair(file.parent, "vram")[0]
    large = [device for device, size in sizes.items() if size >= SMALL]
    name = name_in(_rocm_smi()) if len(sizes) == 1 else ""  # it has numbers of its own for the cards
    if large:
        return AmdCards(large, name)
    small = [AmdApu(device, name) for device in sizes]
    readings = [(memory.total, number) for number, apu in enumerate(small) if (memory := apu.read()) is not None]
    return small[max(readings)[1]] if readings else None


def name_in(text: str) -> str:
    """Return the name of the first card in what `rocm-smi --json` prints, "" if there is none.

    Its key was "Card series" in ROCm 5 and earlier. The sizes beside it are the files', without what an APU borrows.
    """
    try:
        cards = list(json.loads(text).values())
        return str(next(cards[0][key] for key in ("Card Series", "Card series") if key in cards[0]))
    except (ValueError, AttributeError, TypeError, LookupError, StopIteration):
        return ""


def _rocm_smi() -> str:
    program = which("rocm-smi")
    if program is None:
        return ""
    command = (program, "--showproductname", "--json")
    try:
        done = subprocess.run(command, capture_output=True, timeout=_TIMEOUT_S, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode(errors="replace")


def _pair(device: Path, kind: str) -> tuple[int, int]:
    return _number(device, f"mem_info_{kind}_total"), _number(device, f"mem_info_{kind}_used")


def _number(device: Path, name: str) -> int:
    return int((device / name).read_text())


def _address(device: Path) -> str:
    """Return the PCI address, which is the name of the folder that `device` is a link to."""
    return pci_address(device.resolve().name)
