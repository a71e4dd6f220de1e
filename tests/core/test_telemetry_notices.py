import pytest

from ollama_panel.core.notices.render import render
from ollama_panel.core.telemetry import GpuReading, Throttle
from ollama_panel.core.telemetry_notices import of_gpu


@pytest.mark.parametrize(
    ("throttles", "text"),
    [
        ((), "not slowed"),
        ((Throttle.POWER,), "slowed by its power limit"),
        ((Throttle.THERMAL, Throttle.POWER), "slowed by its power limit and heat"),
        (Throttle, "slowed by its power limit, heat and its own protection"),
    ],
)
def test_it_is_told_what_slows_a_card_down(throttles: tuple[Throttle, ...], text: str) -> None:
    told = of_gpu(GpuReading("a", throttles=frozenset(throttles)))
    assert told is not None
    assert render(told) == text


def test_a_card_that_does_not_tell_is_not_said_to_run_at_full_speed() -> None:
    assert of_gpu(GpuReading("a")) is None


def test_a_lost_card_is_told_of() -> None:
    told = of_gpu(GpuReading("a", lost=True))
    assert told is not None
    assert render(told) == "lost by its driver"
