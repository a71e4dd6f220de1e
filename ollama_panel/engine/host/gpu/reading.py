"""The reading of a memory."""

import msgspec

from ollama_panel.core.snapshot import BudgetSource, MemoryKind


class CardMemory(msgspec.Struct, frozen=True):
    """One card's own memory in bytes; `address` is that on the PCI bus, as `pci_address` writes it, "" if unknown."""

    total: int
    used: int
    reserved: int = 0
    address: str = ""


class Memory(msgspec.Struct, frozen=True):
    """Bytes in total and in use by all processes; `name` is that of the card, "" if it is unknown or there is none.

    `reserved` are kept by the driver, and are not in `used`. `limit` are the bytes that models may use, where that is
    told, by `source`, else None. `gpu_used` of `used` are the GPU's, where it shares the memory; None = unknown.
    `cards` are those that the sums are of, where each tells its own.
    """

    kind: MemoryKind
    total: int
    used: int
    name: str = ""
    reserved: int = 0
    limit: int | None = None
    source: BudgetSource = BudgetSource.DRIVER
    gpu_used: int | None = None
    swap_used: int | None = None
    cards: tuple[CardMemory, ...] = ()

    @property
    def gpu(self) -> bool:
        """Whether a GPU uses it."""
        return self.kind is not MemoryKind.SYSTEM

    @property
    def free(self) -> int:
        """The bytes that nobody uses."""
        return max(0, self.total - self.reserved - self.used)


def of_cards(cards: tuple[CardMemory, ...], name: str) -> Memory:
    """Return the reading of all cards together: Ollama splits models between them."""
    total, used, reserved = (sum(getattr(one, field) for one in cards) for field in ("total", "used", "reserved"))
    return Memory(MemoryKind.GPU, total, used, name, reserved, cards=cards)


def pci_address(text: str) -> str:
    """Return a PCI address as Ollama writes it: NVML's `00000000:01:00.0` is `0000:01:00.0`; "" for another text."""
    domain, _, rest = text.strip().lower().partition(":")
    return f"{domain[-4:]:0>4}:{rest}" if domain and rest else ""
