"""What the machine has, as the header of an export tells it."""

import pytest

from ollama_panel.core.export.deployment import Accelerator
from ollama_panel.core.export.hardware import accelerator_of, hardware_of
from ollama_panel.core.telemetry import GpuReading, GpuVendor

GIB = 1024**3
CARD = GpuReading("0", "RTX 4090", GpuVendor.NVIDIA, memory_total=24 * GIB - 7_000_000, driver="570.86")
LOST = GpuReading("2", "RTX 3060", lost=True)


@pytest.mark.parametrize(
    ("vendor", "accelerator"),
    [
        (GpuVendor.NVIDIA, Accelerator.NVIDIA),
        (GpuVendor.AMD, Accelerator.ROCM),
        (GpuVendor.INTEL, Accelerator.VULKAN),
        (GpuVendor.APPLE, Accelerator.METAL),
        (None, Accelerator.NVIDIA),
    ],
)
def test_each_vendor_has_what_ollama_computes_with(vendor: GpuVendor | None, accelerator: Accelerator) -> None:
    assert accelerator_of([LOST, GpuReading("0", vendor=vendor)], gpu=True) is accelerator


def test_a_card_that_ollama_does_not_use_does_not_count() -> None:
    assert accelerator_of([CARD], gpu=False) is Accelerator.CPU


def test_the_header_names_cards_driver_and_ollama() -> None:
    assert hardware_of([CARD, LOST], "0.32.15") == ("RTX 4090 24 GiB", "driver 570.86", "Ollama 0.32.15")
    assert hardware_of([CARD, CARD], "")[0] == "2 x RTX 4090 24 GiB"
    assert hardware_of([GpuReading("0", "Arc")], "") == ("Arc",)
    assert hardware_of([], "") == ()
