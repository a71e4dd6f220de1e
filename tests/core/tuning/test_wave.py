"""Tests of the measurement that follows from what clients have seen."""

import msgspec
import pytest

from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.tuning.conditions import Observed
from ollama_panel.core.tuning.wave import Wave, Window, measurement, pooled

STEADY = Wave(
    (Window(2.0, 100, 1), Window(2.0, 104, 2), Window(2.0, 96, 0)),
    first_tokens=(0.1, 0.2, 0.9),
    token_times=(0.02, 0.03),
    asked=300,
    answered=300,
)


def test_rates_are_means_of_the_windows_with_their_interval() -> None:
    found = measurement(STEADY)
    assert found.tokens_per_s.mean == pytest.approx(50)
    assert found.tokens_per_s.half_width == pytest.approx(4.3027 * 2 / 3**0.5)  # Student's t of two degrees of freedom
    assert found.requests_per_s.mean == pytest.approx(0.5)
    assert (found.requests, found.seconds) == (3, 6.0)


def test_percentiles_are_over_all_requests() -> None:
    found = measurement(STEADY)
    assert (found.first_token_p50_s, found.first_token_p95_s) == (0.2, 0.9)
    assert (found.token_p50_s, found.token_p95_s) == (0.02, 0.03)


def test_without_windows_nothing_is_known() -> None:
    found = measurement(Wave())
    assert found.tokens_per_s.half_width is None
    assert found.first_token_p95_s is None
    assert found.requests == 0


def test_waves_of_the_same_settings_count_as_one() -> None:
    both = pooled([STEADY, STEADY])
    assert both.rates == STEADY.rates * 2
    assert both.first_tokens == STEADY.first_tokens * 2
    assert measurement(both).requests == 2 * measurement(STEADY).requests
    assert both.answered == 600


def test_answers_that_end_early_are_told_after_what_else_is() -> None:
    battery = notice("conditions.battery")
    short = Wave(STEADY.windows, asked=1000, answered=620, observed=Observed((battery,)))
    first, second = measurement(short).cautions
    assert first == battery
    assert render(second) == "Answers ended early, with 62 % of the tokens that were asked for."


def test_energy_for_each_token_is_the_mean_power_by_the_tokens_per_second() -> None:
    watched = msgspec.structs.replace(STEADY, observed=Observed(watts=300.0, busy_percent=96.0))
    found = measurement(watched)
    assert found.joules_per_token == pytest.approx(6.0)
    assert found.busy_percent == 96
    assert measurement(STEADY).joules_per_token is None
