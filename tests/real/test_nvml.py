"""The sensors of a real NVIDIA card, where there is one; else these tests skip."""

import re
import shutil
import subprocess

import pytest

from ollama_panel.core.telemetry import GpuReading, GpuVendor
from ollama_panel.engine.host.gpu import nvidia, nvidia_smi, nvml
from ollama_panel.engine.host.gpu.sensors_nvidia import NvidiaSensors

GIB = 1 << 30


@pytest.fixture(scope="module")
def library() -> nvml.Library:
    found = nvml.Library()
    if not found.handles():
        pytest.skip("no NVIDIA card that the library NVML reaches")
    return found


@pytest.fixture(scope="module")
def cards(library: nvml.Library) -> tuple[GpuReading, ...]:
    return NvidiaSensors(library).read()


def test_every_card_tells_plausible_values(library: nvml.Library, cards: tuple[GpuReading, ...]) -> None:
    assert len(cards) == len(library.handles())
    assert len({card.id for card in cards}) == len(cards)
    for card in cards:
        assert card.vendor is GpuVendor.NVIDIA
        assert card.name
        assert not card.lost
        for value, least, most in (
            (card.utilization_percent, 0, 100),
            (card.temperature_c, 1, 120),
            (card.power_w, 1, 2000),
            (card.power_limit_w, 5, 2000),
            (card.clock_graphics_mhz, 1, 5000),
            (card.clock_memory_mhz, 1, 20000),
            (card.memory_total, GIB, 1024 * GIB),
            (card.memory_used, 0, card.memory_total or 0),
        ):
            assert value is None or least <= value <= most, card


def test_a_card_of_a_server_tells_everything(cards: tuple[GpuReading, ...]) -> None:
    told = [card for card in cards if re.search(r"\b[AHBL]\d{2,3}\b", card.name) and "GRID" not in card.name]
    if not told:
        pytest.skip("no card of a server")
    for card in told:
        unknown = [name for name in GpuReading.__struct_fields__ if getattr(card, name) is None]
        assert set(unknown) <= {"utilization_percent"}, "a divided card does not tell how busy it is"


def test_the_memory_of_models_is_that_of_the_cards(library: nvml.Library, cards: tuple[GpuReading, ...]) -> None:
    found = nvidia.find(library)
    memory = found.read() if found else None
    assert memory is not None
    if memory.cards and len(memory.cards) == len(cards):
        assert memory.total == sum(card.memory_total or 0 for card in cards)


def test_the_program_tells_the_same_cards(cards: tuple[GpuReading, ...]) -> None:
    if shutil.which("nvidia-smi") is None:
        pytest.skip("no nvidia-smi on PATH")
    found = nvidia_smi.find()
    assert found is not None
    same = found.readings()
    listed = subprocess.run(("nvidia-smi", "-L"), capture_output=True, text=True, check=True).stdout
    assert [card.id for card in same] == [card.id for card in cards], listed
    for one, other in zip(same, cards, strict=True):
        assert (one.name, one.memory_total) == (other.name, pytest.approx(other.memory_total, abs=2 << 20))
        assert one.power_limit_w == pytest.approx(other.power_limit_w, abs=1)
        for name in ("utilization_percent", "temperature_c", "power_w", "clock_graphics_mhz", "throttles"):
            assert (getattr(one, name) is None) == (getattr(other, name) is None), name


def test_the_library_can_be_begun_anew() -> None:
    now = 0.0
    library = nvml.Library(lambda: now)
    sensors = NvidiaSensors(library)
    before = sensors.read()
    if not before:
        pytest.skip("no NVIDIA card that the library NVML reaches")
    library.failed()
    now += nvml.RETRY_S
    assert [card.id for card in sensors.read()] == [card.id for card in before]
