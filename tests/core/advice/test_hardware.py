import pytest

from ollama_panel.core.advice.hardware import GAINS, USUAL_SHARE, has_flash, kind_of, used_share
from ollama_panel.core.ollama.hardware import HARDWARE, HardwareKind


@pytest.mark.parametrize("one", HARDWARE, ids=lambda one: one.name)
def test_nothing_is_quicker_than_its_memory(one) -> None:
    assert 0.35 < used_share(one) < 0.95
    assert one.measured is None or one.measured.source


@pytest.mark.parametrize("kind", HardwareKind)
def test_each_kind_has_a_curve_and_a_usual_share(kind: HardwareKind) -> None:
    assert 0 < USUAL_SHARE[kind] < 1
    gain = GAINS[kind]
    assert gain.at(1) == 1
    assert max(gain.curve) >= gain.most


def test_between_measured_numbers_the_gain_is_on_a_line_and_beyond_the_last_it_stays() -> None:
    gain = GAINS[HardwareKind.CUDA]
    assert gain.at(3) == pytest.approx((1.84 + 3.12) / 2)
    assert gain.at(99) == gain.at(16) == 4.65


def test_what_decides_the_gain_is_told_by_the_name() -> None:
    assert kind_of("", gpu=False) is HardwareKind.CPU
    assert kind_of("Apple M9 Ultra", gpu=True, unified=True) is HardwareKind.APPLE_ULTRA
    assert kind_of("Apple M9", gpu=True, unified=True) is HardwareKind.APPLE
    assert kind_of("Quadro P9000", gpu=True) is HardwareKind.CUDA
    assert kind_of("AMD Radeon Graphics", gpu=True) is HardwareKind.AMD
    assert kind_of("Arc B60", gpu=True) is HardwareKind.UNKNOWN


def test_old_cards_have_no_flash_attention() -> None:
    assert not has_flash("NVIDIA GeForce GTX 1080 Ti")
    assert not has_flash("Tesla P40")
    assert has_flash("GTX 1660 Ti")
    assert has_flash("RTX 3060")
