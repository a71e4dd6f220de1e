"""The memory that models live in, one module for each way to ask for it."""

import asyncio
import sys
from typing import Protocol

import msgspec

from ollama_panel.engine.host.gpu import amd, apple, main_memory, nvidia
from ollama_panel.engine.host.gpu.reading import Memory

__all__ = ["Card", "Cards", "Memory"]


class Card(Protocol):
    """A way to ask; `read` may block for some milliseconds, and answers None when the card has gone."""

    def read(self) -> Memory | None:
        """Return the memory as it is now."""
        ...


class Cards(msgspec.Struct, frozen=True):
    """What this machine has: `gpu` is None where models run on the CPU, and `memory` is then the main memory."""

    gpu: Card | None
    memory: Card

    @classmethod
    def find(cls) -> "Cards":
        """Look for a card: NVIDIA, then AMD, then Apple; blocks for up to a second."""
        gpu: Card | None = nvidia.find() or amd.find()
        if gpu is None and sys.platform == "darwin":
            gpu = apple.find()
        return cls(gpu, gpu or main_memory.MainMemory())

    async def read(self) -> Memory | None:
        """Return the memory as it is now, without blocking the loop."""
        return await asyncio.to_thread(self.memory.read)
