"""Tests of what disturbs a measurement: heat, another program, the battery; and of power and load of the cards."""

import msgspec
import pytest

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.telemetry import GpuReading, Throttle
from ollama_panel.core.tuning.conditions import Observed, Reading, before, observed, pooled

CARD = GpuReading("0000:01:00.0", "RTX 4090", utilization_percent=97.0, temperature_c=70.0, power_w=400.0)
CALM = tuple(Reading(float(at), (CARD,), 0, 20.0, 15.0, on_battery=False) for at in range(20))


def with_card(reading: Reading, **changes: object) -> Reading:
    return msgspec.structs.replace(reading, gpus=(msgspec.structs.replace(CARD, **changes),))


def texts(notices: tuple[Notice, ...]) -> list[str]:
    return [render(one) for one in notices]


def test_a_calm_machine_disturbs_nothing() -> None:
    found = observed(CALM)
    assert (found.cautions, found.disturbance) == ((), None)
    assert (found.watts, found.busy_percent) == (400.0, 97.0)


def test_without_readings_nothing_is_known() -> None:
    assert observed([]) == Observed()


@pytest.mark.parametrize("throttle", [Throttle.THERMAL, Throttle.HARDWARE])
def test_a_card_that_is_slowed_down_is_a_reason_to_measure_again(throttle: Throttle) -> None:
    hot = [with_card(one, throttles=frozenset({throttle}), temperature_c=91.0) for one in CALM[:5]]
    found = observed([*hot, *CALM[5:]])
    assert texts(found.cautions) == ["RTX 4090 was slowed down by its heat, at 91 degrees Celsius."]
    assert found.disturbance == found.cautions[0]


def test_a_slowed_card_without_a_thermometer_is_told_without_degrees() -> None:
    slowed = [with_card(one, throttles=frozenset({Throttle.THERMAL}), temperature_c=None) for one in CALM]
    assert texts(observed(slowed).cautions) == ["RTX 4090 was slowed down, by its heat or its power supply."]


def test_the_power_limit_and_a_single_reading_are_no_reason() -> None:
    limited = [with_card(one, throttles=frozenset({Throttle.POWER})) for one in CALM]
    assert observed(limited).disturbance is None
    once = with_card(CALM[0], throttles=frozenset({Throttle.THERMAL}))
    assert observed([once, *CALM[1:]]).disturbance is None


def test_memory_that_another_program_takes_is_a_reason_to_measure_again() -> None:
    taken = [msgspec.structs.replace(one, others_bytes=2 << 30) for one in CALM[8:]]
    found = observed([*CALM[:8], *taken])
    assert found.disturbance is not None
    assert texts(found.cautions) == ["Another program has taken or freed 2.0 GiB of the GPU's memory meanwhile."]
    assert observed(taken).disturbance is None


def test_battery_and_a_busy_processor_are_told_but_no_reason() -> None:
    readings = [msgspec.structs.replace(one, on_battery=True, cpu_percent=95.0) for one in CALM]
    found = observed(readings)
    assert found.disturbance is None
    assert texts(found.cautions) == [
        "The machine runs on its battery, which may slow it down: connect it to its power supply.",
        "Other programs take 80 % of the CPU.",
    ]


def test_a_processor_that_is_half_busy_is_told_where_models_run_on_it() -> None:
    half = [msgspec.structs.replace(one, cpu_percent=60.0) for one in CALM]
    assert observed(half).cautions == ()
    without_card = [msgspec.structs.replace(one, gpus=()) for one in half]
    assert texts(observed(without_card).cautions) == ["Other programs take 45 % of the CPU."]


def test_power_is_the_mean_over_the_time_and_of_all_cards() -> None:
    rising = [with_card(Reading(at), power_w=watts) for at, watts in ((0.0, 100.0), (1.0, 300.0), (5.0, 300.0))]
    assert observed(rising).watts == pytest.approx((200 * 1 + 300 * 4) / 5)
    two = [msgspec.structs.replace(one, gpus=(CARD, CARD)) for one in CALM]
    assert observed(two).watts == 800.0


def test_power_that_a_card_does_not_tell_is_unknown() -> None:
    untold = [msgspec.structs.replace(one, gpus=(CARD, GpuReading("apple"))) for one in CALM]
    assert observed(untold).watts is None
    assert observed(CALM[:1]).watts is None


def test_the_busiest_card_counts() -> None:
    idle = GpuReading("0000:02:00.0", utilization_percent=1.0)
    both = [msgspec.structs.replace(one, gpus=(idle, CARD)) for one in CALM]
    assert observed(both).busy_percent == 97.0


def test_before_a_measurement_a_busy_card_is_told_only_if_nothing_runs() -> None:
    assert texts(before(CALM[0], idle=True)) == ["The GPU is 97 % busy with other programs."]
    assert before(CALM[0], idle=False) == ()
    assert before(with_card(CALM[0], utilization_percent=3.0), idle=True) == ()


def test_the_same_with_other_figures_is_said_once() -> None:
    busy = [Observed((notice("conditions.cpu", percent=percent),)) for percent in (98, 97)]
    assert texts(pooled([(one, 10.0) for one in busy]).cautions) == ["Other programs take 98 % of the CPU."]


def test_observations_of_the_same_settings_count_by_their_seconds() -> None:
    hot = observed([with_card(one, throttles=frozenset({Throttle.THERMAL})) for one in CALM])
    other = Observed(watts=100.0, busy_percent=50.0)
    both = pooled([(hot, 30.0), (other, 10.0), (hot, 0.0)])
    assert both.cautions == hot.cautions
    assert both.disturbance == hot.disturbance
    assert both.watts == pytest.approx(325.0)
    assert both.busy_percent == pytest.approx((97 * 30 + 50 * 10) / 40)
    assert pooled([(hot, 30.0), (Observed(), 10.0)]).watts is None
    assert pooled([]) == Observed()
