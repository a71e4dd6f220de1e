"""AMD on Linux: read from the amdgpu driver's sysfs files (kernel documentation, "GPU memory usage information")."""

from pathlib import Path

from ollama_panel.core.snapshot import MemoryKind
from ollama_panel.engine.host.gpu.reading import Memory

_CARDS = Path("/sys/class/drm")
_SMALL = 4 << 30


class AmdCard:
    """One card. An APU with little memory of its own borrows main memory (GTT), which is then added."""

    def __init__(self, device: Path) -> None:
        self._device = device

    def read(self) -> Memory | None:
        """Return the current memory."""
        try:
            total, used = self._pair("vram")
            if total < _SMALL:
                shared, shared_used = self._pair("gtt")
                total, used = total + shared, used + shared_used
        except (OSError, ValueError):
            return None
        return Memory(MemoryKind.GPU, total, used)

    def _pair(self, kind: str) -> tuple[int, int]:
        return self._number(f"mem_info_{kind}_total"), self._number(f"mem_info_{kind}_used")

    def _number(self, name: str) -> int:
        return int((self._device / name).read_text())


def find(cards: Path = _CARDS) -> AmdCard | None:
    """Return the card with the most memory."""
    found = [AmdCard(file.parent) for file in sorted(cards.glob("card*/device/mem_info_vram_total"))]
    sizes = [(memory.total, number) for number, card in enumerate(found) if (memory := card.read()) is not None]
    return found[max(sizes)[1]] if sizes else None
