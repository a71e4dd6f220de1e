"""Reads the memory that models are loaded into, with one module for each kind of GPU."""

import asyncio
import sys
from typing import Protocol

import msgspec

from ollama_panel.engine.host.gpu import amd, apple, main_memory, nvidia, nvidia_smi
from ollama_panel.engine.host.gpu.reading import Memory

__all__ = ["Card", "Cards", "Memory"]


class Card(Protocol):
    """One kind of memory. `read` may block for some milliseconds, and returns None if the card has disappeared."""

    def read(self) -> Memory | None:
        """Return the current memory."""
        ...


class Cards(msgspec.Struct, frozen=True):
    """The memory of this machine: `gpu` is None if models run on the CPU, and `memory` is then the main memory."""

    gpu: Card | None
    memory: Card

    @classmethod
    def find(cls) -> "Cards":
        """Detect a GPU: NVIDIA, then AMD, then Apple; blocks for up to some seconds."""
        gpu: Card | None = nvidia.find() or nvidia_smi.find() or amd.find()
        if gpu is None and sys.platform == "darwin":
            gpu = apple.find()
        return cls(gpu, gpu or main_memory.MainMemory())

    async def read(self, *, on_gpu: bool | None = None) -> Memory | None:
        """Return the current memory, without blocking the loop; the main memory if models do not run on the GPU."""
        return await asyncio.to_thread((main_memory.MainMemory() if on_gpu is False else self.memory).read)
