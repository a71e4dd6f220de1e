"""The reading of a memory."""

import msgspec

from ollama_panel.core.snapshot import MemoryKind


class Memory(msgspec.Struct, frozen=True):
    """Bytes in total and in use by all processes; `name` is that of the card, "" if it is unknown or there is none."""

    kind: MemoryKind
    total: int
    used: int
    name: str = ""

    @property
    def gpu(self) -> bool:
        """Whether a GPU uses it."""
        return self.kind is not MemoryKind.SYSTEM
