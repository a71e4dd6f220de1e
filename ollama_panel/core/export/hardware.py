"""What the machine has that the settings were made for: for the header of an export, and for what it asks of others."""

from collections import Counter
from collections.abc import Iterable

from ollama_panel.core.export.deployment import Accelerator, Words
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.telemetry import GpuReading, GpuVendor

_ACCELERATORS = {
    GpuVendor.NVIDIA: Accelerator.NVIDIA,
    GpuVendor.AMD: Accelerator.ROCM,
    GpuVendor.INTEL: Accelerator.VULKAN,
    GpuVendor.APPLE: Accelerator.METAL,
}
"""What Ollama computes with on a card of each vendor."""


def accelerator_of(gpus: Iterable[GpuReading], *, gpu: bool) -> Accelerator:
    """Return what computes on a machine with these cards; `gpu`: Ollama uses one, whether or not its driver tells."""
    if not gpu:
        return Accelerator.CPU
    vendors = (one.vendor for one in gpus if not one.lost)
    return next((_ACCELERATORS[vendor] for vendor in vendors if vendor is not None), Accelerator.NVIDIA)


def hardware_of(gpus: Iterable[GpuReading], ollama: str, words: Words = render) -> tuple[str, ...]:
    """Return the cards with their memory, the version of their driver, and that of Ollama, "" = unknown."""
    there = [one for one in gpus if not one.lost and one.name]
    cards = Counter(_card(one) for one in there)
    drivers = dict.fromkeys(one.driver for one in there if one.driver)
    return (
        *(card if number == 1 else f"{number} x {card}" for card, number in cards.items()),
        *(words(notice("export.driver", version=driver)) for driver in drivers),
        *((f"Ollama {ollama}",) if ollama else ()),
    )


def _card(card: GpuReading) -> str:
    return card.name if card.memory_total is None else f"{card.name} {round(card.memory_total / GIB)} GiB"
